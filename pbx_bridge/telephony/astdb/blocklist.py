"""Tells Asterisk whose calls to turn away at which number, so that it does even without this service."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

import structlog

from pbx_bridge.ami.errors import ActionTimeout, LinkGone
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import batches
from pbx_bridge.telephony.astdb.marks import Marks
from pbx_bridge.telephony.astdb.read_back import AstdbEntry, AstdbLink, NotTaken, read_back, written
from pbx_bridge.time_slices import gently
from rules.text.phone_numbers import dial_digits

log = structlog.get_logger(__name__)

NUMBERS = 40
"""So many fit into one line of the manager interface (1,000 bytes)."""
AT_ONCE = 500
"""Called numbers of which the PBX is told before it is asked whether it knows them."""
ANY_COMPANY = "0"
"""Stands among the callers of each number that is some company's: there the dial plan looks no further."""

CALLED = re.compile(r"[0-9]{2,20}\Z")

EVERYBODY = "00"
"""Stands among the callers of a number that is engaged for all of them: no number begins so."""

NOBODY: frozenset[str] = frozenset()
TurnedAway = Mapping[str, frozenset[str]]
"""Called number → callers turned away there, E.164, as `rules.calls.blocking.turned_away` makes them."""


class Blocklist:
    """Only differences are told, after each connect what `Marks` doubt; done is what can be read back.

    Each life of the service writes a list of its own beside the one that counts, and lets it count when it is
    complete. So nobody slips through meanwhile, and what was unblocked while nobody told the PBX is gone.
    The rest is in the contexts `sec-block` and `sec-blocked` of docker/asterisk/secretariat.conf.
    """

    def __init__(self, link: AstdbLink) -> None:
        self._link = link
        self._list = new_id().replace("-", "")
        self._desired: dict[str, frozenset[str]] = {}
        self._sure: dict[str, frozenset[str]] = {}
        self._perhaps: dict[str, frozenset[str]] = {}
        self._dropped: dict[str, frozenset[str]] = {}
        self._untold: set[str] = set()
        self._counts = False
        self._marks, self._marked = Marks(link, self._mark, "sec-block"), dict[str, str]()

    def set_desired(self, turned_away: TurnedAway) -> None:
        """All of them; a number that is not in it any longer is nobody's."""
        dialled = {called: frozenset(map(dial_digits, callers)) for called, callers in turned_away.items()}
        self.change({**dict.fromkeys(self._desired), **dialled})

    def change(self, turned_away: Mapping[str, frozenset[str] | None]) -> None:
        """What is different at these called numbers, E.164, with callers in digits; None: it is nobody's any
        longer."""
        many: dict[int, frozenset[str]] = {}  # a company's numbers have the same callers
        for called, callers in turned_away.items():
            if not CALLED.match(number := dial_digits(called)):
                continue
            self._desired.pop(number, None)
            if callers is not None:
                if id(callers) not in many:
                    many[id(callers)] = callers | {ANY_COMPANY}
                self._desired[number] = many[id(callers)]
            self._untold.add(number)

    def invalidate(self) -> None:
        """Another Asterisk may be there now."""
        self._marks.doubt()
        self._counts = False

    async def sync(self) -> bool:
        """True when nothing is left to tell."""
        try:
            if self._marks.doubted:
                self._doubt(await self._marks.missing())
            await self._marks.begin(len(self._untold))
            for some in batches(tuple(self._untold), AT_ONCE):
                await self._tell(some)
                await self._marks.told()
            if not self._counts:
                await self._let_count()
        except (LinkGone, ActionTimeout):
            self._marks.failed()
            return False
        except NotTaken as error:
            log.warning("blocked_callers_not_taken", what=str(error))
            return False
        return True

    def _doubt(self, missing: Collection[str] | None) -> None:
        if missing is None:
            self._sure.clear()
            self._untold |= self._desired.keys() | self._perhaps.keys() | self._dropped.keys()
        else:
            for called in missing:
                self._sure.pop(called, None)
            self._untold |= set(missing)
        for called in self._dropped.keys() & self._untold:  # an Asterisk that died may have them again
            self._perhaps[called] = self._perhaps.get(called, NOBODY) | self._dropped[called]

    async def _mark(self, slot: str, mark: str) -> AstdbEntry:
        over, self._marked[slot] = self._marked.get(slot, ""), mark
        said = ("_SEC_ADD", mark), ("_SEC_DROP", over)
        await written(self._link, slot, "sec-block", ("_SEC_LIST", self._list), *said)
        return AstdbEntry(f"block/{self._list}/{slot}", mark, "1")

    async def _tell(self, numbers: Sequence[str]) -> None:
        """Write all, then read all back: the dial plan does one number while the next is on its way."""
        entries: list[AstdbEntry] = []
        told: dict[str, frozenset[str]] = {}
        async for called in gently(numbers):
            # What was sent may have been done although no answer came: `_sure` was read back, `_perhaps` is
            # all that may stand there. New is what is not sure to be there, over is what may be: both err
            # towards sending too much, which the dial plan takes twice without harm.
            callers, perhaps = self._desired.get(called, NOBODY), self._perhaps.get(called, NOBODY)
            sure = self._sure.get(called, NOBODY)
            new, over = callers - sure, perhaps - callers
            told[called] = callers
            if new or over:
                self._marks.telling([called])
                self._perhaps[called] = perhaps | new  # before it is sent: an answer may never come
                self._sure[called] = sure - over
                if over:
                    self._dropped[called] = self._dropped.get(called, NOBODY) | over
                entries += [await self._write(called, "_SEC_ADD", some, "1") for some in _batches(new)]
                entries += [await self._write(called, "_SEC_DROP", some, "") for some in _batches(over)]
        async for entry in gently(entries):
            await read_back(self._link, entry, "sec-block")
        self._sure |= told
        self._perhaps |= told
        # While all that was awaited somebody may have changed what is wanted: such a number stays untold.
        moved = {called for called in told if told[called] != self._desired.get(called, NOBODY)}
        self._untold -= told.keys() - moved

    async def _write(self, called: str, how: str, callers: list[str], value: str) -> AstdbEntry:
        """The dial plan takes them in order: when it has done the last one, it has done all."""
        await written(self._link, called, "sec-block", ("_SEC_LIST", self._list), (how, "-".join(callers)))
        return AstdbEntry(f"block/{self._list}/{called}", callers[-1], value)

    async def _let_count(self) -> None:
        await written(self._link, "00", "sec-blocklist", ("_SEC_LIST", self._list))
        await read_back(self._link, AstdbEntry("blocks", "now", self._list), "sec-blocklist")
        self._counts = True


def _batches(callers: Iterable[str]) -> Iterator[list[str]]:
    left = iter(sorted(callers))
    while some := list(islice(left, NUMBERS)):
        yield some
