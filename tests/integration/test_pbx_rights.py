"""The service's manager user may do what it needs and nothing more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.asterisk.manager import ManagerError
from tests.pbx.room import CALM, Room, open_room
from tests.pbx.watch import Watch, watching

pytestmark = pytest.mark.asterisk

NEEDED = {
    "CoreShowChannels", "DBGet", "Getvar", "Hangup", "Originate", "Ping", "QueueAdd", "QueuePause",
    "QueueRemove", "QueueStatus", "Redirect", "Setvar", "Status",
}  # fmt: skip
DANGEROUS = {
    "Command", "DBDel", "DBPut", "DialplanExtensionAdd", "GetConfig", "ModuleLoad", "Reload", "UpdateConfig",
    "UserEvent",
}  # fmt: skip
WANTED = {
    "AgentCalled", "AgentComplete", "AgentConnect", "AgentRingNoAnswer", "BridgeEnter", "BridgeLeave",
    "FullyBooted", "Hangup", "QueueCallerAbandon", "QueueCallerJoin", "QueueCallerLeave", "QueueMemberAdded",
    "QueueMemberPause", "QueueMemberRemoved", "QueueMemberStatus", "Reload", "Shutdown", "UserEvent",
}  # fmt: skip


async def test_every_needed_action_is_allowed(watch: Watch) -> None:
    refused = {name for name in NEEDED if await answer(watch, name) == "Permission denied"}
    assert not refused


async def test_no_dangerous_action_is_allowed(watch: Watch) -> None:
    refused = {name for name in DANGEROUS if await answer(watch, name) == "Permission denied"}
    assert refused == DANGEROUS


async def test_only_wanted_events_come_and_all_of_a_call(asterisk_tree: AsteriskTree) -> None:
    async with (
        open_room(asterisk_tree, timers=replace(CALM, agent_ring=4)) as room,
        watching(room.pbx) as watch,
    ):
        await all_of_a_call(room, watch)


async def all_of_a_call(room: Room, watch: Watch) -> None:
    """Offered in vain, answered, over."""
    await watch.seen("FullyBooted")
    await watch.add_agent("anna")
    await room.far.behave("anna", "ring")
    caller = await room.far.call("493023125100")
    await watch.seen("AgentRingNoAnswer")
    await room.far.behave("anna", "answer:0")
    await room.far.converse(caller, "anna")
    await room.far.hang_up(caller)
    await watch.seen("AgentComplete")
    await watch.seen("BridgeLeave")
    await watch.seen("Hangup")
    came = {event["Event"] for event in watch.events}
    assert came <= WANTED
    assert came >= WANTED - {
        "QueueCallerAbandon",
        "QueueMemberPause",
        "QueueMemberRemoved",
        "Reload",
        "Shutdown",
    }


async def answer(watch: Watch, action: str) -> str:
    """What Asterisk says to this action without any argument."""
    try:
        return (await watch.manager.action(action)).get("Message", "")
    except ManagerError as error:
        return str(error).removeprefix(f"{action}: ")
