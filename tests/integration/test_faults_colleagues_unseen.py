"""The service dies, is stopped, or its line to the PBX is away, while colleagues talk of a caller."""

from __future__ import annotations

import asyncio

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.desk import protocol as p
from tests.ami_proxy import Proxy, proxy_to
from tests.integration.colleagues import (
    Scene,
    consult,
    given,
    goes_on_with,
    handed,
    has,
    is_bens,
    left_alone,
    play,
    rings,
    the_note_is_left,
)
from tests.integration.scenes import judge
from tests.integration.two_agents import TIMES, TwoAgents
from tests.integration.whole_house import PATIENCE, open_house, shows
from tests.pbx.fixtures import asterisk_tree, oldest_asterisk
from tests.pbx.room import open_room

__all__ = ["asterisk_tree", "oldest_asterisk"]
pytestmark = pytest.mark.asterisk

# ---- the service dies


async def dies(hall: TwoAgents) -> None:
    await hall.house.service.kill()
    for desk in (hall.anna, hall.ben):
        await desk.disconnect()


async def lives(hall: TwoAgents) -> None:
    await hall.house.service.start()
    for desk in (hall.anna, hall.ben):
        await desk.connect()


async def killed_while_asked(hall: TwoAgents) -> None:
    caller, call = await rings(hall)
    await dies(hall)
    await lives(hall)
    await shows(hall.ben, call, lambda view: view.phase == "asked" and view.asked_by == hall.anna.who.name)
    await hall.house.phones.far.pick_up(hall.ben.who.phone)
    await shows(hall.anna, call, lambda view: view.put_through and view.put_through.step == "consulting")
    assert (await hall.anna.ask(p.Connect, call=call)).ok
    await is_bens(hall, caller, call)


async def killed_while_given(hall: TwoAgents) -> None:
    caller, call = await given(hall)
    await dies(hall)
    await hall.house.phones.far.pick_up(hall.ben.who.phone)
    await hall.house.phones.far.converse(caller, hall.ben.who.phone)
    await hall.house.phones.far.over(hall.anna.who.phone)
    await lives(hall)
    await is_bens(hall, caller, call)


async def killed_while_given_in_vain(hall: TwoAgents) -> None:
    caller, call = await given(hall)
    await dies(hall)
    await hall.house.phones.far.hang_up(hall.ben.who.phone)
    await hall.house.phones.far.over(hall.ben.who.phone)
    await hall.house.phones.far.converse(caller, hall.anna.who.phone)
    await lives(hall)
    await has(hall, hall.anna, caller, call)
    await left_alone(hall, call)


async def killed_while_they_talk(hall: TwoAgents) -> None:
    caller, call = await consult(hall)
    await dies(hall)
    await hall.house.phones.far.converse(hall.anna.who.phone, hall.ben.who.phone)
    await lives(hall)
    await shows(hall.anna, call, lambda view: view.put_through and view.put_through.step == "consulting")
    await shows(hall.ben, call, lambda view: view.phase == "asked")
    assert (await hall.anna.ask(p.Connect, call=call)).ok
    await is_bens(hall, caller, call)


async def killed_and_the_agent_hangs_up(hall: TwoAgents) -> None:
    caller, call = await consult(hall)
    await dies(hall)
    await hall.house.phones.far.hang_up(hall.anna.who.phone)
    await hall.house.phones.far.rang(hall.ben.who.phone)
    await lives(hall)
    await goes_on_with(hall, hall.ben, caller, call)


async def killed_afterwards(hall: TwoAgents) -> None:
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


async def killed_and_over(hall: TwoAgents) -> None:
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


async def stopped_in_order(hall: TwoAgents) -> None:
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


async def comes_back(hall: TwoAgents, away: Proxy) -> None:
    await away.start()
    await hall.anna.until(lambda now: now.link.pbx == "up", "the line is back", PATIENCE)


async def taken_over_unseen(hall: TwoAgents, away: Proxy) -> None:
    caller, call = await given(hall)
    await away.stop()
    await hall.anna.until(lambda now: now.link.pbx == "down", "the line is away", PATIENCE)
    await hall.house.phones.far.pick_up(hall.ben.who.phone)
    await hall.house.phones.far.converse(caller, hall.ben.who.phone)
    await comes_back(hall, away)
    await is_bens(hall, caller, call)


async def left_unseen(hall: TwoAgents, away: Proxy) -> None:
    caller, call = await consult(hall)
    await away.stop()
    await hall.anna.until(lambda now: now.link.pbx == "down", "the line is away", PATIENCE)
    await hall.house.phones.far.hang_up(hall.ben.who.phone)
    await hall.house.phones.far.converse(caller, hall.anna.who.phone)
    await comes_back(hall, away)
    await has(hall, hall.anna, caller, call)
    await left_alone(hall, call)


async def goes_on_unseen(hall: TwoAgents, away: Proxy) -> None:
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
        hall = TwoAgents(house, await house.desk("anna"), await house.desk("ben"))
        for one in (taken_over_unseen, left_unseen, goes_on_unseen):
            await one(hall, away)
            await hall.empty()


@pytest.mark.parametrize("death", DEATHS)
def test_deaths(asterisk_tree: AsteriskTree, death: str, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(play(asterisk_tree, {death: DEATHS[death]}, 25)))


@pytest.mark.parametrize("death", ["killed_while_given", "killed_while_they_talk"])
def test_deaths_on_the_oldest(oldest_asterisk: AsteriskTree, death: str, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(play(oldest_asterisk, {death: DEATHS[death]}, 25)))
