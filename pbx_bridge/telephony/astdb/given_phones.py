"""Tells Asterisk the phones that we gave to agents, so that each works at once and without this service."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from pbx_bridge.ami.actions import Getvar
from pbx_bridge.ami.errors import ActionFailed, ActionTimeout, LinkGone
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.telephony.astdb.read_back import AstdbEntry, AstdbLink, NotTaken, read_back, written
from pbx_bridge.time_slices import gently

log = structlog.get_logger(__name__)


class GivenPhones:
    """Only differences are told, after each connect everything; done is what can be read back.

    Each life of the service keeps a book of its own: when all phones stand in it, those that do not are
    nobody's and go, also when they were taken away while nobody told the PBX. In the book stands a number
    made for each telling, so that nothing secret has to be read back. The rest, and what a phone may be, is
    in docker/asterisk/secretariat_phones.conf.
    """

    def __init__(self, link: AstdbLink) -> None:
        self._link = link
        self._book = _chance()
        self._desired: dict[str, str] = {}
        self._untold: set[str] = set()
        self._complete = False

    def set_desired(self, phones: Mapping[str, str]) -> None:
        """Name → digest (`rules.access.phones`), all of them."""
        different = self._desired.items() ^ phones.items()
        self._untold |= {name for name, _ in different}
        self._desired = dict(phones)

    def invalidate(self) -> None:
        """Another Asterisk may be there now."""
        self._untold |= self._desired.keys()
        self._complete = False

    async def sync(self) -> bool:
        """True when nothing is left to tell."""
        try:
            found = [await self._tell(name) async for name in gently(sorted(self._untold))]
            if not self._complete:
                await self._clear()
        except (LinkGone, ActionTimeout):
            return False
        except NotTaken as error:
            log.warning("phones_not_taken", what=str(error))
            # A dial plan that knows no phones has none of ours: nothing that would have to go.
            return not self._desired and not self._untold
        if not all(found):
            log.warning("phones_not_found", remedy="copy sorcery.conf and restart Asterisk")
        return not self._untold

    async def _tell(self, name: str) -> bool:
        """It is told again, however often, without harm: who is logged in with this password stays so. False:
        it stands there, and the SIP stack does not look."""
        digest, stamp = self._desired.get(name, ""), _chance()
        told = ("_SEC_PHONE", name), ("_SEC_DIGEST", digest), ("_SEC_STAMP", stamp)
        await self._write("sec-phone", *told)
        entry = AstdbEntry(f"phonebook/{self._book}", name, stamp if digest else "")
        await read_back(self._link, entry, "sec-phone")
        if self._desired.get(name, "") == digest:
            self._untold.discard(name)
        return not digest or await self._is_found(name)

    async def _clear(self) -> None:
        stamp = _chance()
        await self._write("sec-phonebook", ("_SEC_STAMP", stamp))
        await read_back(self._link, AstdbEntry("phonebooks", "done", stamp), "sec-phonebook")
        self._complete = True

    async def _write(self, context: str, *told: tuple[str, str]) -> None:
        await written(self._link, "00", context, ("_SEC_BOOK", self._book), *told)

    async def _is_found(self, name: str) -> bool:
        """The SIP stack knows this endpoint, from wherever."""
        try:
            return bool((await self._link.send(Getvar(f"PJSIP_ENDPOINT({name},aors)"))).get("Value"))
        except ActionFailed:
            return False


def _chance() -> str:
    """A number nobody else has, in hex."""
    return new_id().replace("-", "")
