"""Whoever is called back is a caller like any other: hold, put-through, every hang-up; on a real Asterisk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pbx_bridge.ami.actions import Hangup, Originate
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import TransferStep
from rules.calls.call_backs import ring_name
from tests.integration.outcome_rig import LINE, OutcomeRig, Talk
from tests.integration.scenes import Scenes, judge
from tests.pbx.fixtures import asterisk_tree
from tests.until import until

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk
scene = Scenes()


async def ordered(floor: OutcomeRig, behaviour: str) -> Talk:
    """The telephone of whoever asked does this when an agent has picked up, who does at once."""
    talk = somebody(floor)
    await floor.far.behave(talk.agent, "answer:0")
    await floor.far.behave(str(talk.caller), behaviour)
    async with floor.queue:
        assert await floor.service.queue.ready(talk.interface, talk.agent) is None
        await order(talk)
        await until(lambda: talk.live.agent == talk.interface, message="picked up")
        await talk.rest()
    return talk


def somebody(floor: OutcomeRig) -> Talk:
    """Who has asked, and an agent; nothing has happened yet."""
    caller: Any = f"4917139200{next(floor.numbers)}"  # a telephone, by its number
    name = ring_name(datetime.now(UTC), int(caller[-3:]))
    return Talk(floor, caller, next(floor.agents), name, floor.people(), floor.service)


async def order(talk: Talk) -> None:
    """As the service does, until the PBX tells of the call."""
    to, calls = str(talk.caller), talk.service.registry.calls
    told = (("_SEC_TO", to), ("_SEC_FROMLINE", LINE), ("_SEC_OF", LINE))
    ring = Originate(talk.call, f"Local/{to}@sec-ringback/n", "sec-again", LINE, variables=told)
    await talk.service.link.send(ring)
    await until(lambda: talk.call in calls, message="the PBX tells of it")


async def called_back(floor: OutcomeRig, behaviour: str = "answer:0") -> Talk:
    """An agent has picked up and hears that it rings, or the caller."""
    talk = await ordered(floor, behaviour)
    may = floor.service.transfers.may
    await until(lambda: "hold" in may(talk.call), message="the agent may act")
    return talk


@scene("consultation, connect: caller and employee talk, the agent is free")
async def _(floor: OutcomeRig) -> None:
    talk = await called_back(floor)
    await talk.sees("agent")
    await talk.consult()
    await talk.ask(msg.AskConnect)
    await talk.step(TransferStep.JOINED)
    await talk.sees("employee")
    await talk.silent(talk.agent)
    await talk.end()


@scene("busy, no deputy: the agent is back with the caller")
async def _(floor: OutcomeRig) -> None:
    talk = await called_back(floor)
    await talk.sees("agent")
    await talk.ring("busy", "busy")
    await talk.step(TransferStep.TALKING)
    await talk.sees("agent")
    await talk.end()


@scene("employee gone < 4 s after connect: caller waits again, first in line")
async def _(floor: OutcomeRig) -> None:
    talk = await called_back(floor)
    await talk.consult()
    await talk.ask(msg.AskConnect)
    await talk.step(TransferStep.JOINED)
    async with floor.queue:
        await floor.far.hang_up(talk.employees[0])
        await talk.requeued()
        await talk.end()


@scene("agent hangs up while the caller is on hold: the caller waits again")
async def _(floor: OutcomeRig) -> None:
    talk = await called_back(floor)
    await talk.consult()
    async with floor.queue:
        await floor.far.hang_up(talk.agent)
        await talk.requeued()
        await talk.end()


@scene("caller hangs up on hold: nobody is left behind")
async def _(floor: OutcomeRig) -> None:
    talk = await called_back(floor)
    await talk.consult()
    await talk.end_of_caller()
    await floor.far.hang_up(talk.agent)
    await talk.silent(talk.agent)
    await talk.silent()


@scene("agent hangs up while it rings: the telephone stops")
async def _(floor: OutcomeRig) -> None:
    talk = await called_back(floor, "ring")
    await floor.far.rang(str(talk.caller))
    await floor.far.hang_up(talk.agent)
    await floor.far.over(talk.caller)
    await floor.oracle.sees(talk.call, "gone")


@scene("engaged: it is over for the agent, too")
async def _(floor: OutcomeRig) -> None:
    talk = await ordered(floor, "busy")
    await until(lambda: not talk.live.live, message="told")
    await talk.silent(talk.agent)
    await floor.oracle.sees(talk.call, "gone")


@scene("called off while it waits: no telephone has rung")
async def _(floor: OutcomeRig) -> None:
    talk = somebody(floor)
    async with floor.queue:
        await order(talk)
        await until(lambda: talk.live.waiting and talk.live.channel, message="waits")
        await talk.service.link.send(Hangup(talk.live.channel))
        await floor.oracle.sees(talk.call, "gone")
        await until(lambda: not talk.live.live, message="told")
    assert floor.far.phone(str(talk.caller)).rings == 0


@scene("on hold while it rings: when they pick up they hear music, and the agent comes back")
async def _(floor: OutcomeRig) -> None:
    talk = await called_back(floor, "ring")
    await floor.far.rang(str(talk.caller))
    await talk.ask(msg.AskHold)
    await talk.step(TransferStep.HELD)
    await floor.far.pick_up(str(talk.caller))
    await talk.hears(talk.caller, "music")
    await talk.ask(msg.AskBack)
    await talk.sees("agent")
    await talk.end()


async def test_every_outcome(asterisk_tree: AsteriskTree, subtests: pytest.Subtests) -> None:
    judge(subtests, await scene.play(asterisk_tree))
