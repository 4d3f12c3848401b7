"""Who hangs up, in whatever moment, and a service that dies: a caller who is handed over is never lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

import pytest

from pbx_bridge.demo.desk_client import Desk
from pbx_bridge.desk import protocol as p
from pbx_bridge.pbx.asterisk import AsteriskTree
from pbx_bridge.pbx.far_end import Caller
from tests.ami_proxy import Proxy, proxy_to
from tests.integration.colleagues import (
    CONCERN,
    MOMENTS,
    anna_talks,
    ask,
    consult,
    given,
    handed,
    has,
    is_bens,
    left_alone,
    rings,
)
from tests.integration.hall import TIMES, Hall
from tests.integration.scenes import LONGEST, judge
from tests.integration.whole_house import PATIENCE, open_house, shows
from tests.pbx.fixtures import asterisk_tree, oldest_asterisk
from tests.pbx.room import open_room

__all__ = ["asterisk_tree", "oldest_asterisk"]
pytestmark = pytest.mark.asterisk

Who = Literal["caller", "anna", "ben"]
Scene = Callable[[Hall], Awaitable[None]]


async def goes_on_with(hall: Hall, desk: Desk, caller: Caller, call: str) -> None:
    """The caller waits before all others and this agent gets them, with the words."""
    far = hall.house.phones.far
    await hall.ben.until(lambda now: call in {one.call for one in now.waiting}, "the caller waits", PATIENCE)
    await shows(desk, call, lambda view: view.phase == "offered")
    await far.rang(desk.who.phone)
    await far.hears(caller, "music", among=(caller, hall.anna.who.phone, hall.ben.who.phone))
    await far.pick_up(desk.who.phone)
    await has(hall, desk, caller, call)


async def the_note_is_left(hall: Hall, desk: Desk, call: str) -> None:
    """The call is over, and whoever had it has the words for the note."""
    await shows(desk, call, lambda view: view.phase == "ended" and "save_note" in view.may)
    found = desk.open(call)
    assert found
    assert found.draft
    assert found.draft.body.concern == CONCERN


async def caller_hangs_up(hall: Hall, caller: Caller, call: str, moment: str) -> None:
    await hall.house.phones.far.hang_up(caller)
    has_it = hall.ben if moment == "the colleague has the call" else hall.anna
    await the_note_is_left(hall, has_it, call)
    if has_it is hall.anna:
        await hall.ben.until(lambda _: hall.ben.open(call) is None, "gone from Ben's desk", PATIENCE)
    if moment == "agent and colleague talk":
        await hall.house.phones.far.converse(hall.anna.who.phone, hall.ben.who.phone)
        await hall.house.phones.far.hang_up(hall.anna.who.phone)
    await hall.house.phones.far.over(hall.ben.who.phone)


async def anna_hangs_up(hall: Hall, caller: Caller, call: str, moment: str) -> None:
    if moment == "the colleague has the call":
        await has(hall, hall.ben, caller, call)
        return
    await hall.house.phones.far.hang_up(hall.anna.who.phone)
    await goes_on_with(hall, hall.ben, caller, call)


async def ben_hangs_up(hall: Hall, caller: Caller, call: str, moment: str) -> None:
    far = hall.house.phones.far
    await far.hang_up(hall.ben.who.phone)
    if moment == "the colleague has the call":
        await the_note_is_left(hall, hall.ben, call)
        found = hall.ben.open(call)
        assert found
        assert found.view.end_reason == "agent"
        return
    await has(hall, hall.anna, caller, call)
    await left_alone(hall, call)
    await hall.told(
        hall.anna,
        "colleague_hung_up" if moment == "agent and colleague talk" else "colleague_declined",
    )


HANG_UPS = {"the caller": caller_hangs_up, "the agent": anna_hangs_up, "the colleague": ben_hangs_up}
PHONES = {"busy": "colleague_busy", "decline": "colleague_declined", "notfound": "colleague_unreachable"}


def hang_ups(moment: str) -> dict[str, Scene]:
    """Everybody."""

    def one(who: str) -> Scene:
        async def play(hall: Hall) -> None:
            caller, call = await MOMENTS[moment](hall)
            await HANG_UPS[who](hall, caller, call, moment)

        return play

    return {f"{who} hangs up": one(who) for who in HANG_UPS}


def phones() -> dict[str, Scene]:
    """A colleague's phone that cannot be reached."""

    def one(behaviour: str, code: str, give: bool) -> Scene:
        async def play(hall: Hall) -> None:
            caller, call = await anna_talks(hall)
            await hall.house.phones.far.behave(hall.ben.who.phone, behaviour)
            assert (await ask(hall, call, give=give)).ok
            await hall.told(hall.anna, code)
            await has(hall, hall.anna, caller, call)
            await left_alone(hall, call)

        return play

    return {
        f"the colleague's phone: {behaviour}, {'given' if give else 'asked'}": one(behaviour, code, give)
        for behaviour, code in PHONES.items()
        for give in (True, False)
    }


# ---- the service dies


async def dies(hall: Hall) -> None:
    await hall.house.service.kill()
    for desk in (hall.anna, hall.ben):
        await desk.disconnect()


async def lives(hall: Hall) -> None:
    await hall.house.service.start()
    for desk in (hall.anna, hall.ben):
        await desk.connect()


async def killed_while_asked(hall: Hall) -> None:
    caller, call = await rings(hall)
    await dies(hall)
    await lives(hall)
    await shows(hall.ben, call, lambda view: view.phase == "asked" and view.asked_by == hall.anna.who.name)
    await hall.house.phones.far.pick_up(hall.ben.who.phone)
    await shows(hall.anna, call, lambda view: view.put_through and view.put_through.step == "consulting")
    assert (await hall.anna.ask(p.Connect, call=call)).ok
    await is_bens(hall, caller, call)


async def killed_while_given(hall: Hall) -> None:
    caller, call = await given(hall)
    await dies(hall)
    await hall.house.phones.far.pick_up(hall.ben.who.phone)
    await hall.house.phones.far.converse(caller, hall.ben.who.phone)
    await hall.house.phones.far.over(hall.anna.who.phone)
    await lives(hall)
    await is_bens(hall, caller, call)


async def killed_while_given_in_vain(hall: Hall) -> None:
    caller, call = await given(hall)
    await dies(hall)
    await hall.house.phones.far.hang_up(hall.ben.who.phone)
    await hall.house.phones.far.over(hall.ben.who.phone)
    await hall.house.phones.far.converse(caller, hall.anna.who.phone)
    await lives(hall)
    await has(hall, hall.anna, caller, call)
    await left_alone(hall, call)


async def killed_while_they_talk(hall: Hall) -> None:
    caller, call = await consult(hall)
    await dies(hall)
    await hall.house.phones.far.converse(hall.anna.who.phone, hall.ben.who.phone)
    await lives(hall)
    await shows(hall.anna, call, lambda view: view.put_through and view.put_through.step == "consulting")
    await shows(hall.ben, call, lambda view: view.phase == "asked")
    assert (await hall.anna.ask(p.Connect, call=call)).ok
    await is_bens(hall, caller, call)


async def killed_and_the_agent_hangs_up(hall: Hall) -> None:
    caller, call = await consult(hall)
    await dies(hall)
    await hall.house.phones.far.hang_up(hall.anna.who.phone)
    await hall.house.phones.far.rang(hall.ben.who.phone)
    await lives(hall)
    await goes_on_with(hall, hall.ben, caller, call)


async def killed_afterwards(hall: Hall) -> None:
    caller, call = await handed(hall)
    await dies(hall)
    await hall.house.phones.far.converse(caller, hall.ben.who.phone)
    await lives(hall)
    await has(hall, hall.ben, caller, call)
    assert hall.anna.open(call) is None
    assert (await hall.ben.ask(p.Hold, call=call)).ok
    await shows(hall.ben, call, lambda view: view.put_through and view.put_through.step == "held")
    assert (await hall.ben.ask(p.Back, call=call)).ok
    await has(hall, hall.ben, caller, call)


async def killed_and_over(hall: Hall) -> None:
    """All of it unseen: taken over, talked, hung up. The note is the colleague's to write."""
    caller, call = await given(hall)
    await dies(hall)
    await hall.house.phones.far.pick_up(hall.ben.who.phone)
    await hall.house.phones.far.converse(caller, hall.ben.who.phone)
    await hall.house.phones.far.hang_up(caller)
    await hall.house.phones.far.over(hall.ben.who.phone)
    await lives(hall)
    await the_note_is_left(hall, hall.ben, call)
    assert hall.anna.open(call) is None


async def stopped_in_order(hall: Hall) -> None:
    caller, call = await given(hall)
    for desk in (hall.anna, hall.ben):
        await desk.disconnect()
    await hall.house.service.stop()
    await hall.house.phones.far.pick_up(hall.ben.who.phone)
    await hall.house.phones.far.converse(caller, hall.ben.who.phone)
    await lives(hall)
    await is_bens(hall, caller, call)


DEATHS: dict[str, Scene] = {
    one.__name__: one
    for one in (
        killed_while_asked,
        killed_while_given,
        killed_while_given_in_vain,
        killed_while_they_talk,
        killed_and_the_agent_hangs_up,
        killed_afterwards,
        killed_and_over,
        stopped_in_order,
    )
}


# ---- the line to the PBX is away, and comes back


async def comes_back(hall: Hall, away: Proxy) -> None:
    await away.start()
    await hall.anna.until(lambda now: now.link.pbx == "up", "the line is back", PATIENCE)


async def taken_over_unseen(hall: Hall, away: Proxy) -> None:
    caller, call = await given(hall)
    await away.stop()
    await hall.anna.until(lambda now: now.link.pbx == "down", "the line is away", PATIENCE)
    await hall.house.phones.far.pick_up(hall.ben.who.phone)
    await hall.house.phones.far.converse(caller, hall.ben.who.phone)
    await comes_back(hall, away)
    await is_bens(hall, caller, call)


async def left_unseen(hall: Hall, away: Proxy) -> None:
    caller, call = await consult(hall)
    await away.stop()
    await hall.anna.until(lambda now: now.link.pbx == "down", "the line is away", PATIENCE)
    await hall.house.phones.far.hang_up(hall.ben.who.phone)
    await hall.house.phones.far.converse(caller, hall.anna.who.phone)
    await comes_back(hall, away)
    await has(hall, hall.anna, caller, call)
    await left_alone(hall, call)


async def goes_on_unseen(hall: Hall, away: Proxy) -> None:
    caller, call = await consult(hall)
    await away.stop()
    await hall.anna.until(lambda now: now.link.pbx == "down", "the line is away", PATIENCE)
    refused = await hall.anna.ask(p.Connect, call=call)
    assert (refused.ok, refused.code) == (False, "pbx_down")
    await comes_back(hall, away)
    await shows(hall.anna, call, lambda view: "connect" in view.may)
    await shows(hall.ben, call, lambda view: view.phase == "asked")
    assert (await hall.anna.ask(p.Connect, call=call)).ok
    await is_bens(hall, caller, call)


async def test_the_line_to_the_pbx_is_away(asterisk_tree: AsteriskTree) -> None:
    async with (
        open_room(asterisk_tree, timers=TIMES) as room,
        proxy_to(room.config.ami_port) as away,
        open_house(room, ami={"port": away.port}, transfers={"ring_seconds": 25}) as house,
    ):
        hall = Hall(house, await house.desk("anna"), await house.desk("ben"))
        for one in (taken_over_unseen, left_unseen, goes_on_unseen):
            await one(hall, away)
            await hall.empty()


async def play(
    tree: AsteriskTree, scenes: dict[str, Scene], rings: int = 4
) -> dict[str, BaseException | None]:
    """How each scene ended: None, or what was wrong. `rings`: for so many seconds."""
    ends: dict[str, BaseException | None] = {}
    async with open_house(
        tree, timers=TIMES, transfers={"ring_seconds": rings}, calls={"wrap_up_seconds": 30}
    ) as house:
        hall = Hall(house, await house.desk("anna"), await house.desk("ben"))
        for name, one in scenes.items():
            try:
                async with asyncio.timeout(LONGEST):
                    await one(hall)
                ends[name] = None
            except Exception as error:
                ends[name] = error
            async with asyncio.timeout(LONGEST):
                await hall.empty()
    return ends


@pytest.mark.parametrize("moment", MOMENTS)
def test_hang_ups(asterisk_tree: AsteriskTree, moment: str, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(play(asterisk_tree, hang_ups(moment))))


def test_phones(asterisk_tree: AsteriskTree, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(play(asterisk_tree, phones())))


@pytest.mark.parametrize("death", DEATHS)
def test_deaths(asterisk_tree: AsteriskTree, death: str, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(play(asterisk_tree, {death: DEATHS[death]}, 25)))


@pytest.mark.parametrize("moment", MOMENTS)
def test_hang_ups_on_the_oldest(
    oldest_asterisk: AsteriskTree, moment: str, subtests: pytest.Subtests
) -> None:
    judge(subtests, asyncio.run(play(oldest_asterisk, hang_ups(moment))))


@pytest.mark.parametrize("death", ["killed_while_given", "killed_while_they_talk"])
def test_deaths_on_the_oldest(oldest_asterisk: AsteriskTree, death: str, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(play(oldest_asterisk, {death: DEATHS[death]}, 25)))
