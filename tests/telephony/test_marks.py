"""After a reconnect the PBX has everything, and was told no more than what it may have lost."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from pbx_bridge.ami.actions import Action, Originate, Response
from pbx_bridge.telephony.astdb import blocklist, line_names, marks, mirrored, read_back
from pbx_bridge.telephony.astdb.blocklist import Blocklist
from pbx_bridge.telephony.astdb.line_names import LineNames
from pbx_bridge.telephony.astdb.marks import MANY, SLOTS
from pbx_bridge.telephony.astdb.nobody_free import NobodyFreeBook
from pbx_bridge.telephony.astdb.read_back import AstdbLink
from pbx_bridge.telephony.astdb.routes import Routes
from tests.fake_astdb import FakeAstdb
from tests.telephony.test_given_phones import Pbx

Wanted = Mapping[str, str]
"""Number in digits → a number that stands for what is told of it."""


@dataclass(frozen=True)
class Kind:
    """`want` says all that is wanted, `stands` what the PBX has."""

    make: Callable[[AstdbLink], Blocklist | LineNames | NobodyFreeBook | Routes]
    stands: Callable[[FakeAstdb], Wanted]

    async def want(self, told: Blocklist | LineNames | NobodyFreeBook | Routes, wanted: Wanted) -> None:
        if isinstance(told, Blocklist):
            told.set_desired({number: frozenset({one}) for number, one in wanted.items()})
        elif isinstance(told, Routes):
            await told.set_desired(wanted)
        else:
            told.set_desired(wanted)


def blocked(db: FakeAstdb) -> Wanted:
    found = {number: callers - {"0"} for number, callers in db.lists[db.now].items() if number not in SLOTS}
    return {number: callers.pop() for number, callers in found.items() if len(callers) == 1}


KINDS = {
    "blocks": Kind(Blocklist, blocked),
    "names": Kind(LineNames, lambda db: {number: name for number, name in db.names.items() if name}),
    "nobody free": Kind(NobodyFreeBook, lambda db: db.free.get(db.free_now, {})),
    "routes": Kind(Routes, FakeAstdb.routes),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


def numbers(many: int, says: str = "1") -> dict[str, str]:
    return {f"4930231{number:05}": says for number in range(many)}


async def test_a_reconnect_costs_what_was_told_since_the_last_mark(kind: Kind) -> None:
    pbx = Pbx()
    told, wanted = kind.make(pbx), numbers(5 * MANY)
    await kind.want(told, wanted)
    assert await told.sync()
    assert 5 * MANY <= pbx.written() <= 5 * MANY + 8
    assert kind.stands(pbx.db) == wanted

    changed = wanted | numbers(7, "2")
    await kind.want(told, changed)
    told.invalidate()
    assert await told.sync()
    assert pbx.written() <= 2 * 7 + 1
    assert kind.stands(pbx.db) == changed

    told.invalidate()
    assert await told.sync()
    assert pbx.written() <= 2 * 7 + 1, "the seven have no mark after them yet"


async def test_of_a_first_telling_that_is_cut_the_rest_is_told(kind: Kind) -> None:
    pbx = Pbx()
    told, wanted = kind.make(pbx), numbers(8 * MANY)
    await kind.want(told, wanted)
    pbx.gone_after = 6 * MANY
    assert not await told.sync()
    before = pbx.written()
    pbx.gone_after = 1_000_000
    told.invalidate()
    assert await told.sync()
    assert before + pbx.written() <= 10 * MANY
    assert kind.stands(pbx.db) == wanted


async def test_another_pbx_is_told_everything(kind: Kind) -> None:
    pbx = Pbx()
    told, wanted = kind.make(pbx), numbers(3 * MANY)
    await kind.want(told, wanted)
    assert await told.sync()
    pbx.db = FakeAstdb()
    told.invalidate()
    assert await told.sync()
    assert kind.stands(pbx.db) == wanted


async def test_a_small_house_is_told_everything_and_has_no_marks(kind: Kind) -> None:
    pbx = Pbx()
    told, wanted = kind.make(pbx), numbers(MANY - 1)
    await kind.want(told, wanted)
    for _ in range(2):
        told.invalidate()
        assert await told.sync()
        assert pbx.written() >= MANY - 1
    assert not pbx.db.marks
    assert not any(slot in one for one in pbx.db.lists.values() for slot in SLOTS)


class Fragile(Pbx):
    """Dies and loses what it wrote last, or is another one from some moment on."""

    def __init__(self) -> None:
        super().__init__()
        self.before: list[FakeAstdb] = []
        self.swap_after = -1

    async def send(self, action: Action) -> Response:
        self.swap_after -= 1
        if self.swap_after == 0:
            self.db = FakeAstdb()
            self.before.clear()
        answer = await super().send(action)
        if isinstance(action, Originate):
            self.before.append(copy.deepcopy(self.db))
        return answer

    def die(self, lost: int) -> None:
        """It is there again at once, and has lost so many writes."""
        if lost < len(self.before):
            del self.before[len(self.before) - lost :]
            self.db = copy.deepcopy(self.before[-1])


async def test_what_is_wanted_no_longer_does_not_come_back_with_a_pbx_that_has_died(kind: Kind) -> None:
    """It lost that a number was cleared: whose that is now would have the team and words of who had it."""
    pbx = Fragile()
    told = kind.make(pbx)
    for wanted in (numbers(9), numbers(8)):
        await kind.want(told, wanted)
        assert await told.sync()
    pbx.die(1)
    assert kind.stands(pbx.db) == numbers(9)
    told.invalidate()
    assert await told.sync()
    assert kind.stands(pbx.db) == numbers(8)


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_happens_to_it_the_pbx_has_everything_in_the_end(
    kind: Kind, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (blocklist, line_names, mirrored):
        monkeypatch.setattr(module, "AT_ONCE", 2)
    monkeypatch.setattr(marks, "MANY", 3)
    monkeypatch.setattr(read_back, "DONE_SECONDS", 0.0)
    chance, pbx = random.Random(seed), Fragile()
    told, wanted = kind.make(pbx), dict[str, str]()
    for _ in range(10):
        names = chance.sample(sorted(numbers(12)), chance.randrange(1, 9))
        left = chance.sample(sorted(wanted), chance.randrange(len(wanted) // 2, len(wanted) + 1))
        wanted = {one: str(chance.randrange(1, 4)) for one in sorted({*left, *names})}
        await kind.want(told, wanted)
        pbx.gone_after = 1_000_000
        happens = chance.choice(("nothing", "cut", "dies", "other", "other, unheard"))
        if happens in {"cut", "dies"}:
            pbx.gone_after = chance.randrange(25)
        if happens == "other, unheard":
            pbx.swap_after = chance.randrange(1, 25)
        await told.sync()
        pbx.gone_after, pbx.swap_after = 1_000_000, -1
        if happens == "dies":
            pbx.die(chance.randrange(8))
        if happens == "other":
            pbx.db = FakeAstdb()
        told.invalidate()
        if happens == "dies" and chance.random() < 0.5:
            await told.sync()  # it is tried again before we hear that it is there
        told.invalidate()
        assert await told.sync()
        assert kind.stands(pbx.db) == wanted, (seed, happens)
        marked = told._entries if isinstance(told, NobodyFreeBook | Routes) else told
        assert len(marked._marks._marks) <= len(SLOTS)


async def test_a_link_that_is_gone_is_no_answer(kind: Kind) -> None:
    pbx = Pbx()
    told, wanted = kind.make(pbx), numbers(2 * MANY)
    await kind.want(told, wanted)
    assert await told.sync()
    pbx.sent.clear()
    told.invalidate()
    pbx.gone_after = 0
    assert not await told.sync()
    pbx.gone_after = 1_000_000
    assert await told.sync()
    assert pbx.written() <= 1
