"""Tells Asterisk what happens to callers for whom nobody is free, so that it holds without this service."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from pbx_bridge.ami.errors import ActionTimeout, LinkGone, Unsendable
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.telephony.astdb.read_back import AstdbEntry, AstdbLink, NotTaken, read_back, written
from pbx_bridge.time_slices import gently

log = structlog.get_logger(__name__)

HOUSE = "00"
"""The number, which is none, under which stands what holds where nothing else does."""


class NobodyFreeBook:
    """Only differences are told, after each connect everything; done is what can be read back.

    Each life of the service writes a book of its own, which counts from the moment on in which it is
    complete: so a company that went while nobody told the PBX is gone, and nothing is missing meanwhile. The
    rest is in docker/asterisk/secretariat_nobody.conf.
    """

    def __init__(self, link: AstdbLink) -> None:
        self._link = link
        self._book = new_id().replace("-", "")
        self._desired: dict[str, str] = {}
        self._untold: set[str] = set()
        self._complete = False

    def set_desired(self, said: Mapping[str, str]) -> None:
        """Number (E.164 digits, or HOUSE) → `rules.calls.nobody_free.in_plan`, all of them."""
        different = self._desired.items() ^ said.items()
        self._untold |= {number for number, _ in different}
        self._desired = dict(said)

    def invalidate(self) -> None:
        """Another Asterisk may be there now."""
        self._untold |= self._desired.keys()
        self._complete = False

    async def sync(self) -> bool:
        """True when nothing is left to tell."""
        try:
            async for number in gently(sorted(self._untold)):
                await self._tell(number)
            if not self._complete:
                await self._write("00", "sec-nobodybook")
                await read_back(self._link, AstdbEntry("nobodies", "now", self._book), "sec-nobodybook")
                self._complete = True
        except (LinkGone, ActionTimeout):
            return False
        except (NotTaken, Unsendable) as error:
            log.warning("nobody_free_not_taken", what=str(error) or type(error).__name__)
            # A dial plan that knows nothing of it has nothing of ours that would have to go.
            return not self._desired and not self._untold
        return not self._untold

    async def _tell(self, number: str) -> None:
        said = self._desired.get(number, "")
        await self._write(number, "sec-nobodyset", ("_SEC_FREE", said))
        await read_back(self._link, AstdbEntry(f"nobody/{self._book}", number, said), "sec-nobodyset")
        if self._desired.get(number, "") == said:
            self._untold.discard(number)

    async def _write(self, number: str, context: str, *told: tuple[str, str]) -> None:
        await written(self._link, number, context, ("_SEC_BOOK", self._book), *told)
