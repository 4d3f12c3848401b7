"""A colleague who was asked, and whose screen is empty all at once, reads why."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pbx_bridge.calls import events as ev
from tests.desk_room import ANNA, DeskRoom, Tab
from tests.desk_world import World, world_room
from tests.sample_company import SampleCompany
from tests.until import until

LOCAL = "Local/1ben@sec-colleague-00000003;1"


def c1(world: World) -> str:
    return f"{world.call}-c1"


def rings_off(world: World, result: str, cause: int = 16) -> None:
    world.tell(ev.TargetEnded(world.call, c1(world), result, cause))


def picks_up(world: World) -> None:
    world.tell(
        ev.TargetAnswered(world.call, c1(world)),
        ev.Bridged(world.call, c1(world), LOCAL, "talk-2"),
        ev.Bridged(world.call, f"{world.call}91", f"{ANNA}-00000001", "talk-2"),
    )


def caller_gone(world: World) -> None:
    world.caller_hangs_up()
    rings_off(world, "CANCEL")


ENDS: dict[str, tuple[bool, str, Callable[[World], None], str]] = {
    # did the colleague pick up; what Anna asks for; what happens; what the colleague reads
    "called off": (False, "back", lambda world: rings_off(world, "CANCEL"), "asked_called_off"),
    "kept": (True, "back", lambda world: rings_off(world, "ANSWER"), "asked_not_given"),
    "not answered": (False, "", lambda world: rings_off(world, "NOANSWER"), "asked_missed"),
    "the caller is gone": (False, "", caller_gone, "asked_caller_gone"),
    "busy": (False, "", lambda world: rings_off(world, "BUSY", 17), ""),
    "declined": (False, "", lambda world: rings_off(world, "CHANUNAVAIL", 21), ""),
    "hung up": (True, "", lambda world: rings_off(world, "ANSWER"), ""),
}


async def asked(room: DeskRoom, world: World, colleague: str) -> tuple[Tab, Tab, str]:
    anna, ben = await room.tab("anna"), await room.tab("ben")
    world.arrive()
    world.offer("anna")
    world.answer("anna")
    call = room.id_of(world.call)
    await until(lambda: anna.phase(call) == "talking", message="Anna talks")
    assert (await anna.ask("ask_colleague", call=call, colleague=colleague)).ok
    await until(lambda: ben.call(call), message="Ben sees it")
    world.hold(ringing=True)
    return anna, ben, call


@pytest.mark.parametrize("end", ENDS)
async def test_who_is_asked_no_longer_reads_why(sqlite_url: str, furnished: SampleCompany, end: str) -> None:
    up, command, happens, code = ENDS[end]
    world = World()
    async with world_room(sqlite_url, world) as room:
        anna, ben, call = await asked(room, world, furnished.ben)
        if up:
            picks_up(world)
            await until(lambda: (c := anna.call(call)) and "connect" in c.view.may, message="they talk")
        if command:
            assert (await anna.ask(command, call=call)).ok
        happens(world)
        await until(lambda: ben.call(call) is None, message="Ben's screen is empty")
        if code:
            await until(lambda: ben.events("notice"), message="a word")
        said = [(one["code"], one["params"]) for one in ben.events("notice")]
    assert said == ([(code, {"by": "Anna Keller"})] if code else [])
