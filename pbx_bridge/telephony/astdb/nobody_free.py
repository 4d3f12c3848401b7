"""Tells Asterisk what happens to callers for whom nobody is free, so that it holds without this service."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from pbx_bridge.ami.errors import ActionTimeout, LinkGone, Unsendable
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.telephony.astdb.mirrored import MirroredEntries
from pbx_bridge.telephony.astdb.read_back import AstdbEntry, AstdbLink, NotTaken, read_back, written

log = structlog.get_logger(__name__)

HOUSE = "00"
"""The number, which is none, under which stands what holds where nothing else does."""


class NobodyFreeBook:
    """Each life of the service writes a book of its own, which counts from the moment on in which it is
    complete: so a company that went while nobody told the PBX is gone, and nothing is missing meanwhile. What
    the PBX does not take at one number holds up no other one, nor the book. The rest is in
    docker/asterisk/secretariat_nobody.conf.
    """

    def __init__(self, link: AstdbLink) -> None:
        self._link = link
        self._book = new_id().replace("-", "")
        self._entries = MirroredEntries(link, self._say, "sec-nobodyset")
        self._complete = False

    def set_desired(self, said: Mapping[str, str]) -> None:
        """Number (E.164 digits, or HOUSE) → `rules.calls.nobody_free.in_plan`, all of them."""
        different = {number for number, _ in self._entries.desired.items() ^ said.items()}
        self._entries.want(dict(said), different)

    def invalidate(self) -> None:
        """Another Asterisk may be there now."""
        self._entries.doubt()
        self._complete = False

    async def sync(self) -> bool:
        """True when nothing is left to tell."""
        entries = self._entries
        try:
            await entries.tell(_say_refused)
            if not self._complete and entries.untold <= entries.refused:
                await self._write("00", "sec-nobodybook")
                await read_back(self._link, AstdbEntry("nobodies", "now", self._book), "sec-nobodybook")
                self._complete = True
        except (LinkGone, ActionTimeout):
            entries.failed()
            return False
        except (NotTaken, Unsendable) as error:
            log.warning("nobody_free_not_taken", what=str(error) or type(error).__name__)
            # A dial plan that knows nothing of it has nothing of ours that would have to go.
            return not entries.desired and not entries.untold
        return not entries.untold

    async def _say(self, number: str, said: str) -> AstdbEntry:
        await self._write(number, "sec-nobodyset", ("_SEC_FREE", said))
        return AstdbEntry(f"nobody/{self._book}", number, said)

    async def _write(self, number: str, context: str, *said: tuple[str, str]) -> None:
        await written(self._link, number, context, ("_SEC_BOOK", self._book), *said)


def _say_refused(refused: Mapping[str, str]) -> None:
    first, what = next(iter(refused.items()))
    log.warning("nobody_free_not_taken", what=what, number=first, numbers=len(refused))
