"""Tells Asterisk what happens to callers for whom nobody is free, so that it holds without this service."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import structlog

from pbx_bridge.ami.errors import ActionTimeout, LinkGone, Unsendable
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import batches
from pbx_bridge.telephony.astdb.marks import Marks
from pbx_bridge.telephony.astdb.read_back import AstdbEntry, AstdbLink, NotTaken, read_back, written
from pbx_bridge.telephony.astdb.telling import AT_ONCE, told

log = structlog.get_logger(__name__)

HOUSE = "00"
"""The number, which is none, under which stands what holds where nothing else does."""


class NobodyFreeBook:
    """Only differences are told, after each connect what `Marks` doubt; done is what can be read back.

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
        self._marks = Marks(link, self._mark, "sec-nobodyset")

    def set_desired(self, said: Mapping[str, str]) -> None:
        """Number (E.164 digits, or HOUSE) → `rules.calls.nobody_free.in_plan`, all of them."""
        different = {number for number, _ in self._desired.items() ^ said.items()}
        self._untold |= different
        self._refused -= different
        self._desired = dict(said)

    def invalidate(self) -> None:
        """Another Asterisk may be there now."""
        self._marks.doubt()
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
            self._marks.failed()
            return False
        except (NotTaken, Unsendable) as error:
            log.warning("nobody_free_not_taken", what=str(error) or type(error).__name__)
            # A dial plan that knows nothing of it has nothing of ours that would have to go.
            return not self._desired and not self._untold
        return not self._untold

    async def _tell_all(self) -> None:
        """Those that were refused come last, so that they keep no other one waiting for its turn."""
        if self._marks.doubted:
            missing = await self._marks.missing()
            self._untold |= self._desired.keys() if missing is None else set(missing)
        await self._marks.begin(len(self._untold))
        numbers = sorted(self._untold, key=lambda one: (one in self._refused, one))
        for some in batches(numbers, AT_ONCE):
            saying = {number: self._desired.get(number, "") for number in some}
            self._marks.telling(some)
            done = await told(self._link, some, partial(self._say, saying), "sec-nobodyset")
            self._refused -= set(done.taken)
            self._refused |= done.refused.keys()
            # While all that was awaited somebody may have changed what is wanted: such a number stays untold.
            self._untold -= {one for one in done.taken if self._desired.get(one, "") == saying[one]}
            await self._marks.told()
            if done.refused:
                first, what = next(iter(done.refused.items()))
                many = len(done.refused)
                log.warning("nobody_free_not_taken", what=what, number=first, numbers=many)
            if len(done.taken) + len(done.refused) < len(some):
                return

    async def _say(self, saying: Mapping[str, str], number: str) -> AstdbEntry:
        await self._write(number, "sec-nobodyset", ("_SEC_FREE", saying[number]))
        return AstdbEntry(f"nobody/{self._book}", number, saying[number])

    async def _mark(self, slot: str, mark: str) -> AstdbEntry:
        return await self._say({slot: mark}, slot)

    async def _write(self, number: str, context: str, *said: tuple[str, str]) -> None:
        await written(self._link, number, context, ("_SEC_BOOK", self._book), *said)
