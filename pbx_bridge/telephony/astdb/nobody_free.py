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
REFUSED_AT_MOST = 3
"""Numbers of one round that are not taken, two seconds each: the PBX may know nothing of it at all."""


class NobodyFreeBook:
    """Only differences are told, after each connect everything; done is what can be read back.

    Each life of the service writes a book of its own, which counts from the moment on in which it is
    complete: so a company that went while nobody told the PBX is gone, and nothing is missing meanwhile. What
    the PBX does not take at one number holds up no other one, nor the book. The rest is in
    docker/asterisk/secretariat_nobody.conf.
    """

    def __init__(self, link: AstdbLink) -> None:
        self._link = link
        self._book = new_id().replace("-", "")
        self._desired: dict[str, str] = {}
        self._untold: set[str] = set()
        self._refused: set[str] = set()
        self._complete = False

    def set_desired(self, said: Mapping[str, str]) -> None:
        """Number (E.164 digits, or HOUSE) → `rules.calls.nobody_free.in_plan`, all of them."""
        different = {number for number, _ in self._desired.items() ^ said.items()}
        self._untold |= different
        self._refused -= different
        self._desired = dict(said)

    def invalidate(self) -> None:
        """Another Asterisk may be there now."""
        self._untold |= self._desired.keys()
        self._refused.clear()
        self._complete = False

    async def sync(self) -> bool:
        """True when nothing is left to tell."""
        try:
            await self._tell_all()
            if not self._complete and self._untold <= self._refused:
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

    async def _tell_all(self) -> None:
        """Those that were refused come last, so that they keep no other one waiting for its turn."""
        refused = 0
        async for number in gently(sorted(self._untold, key=lambda one: (one in self._refused, one))):
            try:
                await self._tell(number)
            except (NotTaken, Unsendable) as error:
                self._refused.add(number)
                what = str(error) or type(error).__name__
                log.warning("nobody_free_not_taken", what=what, number=number)
                refused += 1
                if refused == REFUSED_AT_MOST:
                    return

    async def _tell(self, number: str) -> None:
        said = self._desired.get(number, "")
        await self._write(number, "sec-nobodyset", ("_SEC_FREE", said))
        await read_back(self._link, AstdbEntry(f"nobody/{self._book}", number, said), "sec-nobodyset")
        self._refused.discard(number)
        if self._desired.get(number, "") == said:
            self._untold.discard(number)

    async def _write(self, number: str, context: str, *told: tuple[str, str]) -> None:
        await written(self._link, number, context, ("_SEC_BOOK", self._book), *told)
