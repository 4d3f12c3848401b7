"""Calls on their way to an agent, on the real PBX: whose call, who calls, to whom it is offered, how it
ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from pbx_bridge.asterisk.far_end import FarEndCaller
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.effects import EndReason, Phase
from pbx_bridge.calls.state import CallState
from tests.integration.mortal import open_mortal
from tests.integration.outcome_rig import LINE, SHORT, OutcomeRig
from tests.integration.scenes import Scenes, judge
from tests.integration.service import open_service
from tests.pbx.fixtures import asterisk_tree
from tests.until import PATIENCE, until

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk
scene = Scenes()
SHARED = "493023125199"


@asynccontextmanager
async def arriving(
    floor: OutcomeRig, line: str = LINE, **caller: object
) -> AsyncIterator[tuple[FarEndCaller, str]]:
    """A call in the queue while nobody else has one there; hung up at the end."""
    async with floor.queue:
        known = set(floor.service.registry.calls)
        who = await floor.far.call(line, **caller)  # type: ignore[arg-type]
        await until(lambda: set(floor.service.registry.calls) - known, message="the call arrives")
        (call,) = set(floor.service.registry.calls) - known
        yield who, call
        await floor.far.hang_up(who)
        await phase(floor, call, Phase.ENDED)


async def phase(floor: OutcomeRig, call: str, *phases: Phase, within: float = PATIENCE) -> CallState:
    await until(lambda: floor.service.registry.calls[call].phase in phases, within, f"{call} is {phases}")
    return floor.service.registry.calls[call]


async def on_duty(floor: OutcomeRig, behaviour: str) -> str:
    """Another agent, signed in, whose phone behaves like this; the interface."""
    agent = next(floor.agents)
    await floor.far.behave(agent, behaviour)
    assert await floor.service.queue.ready(f"PJSIP/{agent}", agent) is None
    return f"PJSIP/{agent}"


async def off_duty(floor: OutcomeRig, interface: str) -> None:
    assert await floor.service.queue.sign_out(interface) is None
    await until(lambda: interface not in floor.service.registry.agents, message=f"{interface} signed out")


@scene("by the line: the customer, the VIP caller, umlauts")
async def _(floor: OutcomeRig) -> None:
    async with arriving(floor, name="Jürgen Groß") as (_, call):
        state = await phase(floor, call, Phase.WAITING)
        assert state.customer_id == "mustermann"
        assert state.caller.number == "+491713920042"
        assert state.caller.display_name == "Jürgen Groß"
        assert state.caller.vip
        assert state.caller.vip.name == "Jens Müller"


@scene("a shared line by Diversion")
async def _(floor: OutcomeRig) -> None:
    diversion = "<sip:+493023125600@carrier.example>;reason=unconditional"
    async with arriving(floor, SHARED, diversion=diversion) as (_, call):
        assert (await phase(floor, call, Phase.WAITING)).customer_id == "sommer"


@scene("a shared line by History-Info")
async def _(floor: OutcomeRig) -> None:
    history = "<sip:+493023125500@carrier.example>;index=1, <sip:+493023125199@pbx.example>;index=1.1"
    async with arriving(floor, SHARED, history_info=history) as (_, call):
        assert (await phase(floor, call, Phase.WAITING)).customer_id == "mustermann"


@scene("a line that nobody knows: a call all the same, unassigned")
async def _(floor: OutcomeRig) -> None:
    async with arriving(floor, "493023125777") as (_, call):
        state = await phase(floor, call, Phase.WAITING)
        assert (state.customer_id, state.unassigned_reason) == (None, "line_unknown")


@scene("a withheld number stays withheld")
async def _(floor: OutcomeRig) -> None:
    async with arriving(floor, withheld=True, name="Geheim") as (_, call):
        caller = (await phase(floor, call, Phase.WAITING)).caller
        assert caller.withheld
        assert (caller.number, caller.display_name) == ("", "")


@scene("offered to two, answered by one: gone from the other")
async def _(floor: OutcomeRig) -> None:
    async with arriving(floor) as (_, call):
        await phase(floor, call, Phase.WAITING)
        first, second = await on_duty(floor, "ring"), await on_duty(floor, "ring")
        await until(
            lambda: floor.service.registry.calls[call].offered == {first, second}, message="offered to both"
        )
        await floor.far.rang(first.removeprefix("PJSIP/"))
        await floor.far.pick_up(first.removeprefix("PJSIP/"))
        state = await phase(floor, call, Phase.TALKING)
        assert (state.agent, state.offered) == (first, frozenset())
        await until(lambda: floor.service.registry.agents[first].call == call, message="the agent is busy")
        assert floor.service.registry.agents[second].call is None
        await off_duty(floor, first)
        await off_duty(floor, second)


@scene("an agent stays silent: waiting again, then offered again")
async def _(floor: OutcomeRig) -> None:
    async with arriving(floor) as (_, call):
        silent = await on_duty(floor, "ring")
        await phase(floor, call, Phase.OFFERED)
        await phase(floor, call, Phase.WAITING)
        await phase(floor, call, Phase.OFFERED)
        await off_duty(floor, silent)


@scene("abandoned while waiting, and while an agent's phone rings")
async def _(floor: OutcomeRig) -> None:
    async with arriving(floor) as (_, waiting):
        await phase(floor, waiting, Phase.WAITING)
    assert floor.service.registry.calls[waiting].end_reason is EndReason.ABANDONED
    async with arriving(floor) as (_, ringing):
        agent = await on_duty(floor, "ring")
        await phase(floor, ringing, Phase.OFFERED)
        await off_duty(floor, agent)
    assert floor.service.registry.calls[ringing].end_reason is EndReason.ABANDONED


@scene("who hung up is known: caller, agent")
async def _(floor: OutcomeRig) -> None:
    first = await floor.talk()
    await first.end()
    await until(lambda: not first.live.live, message="ended")
    assert first.live.end_reason is EndReason.CALLER
    second = await floor.talk()
    await floor.far.hang_up(second.agent)
    await second.sees("gone")
    await until(lambda: not second.live.live, message="ended")
    assert second.live.end_reason is EndReason.AGENT


@scene("pause and sign out are seen as the PBX has them")
async def _(floor: OutcomeRig) -> None:
    agent = await on_duty(floor, "busy")
    queue, agents = floor.service.queue, floor.service.registry.agents
    assert await queue.pause(agent, "lunch") is None
    await until(lambda: agent in agents and agents[agent].pause_reason == "lunch", message="paused")
    assert agents[agent].paused
    assert await queue.ready(agent, signed_in=True) is None
    await until(lambda: not agents[agent].paused, message="ready")
    await off_duty(floor, agent)


@scene("a new life of the service adopts waiting and offered calls with their ids")
async def _(floor: OutcomeRig) -> None:
    config = floor.room.config
    async with arriving(floor, name="Jürgen Groß") as (_, call):
        agent = await on_duty(floor, "ring")
        known = await phase(floor, call, Phase.OFFERED)
        async with open_service(config.ami_port, config.ami_user, config.ami_secret) as other:
            adopted = other.registry.calls[call]
            assert (adopted.id, adopted.phase) == (known.id, Phase.OFFERED)
            assert adopted.offered == {agent}
            assert (adopted.customer_id, adopted.caller) == (known.customer_id, known.caller)
        await off_duty(floor, agent)


@scene("a service that dies takes no call with it")
async def _(floor: OutcomeRig) -> None:
    async with open_mortal(floor.room.pbx) as mortal, arriving(floor) as (_, call):
        await phase(floor, call, Phase.WAITING)
        await mortal.kill()
        assert await floor.oracle.company(call) == "queue"


@scene("events come in an order that fits the table")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.end()
    kinds = [type(told) for told in floor.service.told.messages if getattr(told, "call", "") == talk.call]
    assert kinds[:2] == [ev.CallArrived, ev.QueueJoined]


def test_intake(asterisk_tree: AsteriskTree, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(scene.play(asterisk_tree, timers=SHORT)))
