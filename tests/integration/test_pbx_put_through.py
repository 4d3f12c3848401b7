"""The dial plan's part of a put-through, spoken to as the service does, with real speech on every leg."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from pbx_bridge.asterisk.far_end import FarEnd, FarEndCaller
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.asterisk.manager import Message
from tests.pbx.room import CALM, Room, open_room
from tests.pbx.watch import Watch
from tests.until import until

pytestmark = pytest.mark.asterisk

EMPLOYEE = "493023125700"


@dataclass(frozen=True)
class Talk:
    """A caller and Anna are talking; `call` is what the PBX calls it."""

    watch: Watch
    far: FarEnd
    caller: FarEndCaller
    call: str
    caller_channel: str
    agent_channel: str

    @property
    def attempt(self) -> str:
        return f"{self.call}-a1"

    async def move(self) -> None:
        await self.redirect(self.caller_channel, "sec-hold", "s", self.agent_channel, "sec-consult")

    async def ring(self, *variables: str) -> None:
        told = {
            "CALL": self.call, "CHAN": self.caller_channel, "AGENT": self.agent_channel, "ATT": self.attempt,
        }  # fmt: skip
        await self.watch.manager.action(
            "Originate", Channel=f"Local/{EMPLOYEE}@sec-target/n", ChannelId=self.attempt,
            OtherChannelId=f"{self.attempt}b", Context="sec-answered", Exten="s", Priority=1, Async="true",
            Timeout=30_000, Codecs="alaw",
            Variable=[*(f"__SEC_{key}={value}" for key, value in told.items()), *variables],
        )  # fmt: skip

    async def redirect(
        self, channel: str, context: str, exten: str, extra: str = "", extra_context: str = ""
    ) -> None:
        second = {"ExtraChannel": extra, "ExtraContext": extra_context, "ExtraExten": "s", "ExtraPriority": 1}
        await self.watch.manager.action(
            "Redirect", Channel=channel, Context=context, Exten=exten, Priority=1, **(second if extra else {})
        )

    async def variable(self, name: str) -> str:
        """Of the caller's channel."""
        action = self.watch.manager.action("Getvar", Channel=self.caller_channel, Variable=name)
        return (await action).get("Value", "")

    async def bridged(self, unique: str, after: Message | None = None) -> str:
        """The bridge this leg enters first, or first after this was told."""
        return (await self.watch.seen("BridgeEnter", after=after, Uniqueid=unique))["BridgeUniqueid"]


@pytest.fixture
async def room(asterisk_tree: AsteriskTree) -> AsyncIterator[Room]:
    """Without a service the dial plan acts by itself, and soon."""
    async with open_room(asterisk_tree, timers=replace(CALM, grace=1)) as opened:
        yield opened


@pytest.fixture
async def talk(room: Room, watch: Watch) -> Talk:
    await watch.add_agent("anna")
    caller = await room.far.call("493023125100", name="Hans Müller")
    arrived = await watch.seen("SecCall")
    connected = await watch.seen("AgentConnect")
    await watch.seen("BridgeEnter", Uniqueid=arrived["Call"])
    await watch.seen("BridgeEnter", Uniqueid=connected["DestUniqueid"])
    return Talk(watch, room.far, caller, arrived["Call"], arrived["Channel"], connected["DestChannel"])


async def test_employee_answers_consults_and_takes_the_caller(talk: Talk) -> None:
    await talk.move()
    await talk.ring()
    await talk.far.talks(EMPLOYEE)
    await talk.bridged(talk.attempt)  # agent and employee, joined without the service
    await talk.far.converse("anna", EMPLOYEE)
    await talk.far.hears(talk.caller, "music")
    so_far = talk.watch.events[-1]
    await talk.redirect(talk.attempt, "sec-join", "emp", talk.agent_channel, "sec-bye")
    assert await talk.bridged(talk.call, so_far) == await talk.bridged(talk.attempt, so_far)
    await talk.far.over("anna")
    await talk.far.converse(talk.caller, EMPLOYEE)
    await talk.far.hang_up(talk.caller)
    await talk.far.over(EMPLOYEE)
    ended = await talk.watch.seen("SecTarget", Att=talk.attempt)
    assert ended["Result"] == "ANSWER"


@pytest.mark.parametrize(
    "behaviour, result",
    [
        ("busy", "BUSY"),
        ("decline", "CHANUNAVAIL"),
        ("notfound", "CHANUNAVAIL"),
        ("unavailable", "CONGESTION"),
        ("ring", "NOANSWER"),
    ],
)
async def test_nobody_answers_and_the_agent_is_back_with_the_caller_by_itself(
    talk: Talk, behaviour: str, result: str
) -> None:
    await talk.far.behave(EMPLOYEE, behaviour)
    await talk.move()
    await talk.ring("__SEC_RING=2")
    ended = await talk.watch.seen("SecTarget", Att=talk.attempt)
    assert ended["Result"] == result
    over = await talk.watch.seen("SecOver")
    await talk.bridged(talk.call, over)  # SEC_GRACE later, though no service said a word
    assert talk.far.phone("anna").doing == "talking"


async def test_an_employee_may_have_a_ring_time_of_his_own(talk: Talk) -> None:
    await talk.far.behave(EMPLOYEE, "ring")
    await talk.ring("__SEC_RING=1")  # the usual ring time here is longer than anybody waits below
    assert (await talk.watch.seen("SecTarget", Att=talk.attempt))["Result"] == "NOANSWER"


async def test_the_agent_hangs_up_while_the_caller_is_on_hold_and_the_caller_is_queued_again(
    talk: Talk,
) -> None:
    await talk.far.behave(EMPLOYEE, "ring")
    await talk.move()
    await talk.ring()
    await talk.far.rang(EMPLOYEE)
    waited_from = int(await talk.variable("SEC_SINCE"))
    await until(lambda: time.time() >= waited_from + 2, message="the talk was no part of the wait")
    await talk.far.hang_up("anna")
    back = await talk.watch.seen("SecHoldEnd")
    await talk.watch.seen("QueueCallerJoin", after=back, Uniqueid=talk.call)
    assert await talk.variable("SEC_LEFT") == str(CALM.queue_wait), "all of the time to wait, anew"
    await talk.far.over(EMPLOYEE)


async def test_the_caller_hangs_up_while_the_employee_rings_and_the_phone_stops(talk: Talk) -> None:
    await talk.far.behave(EMPLOYEE, "ring")
    await talk.move()
    await talk.ring()
    await talk.far.rang(EMPLOYEE)
    await talk.far.hang_up(talk.caller)
    await talk.far.over(EMPLOYEE)
    await talk.far.over("anna")
