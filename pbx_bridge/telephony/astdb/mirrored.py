"""Entries in Asterisk's own database that are to be as this service wants them, each at a number."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial

from pbx_bridge.storage.db.sql import batches
from pbx_bridge.telephony.astdb.marks import Marks
from pbx_bridge.telephony.astdb.read_back import AstdbEntry, AstdbLink
from pbx_bridge.telephony.astdb.telling import AT_ONCE, told

Say = Callable[[str, str], Awaitable[AstdbEntry]]
"""Has the PBX write this text at this number, and says where it is to stand then. Raises NotTaken, LinkGone,
ActionTimeout, Unsendable."""


class MirroredEntries:
    """Only differences are told, after each connect what `Marks` doubt; done is what can be read back.

    `desired`: by number, where a number without an entry has ""; `untold`: numbers of which it is not known
    that it stands there; `refused`: those of them that the PBX has not taken.
    """

    def __init__(self, link: AstdbLink, say: Say, context: str) -> None:
        """`context`: of the dial plan, which does the writing."""
        self._link, self._say, self._context = link, say, context
        self._marks = Marks(link, self._mark, context)
        self.desired: Mapping[str, str] = {}
        self.untold: set[str] = set()
        self.refused: set[str] = set()
        self._cleared: set[str] = set()  # "" was told there: a PBX that has died may have something again

    def want(self, desired: Mapping[str, str], different: Collection[str]) -> None:
        """From now on. `different`: the numbers at which it is something else than before."""
        self.untold |= set(different)
        self.refused -= set(different)
        self.desired = desired

    def doubt(self) -> None:
        """Another Asterisk may be there now."""
        self._marks.doubt()
        self.refused.clear()

    def failed(self) -> None:
        """The link is gone, or silent."""
        self._marks.failed()

    async def tell(
        self, say_refused: Callable[[Mapping[str, str]], None], hurried: Callable[[], bool] = lambda: False
    ) -> bool:
        """What is untold, as far as the PBX takes it; those that it refused come last, so that they keep no
        other one waiting for its turn. `say_refused`: hears why not, by number; `hurried`: whether something
        else cannot wait, asked after every some hundred numbers: then this is False. Raises LinkGone,
        ActionTimeout."""
        if self._marks.doubted:
            missing = await self._marks.missing()
            self.untold |= self.desired.keys() | self._cleared if missing is None else set(missing)
        await self._marks.begin(len(self.untold))
        numbers = sorted(self.untold, key=lambda one: (one in self.refused, one))
        for some in batches(numbers, AT_ONCE):
            if not await self._tell_some(some, say_refused):
                break
            if hurried():
                return False
        return True

    async def _tell_some(
        self, numbers: Sequence[str], say_refused: Callable[[Mapping[str, str]], None]
    ) -> bool:
        """False: the PBX takes none of it, or answers nothing."""
        saying = {number: self.desired.get(number, "") for number in numbers}
        self._cleared |= {number for number, said in saying.items() if not said}
        self._marks.telling(numbers)
        done = await told(self._link, numbers, partial(self._say_of, saying), self._context)
        self.refused -= set(done.taken)
        self.refused |= done.refused.keys()
        # While all that was awaited somebody may have changed what is wanted: such a number stays untold.
        self.untold -= {one for one in done.taken if self.desired.get(one, "") == saying[one]}
        await self._marks.told()
        if done.refused:
            say_refused(done.refused)
        return len(done.taken) + len(done.refused) == len(numbers)

    async def _say_of(self, saying: Mapping[str, str], number: str) -> AstdbEntry:
        return await self._say(number, saying[number])

    async def _mark(self, slot: str, mark: str) -> AstdbEntry:
        return await self._say(slot, mark)
