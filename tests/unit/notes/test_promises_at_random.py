"""Whatever dies, comes late or never comes: each promise to call back has one end; nobody is rung twice."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from pbx_bridge.ami.actions import Originate
from pbx_bridge.ami.errors import ActionFailed, LinkGone
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.ids import CallNames
from pbx_bridge.calls.registry import Registry
from pbx_bridge.settings import NobodyFreeSettings
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls.outcome import Outcome
from rules.calls.call_backs import KEPT, SILENCE, UNKEPT
from rules.vocabulary import CallBackEnd
from tests.sample_company import SampleCompany
from tests.unit.notes.test_call_backs import LINE, Life, called, house, life, wish

__all__ = ["house", "life"]

SEEDS, STEPS = range(6), 40
NUMBERS = ("491713920042", "491713920043", "491713920044")
LATER = (timedelta(seconds=3), SILENCE, 20 * SILENCE, timedelta(hours=5))


class World:
    """What may happen to one life after the other, by chance."""

    def __init__(self, life: Life, house: SampleCompany, chance: Random) -> None:
        self.life, self.house, self.chance = life, house, chance
        self.asked = 0
        self.untold: list[Originate] = []
        self.happenings = (
            *[self.looks] * 6, *[self.tells] * 3, self.asks, self.picks_up, self.dies, self.link, self.fails,
            self.pauses,
        )  # fmt: skip

    async def goes_on(self) -> None:
        """Something happens, a while later."""
        self.life.now += self.chance.choice(LATER)
        await self.chance.choice(self.happenings)()

    async def looks(self) -> None:
        before = len(self.life.link.sent)
        await self.life.look()
        new = self.life.link.sent[before:]
        to = [dict(order.variables)["_SEC_TO"] for order in new]
        assert len(to) == len(set(to)), "twice at once"
        self.untold += new

    async def asks(self) -> None:
        self.asked += 1
        name = f"{int(self.life.now.timestamp())}.{self.asked}"
        await called(self.life, self.house, name, f"+{self.chance.choice(NUMBERS)}")
        wish(self.life, f"{name}_{LINE}_{int(self.life.now.timestamp())}")

    async def tells(self) -> None:
        """What became of an order; of others nothing is ever told."""
        if self.untold:
            order = self.untold.pop(self.chance.randrange(len(self.untold)))
            outcome = self.chance.choice((Outcome.OPEN, Outcome.CLOSED, Outcome.ABANDONED, Outcome.LOST))
            await self.life.tells(order, outcome, answered=outcome in {Outcome.OPEN, Outcome.CLOSED})

    async def picks_up(self) -> None:
        if self.life.link.sent and self.chance.random() < 0.3:
            (self.life.folder / f"{self.life.link.sent[-1].attempt}.met").touch()

    async def dies(self) -> None:
        """What was in memory is gone."""
        self.life.registry = Registry(self.life.directory.resolve, CallNames(), self.life.now)
        self.life.backs = self.life.made(NobodyFreeSettings(recordings=self.life.folder))
        self.life.registry.apply(ev.LinkUp(), self.life.now)
        self.life.anna(paused=False)

    async def link(self) -> None:
        up = self.life.registry.link.up
        self.life.registry.apply(ev.LinkDown("lost") if up else ev.LinkUp(), self.life.now)

    async def fails(self) -> None:
        self.life.link.fail = self.chance.choice((None, None, LinkGone(), ActionFailed("Originate", "no")))

    async def pauses(self) -> None:
        self.life.anna(paused=self.chance.random() < 0.5)


@pytest.mark.parametrize("seed", SEEDS)
async def test_each_promise_has_one_end(life: Life, house: SampleCompany, seed: int) -> None:
    world = World(life, house, Random(seed))
    await world.asks()
    for _ in range(STEPS):
        await world.goes_on()
    await world.dies()
    for _ in range(2 * KEPT // timedelta(hours=8)):
        life.now += timedelta(hours=8)
        await world.looks()
        await world.looks()

    async with life.db.read() as conn:
        ends = (await conn.execute(select(t.call_back.c.call_id, t.call_back.c.done_how))).all()
        notes = (await conn.execute(select(t.call_note.c.call_id))).scalars().all()
    assert len(ends) == world.asked
    assert all(how for _, how in ends), ends
    unkept = sorted(call for call, how in ends if CallBackEnd(how) in UNKEPT)
    assert sorted(notes) == unkept
    assert list(life.folder.iterdir()) == []
