"""After a reconnect the PBX is told again what it may not have, and not all of it: marks say what it has.

A mark stands in Asterisk's own database, written after everything that was told before it. Asterisk keeps
the order, also where it dies and loses its last second: where a mark stands, all from before stands too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field

from pbx_bridge.ami.errors import ActionTimeout, LinkGone
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.telephony.astdb.read_back import AstdbEntry, AstdbLink, NotTaken, read_back, stands

MANY = 200
"""Numbers between two marks. Fewer are told again as they are: a small house has no marks."""
SLOTS = ("02", "03")
"""Two numbers that are none, in turn: the mark before stays until the next one stands."""

WriteMark = Callable[[str, str], Awaitable[AstdbEntry]]
"""Has this mark (digits) written at this number that is none, and says where it is to stand then. Raises
NotTaken, LinkGone, ActionTimeout."""


@dataclass(slots=True)
class _Mark:
    """`told`: the numbers after it."""

    slot: str
    entry: AstdbEntry
    told: set[str] = field(default_factory=set)


class Marks:
    """Of one kind of entries. Whoever tells them says how many there are to tell (`begin`), then of some
    which they are (`telling`) and that they stand there (`told`); after a reconnect (`doubt`) it asks what is
    `missing`.

    A new mark counts only if the one before stands beside it: else another Asterisk came in between, which
    has nothing of what was told before. What is awaited raises LinkGone, ActionTimeout.
    """

    def __init__(self, link: AstdbLink, write: WriteMark, context: str) -> None:
        """`context`: of the dial plan, for the message where it does not take a mark."""
        self._link, self._write, self._context = link, write, context
        self._marks: list[_Mark] = []  # the newest last
        self._nothing_told = True
        self.doubted = False

    def doubt(self) -> None:
        """Another Asterisk may be there now, or one that has lost something."""
        self.doubted = True

    def failed(self) -> None:
        """The link is gone or silent: what was told last may be lost, and it may be back before we know."""
        self.doubted |= bool(self._marks)

    async def missing(self) -> Collection[str] | None:
        """What was told after the last mark that stands; None: none does, so everything. Ends the doubt."""
        self.doubted = False
        try:
            while self._marks:
                newest = self._marks[-1]
                if await stands(self._link, newest.entry):
                    return frozenset(newest.told)
                self._marks.pop()
                if self._marks:
                    self._marks[-1].told |= newest.told
        except (LinkGone, ActionTimeout):
            self.doubted = True
            raise
        self._nothing_told = True
        return None

    async def begin(self, numbers: int) -> None:
        """So many are left to tell. The first mark stands before all of them, with nothing told before."""
        if self._nothing_told and not self._marks and numbers >= MANY:
            await self._mark()

    def telling(self, numbers: Iterable[str]) -> None:
        """These are told from now on."""
        self._nothing_told = False
        if self._marks:
            self._marks[-1].told.update(numbers)

    async def told(self) -> None:
        """What was told stands there, or is still wanted."""
        if self._marks and len(self._marks[-1].told) >= MANY:
            await self._mark()

    async def _mark(self) -> None:
        before = self._marks[-1:]
        slot = next(one for one in SLOTS if one not in {mark.slot for mark in before})
        digits = str(int(new_id().replace("-", ""), 16) % 10**18)
        try:
            entry = await self._write(slot, digits)
            await read_back(self._link, entry, self._context)
            if before and not await stands(self._link, before[0].entry):
                raise NotTaken("another Asterisk came in between")
        except NotTaken:
            self._marks.clear()  # there are none until it is told everything again
            self._nothing_told = False
            return
        self._marks = [*before, _Mark(slot, entry)]
