"""Two agents who pick callers out of the waiting list, in a whole house."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from pbx_bridge.asterisk.config import Timers
from pbx_bridge.asterisk.far_end import FarEndCaller
from pbx_bridge.demo import cast
from pbx_bridge.demo.desk_client import Desk
from pbx_bridge.desk import protocol as p
from tests.integration.scenes import LONGEST
from tests.integration.whole_house import PATIENCE, WholeHouse, shows

TIMES = Timers(queue_wait=120, agent_ring=8, ring=4, grace=1, wait_max=5, park=3, hold_max=30)
HANS, LATER = "491713920042", "491713920077"


@dataclass
class TwoAgents:
    """Anna and Ben, who take calls, and those who wait; each scene leaves it empty."""

    house: WholeHouse
    anna: Desk
    ben: Desk

    async def staff(self, *desks: Desk) -> None:
        """These are ready, the others pause; a phone rings until it is picked up."""
        for desk in (self.anna, self.ben):
            await self.house.phones.far.behave(desk.who.phone, "ring")
            ready = desk in desks
            await desk.ask(p.Ready)
            if not ready:
                paused = await desk.ask(p.Pause, reason="lunch")
                assert paused.ok, paused
            state = "ready" if ready else "paused"
            await desk.until(lambda now, state=state: now.me.state == state, state, PATIENCE)  # type: ignore[misc]

    async def call(self, number: str = LATER) -> tuple[FarEndCaller, str]:
        """Somebody waits from now on: the caller, and the id of the call."""
        known = {one.call for one in self.anna.picture.waiting}
        caller = await self.house.phones.far.call(cast.own_lines()[0].lstrip("+"), number)
        self.house.callers.append(caller)
        now = await self.anna.until(lambda n: {w.call for w in n.waiting} - known, "one waits", PATIENCE)
        (call,) = {one.call for one in now.waiting} - known
        return caller, call

    async def pick(self, desk: Desk, call: str) -> p.Answer:
        return await desk.ask(p.Pick, call=call)

    async def told(self, desk: Desk, code: str) -> None:
        """A notice says so."""
        await desk.until(lambda _: code in {notice.code for notice in desk.notices}, code, PATIENCE)

    async def picked(self) -> tuple[FarEndCaller, str]:
        """Anna talks with somebody whom she has picked, while another one rings at her phone."""
        await self.staff(self.anna)
        await self.call(HANS)
        await self.house.phones.far.rang(self.anna.who.phone)
        caller, call = await self.call()
        assert (await self.pick(self.anna, call)).ok
        await self.takes(self.anna, caller, call)
        return caller, call

    async def takes(self, desk: Desk, caller: FarEndCaller, call: str) -> None:
        """The pop is there, the phone rings, and both hear each other when it is picked up."""
        far = self.house.phones.far
        await shows(desk, call, lambda view: view.phase == "offered")
        await far.rang(desk.who.phone)
        await far.hears(caller, "music", among=(caller, desk.who.phone))
        await far.pick_up(desk.who.phone)
        await shows(desk, call, lambda view: "hold" in view.may)
        await far.converse(caller, desk.who.phone)

    async def empty(self) -> None:
        """Everybody hangs up; what was answered is left without a note."""
        far = self.house.phones.far
        for caller in self.house.callers:
            await far.hang_up(caller)
            await far.over(caller)
        self.house.callers.clear()
        for desk in (self.anna, self.ben):
            await far.over(desk.who.phone)
            while desk.picture.calls or desk.picture.waiting:  # one that was just being offered may come late
                await desk.until(lambda now: _empty(now) or any(map(_closable, now.calls)), "over", PATIENCE)
                for one in filter(_closable, desk.picture.calls):
                    await desk.ask(p.CloseCall, call=one.view.call, reason="other")
            desk.notices.clear()


def _empty(now: p.Snapshot) -> bool:
    return not now.calls and not now.waiting


def _closable(one: p.OpenCall) -> bool:
    return "close_call" in one.view.may


async def play_in(
    house: WholeHouse, scenes: Mapping[str, Callable[[TwoAgents], Awaitable[object]]]
) -> dict[str, BaseException | None]:
    """One after the other, with Anna and Ben; how each ended: None, or what was wrong."""
    ends: dict[str, BaseException | None] = {}
    hall = TwoAgents(house, await house.desk("anna"), await house.desk("ben"))
    for name, scene in scenes.items():
        try:
            async with asyncio.timeout(LONGEST):
                await scene(hall)
            ends[name] = None
        except Exception as error:
            ends[name] = error
        async with asyncio.timeout(LONGEST):
            await hall.empty()
    return ends
