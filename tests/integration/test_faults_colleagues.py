"""Who hangs up, in whatever moment, and a service that dies: a caller who is handed over is never lost."""

from __future__ import annotations

import asyncio
from typing import Literal

import pytest

from pbx_bridge.asterisk.far_end import FarEndCaller
from pbx_bridge.asterisk.locate import AsteriskTree
from tests.integration.colleagues import (
    MOMENTS,
    Scene,
    anna_talks,
    ask,
    goes_on_with,
    has,
    left_alone,
    play,
    the_note_is_left,
)
from tests.integration.scenes import judge
from tests.integration.two_agents import TwoAgents
from tests.integration.whole_house import PATIENCE
from tests.pbx.fixtures import asterisk_tree, oldest_asterisk

__all__ = ["asterisk_tree", "oldest_asterisk"]
pytestmark = pytest.mark.asterisk

Who = Literal["caller", "anna", "ben"]


async def caller_hangs_up(hall: TwoAgents, caller: FarEndCaller, call: str, moment: str) -> None:
    await hall.house.phones.far.hang_up(caller)
    has_it = hall.ben if moment == "the colleague has the call" else hall.anna
    await the_note_is_left(hall, has_it, call)
    if has_it is hall.anna:
        await hall.ben.until(lambda _: hall.ben.open(call) is None, "gone from Ben's desk", PATIENCE)
    if moment == "agent and colleague talk":
        await hall.house.phones.far.converse(hall.anna.who.phone, hall.ben.who.phone)
        await hall.house.phones.far.hang_up(hall.anna.who.phone)
    await hall.house.phones.far.over(hall.ben.who.phone)


async def anna_hangs_up(hall: TwoAgents, caller: FarEndCaller, call: str, moment: str) -> None:
    if moment == "the colleague has the call":
        await has(hall, hall.ben, caller, call)
        return
    await hall.house.phones.far.hang_up(hall.anna.who.phone)
    await goes_on_with(hall, hall.ben, caller, call)


async def ben_hangs_up(hall: TwoAgents, caller: FarEndCaller, call: str, moment: str) -> None:
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
        async def play(hall: TwoAgents) -> None:
            caller, call = await MOMENTS[moment](hall)
            await HANG_UPS[who](hall, caller, call, moment)

        return play

    return {f"{who} hangs up": one(who) for who in HANG_UPS}


def phones() -> dict[str, Scene]:
    """A colleague's phone that cannot be reached."""

    def one(behaviour: str, code: str, give: bool) -> Scene:
        async def play(hall: TwoAgents) -> None:
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


@pytest.mark.parametrize("moment", MOMENTS)
def test_hang_ups(asterisk_tree: AsteriskTree, moment: str, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(play(asterisk_tree, hang_ups(moment))))


def test_phones(asterisk_tree: AsteriskTree, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(play(asterisk_tree, phones())))


@pytest.mark.parametrize("moment", MOMENTS)
def test_hang_ups_on_the_oldest(
    oldest_asterisk: AsteriskTree, moment: str, subtests: pytest.Subtests
) -> None:
    judge(subtests, asyncio.run(play(oldest_asterisk, hang_ups(moment))))
