"""PBX.md section 6, column "ring while talking": nobody is moved until somebody answers, then one key."""

from __future__ import annotations

import asyncio

import pytest

from pbx_bridge.asterisk.far_end import Doing
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.calls.effects import EndReason
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import TransferStep
from rules.calls.transfer import Plan
from rules.calls.transfer import RingStep as Target
from tests.integration.outcome_rig import SHORT, OutcomeRig, Talk
from tests.integration.scenes import Scenes, judge
from tests.pbx.fixtures import asterisk_tree
from tests.until import until

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk
scene, limited = Scenes(), Scenes()


async def fails(floor: OutcomeRig, behaviour: str, result: str) -> None:
    """Agent and caller talk on all the time."""
    talk = await floor.talk()
    await talk.ring(behaviour, "busy", mode="talk")
    await talk.step(TransferStep.RINGTALK)
    while talk.state.step is TransferStep.RINGTALK:
        assert await floor.oracle.company(talk.call) == "agent", "nobody is moved"
    assert talk.state.step is TransferStep.TALKING
    assert talk.results() == [result, "busy"]
    await talk.end()


@scene("busy: next at once, nobody moved")
async def _(floor: OutcomeRig) -> None:
    await fails(floor, "busy", "busy")


@scene("603: declined, nobody moved")
async def _(floor: OutcomeRig) -> None:
    await fails(floor, "decline", "declined")


@scene("404: unreachable, nobody moved")
async def _(floor: OutcomeRig) -> None:
    await fails(floor, "notfound", "unreachable")


@scene("503: unreachable, nobody moved")
async def _(floor: OutcomeRig) -> None:
    await fails(floor, "unavailable", "unreachable")


@scene("no answer: next after the ring time, nobody moved")
async def _(floor: OutcomeRig) -> None:
    await fails(floor, "ring", "no_answer")


@scene("number not allowed: forbidden, nobody moved")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.call_up(Plan((Target("evil", "+4990012345678", 4),)), "talk")
    await talk.step(TransferStep.TALKING)
    assert talk.results() == ["refused"]
    await talk.end()


@scene("busy, deputy accepts: music until the key, consultation, connect")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ring("busy", "answer:0", mode="talk")
    await talk.step(TransferStep.ANSWERED)
    await talk.sees("agent")
    await talk.ask(msg.AskSwitch)
    await talk.step(TransferStep.CONSULTING)
    await talk.sees("music")
    await talk.ask(msg.AskConnect)
    await talk.step(TransferStep.JOINED)
    await talk.sees("employee")
    await talk.silent(talk.agent)
    assert talk.results() == ["busy", "joined"]
    await talk.end()


async def stops(floor: OutcomeRig, kind: type[msg.Ask]) -> None:
    """The phone stops and caller and agent have not noticed."""
    talk = await floor.talk()
    await talk.ring("ring", "answer:0", mode="talk")
    await floor.far.rang(talk.employees[0])
    await talk.ask(kind)
    await talk.step(TransferStep.TALKING)
    await talk.silent(talk.employees[0])
    assert await floor.oracle.company(talk.call) == "agent"
    assert (talk.results(), talk.rings(1)) == (["cancelled"], 0)
    await talk.end()


@scene("cancel while ringing: the phone stops, nobody else is rung")
async def _(floor: OutcomeRig) -> None:
    await stops(floor, msg.AskCancel)


@scene("back while ringing: the phone stops, nobody else is rung")
async def _(floor: OutcomeRig) -> None:
    await stops(floor, msg.AskBack)


@scene("back in the same ms as the answer: agent with caller, ten times")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    for _ in range(10):
        await talk.ring("ring", mode="talk")
        await floor.far.rang(talk.employees[0])
        await asyncio.gather(talk.pick_up_if_it_rings(), talk.ask(msg.AskBack))
        await talk.step(TransferStep.TALKING)
        assert await floor.oracle.company(talk.call) == "agent"
        await talk.silent(talk.employees[0])
    await talk.end()


@scene("the key in the ms of the answer: consultation, ten times")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    for _ in range(10):
        await talk.consult("talk")
        await talk.ask(msg.AskBack)
        await talk.sees("agent")
        await talk.silent(talk.employees[0])
        await talk.step(TransferStep.TALKING)
    await talk.end()


@limited("key after SEC_PARK: the employee is released, agent with caller")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ring("answer:0", mode="talk")
    await talk.step(TransferStep.ANSWERED)
    await talk.step(TransferStep.TALKING)
    refused = await talk.service.ask(msg.AskSwitch(call=talk.call, agent=talk.interface))
    assert refused is not None
    assert refused.code == "not_now"
    await talk.sees("agent")
    assert talk.results() == ["cancelled"]
    await talk.end()


@limited("key in the very end of SEC_PARK: agent with employee or with caller, never lost")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ring("answer:0", mode="talk")
    await talk.step(TransferStep.ANSWERED)
    await asyncio.sleep(SHORT.park - 0.03)
    await talk.service.ask(msg.AskSwitch(call=talk.call, agent=talk.interface))
    await talk.step(TransferStep.TALKING, TransferStep.CONSULTING)
    if talk.state.step is TransferStep.CONSULTING:
        await talk.ask(msg.AskBack)
    await talk.sees("agent")
    await talk.end()


@scene("agent hangs up, employee rings: call over, phone stops")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ring("ring", mode="talk")
    await floor.far.rang(talk.employees[0])
    await floor.far.hang_up(talk.agent)
    await talk.sees("gone")
    await talk.silent()
    await floor.far.over(talk.caller)


@scene("caller hangs up, employee rings: phone stops, agent free")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ring("ring", mode="talk")
    await floor.far.rang(talk.employees[0])
    await talk.end()


@scene("caller hangs up, employee hears music: both released")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ring("answer:0", mode="talk")
    await talk.step(TransferStep.ANSWERED)
    await talk.end()


@scene("employee hangs up while waiting for the agent: nobody moved")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ring("answer:0", mode="talk")
    await talk.step(TransferStep.ANSWERED)
    await floor.far.hang_up(talk.employees[0])
    await talk.step(TransferStep.TALKING)
    assert await floor.oracle.company(talk.call) == "agent"
    await talk.end()


@scene("agent hangs up, consulting: caller requeued, employee dropped")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.consult("talk")
    async with floor.queue:
        await floor.far.hang_up(talk.agent)
        await talk.requeued()
        await talk.silent(talk.employees[0])
        await talk.end()


@scene("employee hangs up, consulting: agent back with caller at once")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.consult("talk")
    await floor.far.hang_up(talk.employees[0])
    await talk.sees("agent")
    await talk.step(TransferStep.TALKING)
    await talk.end()


@scene("caller hangs up, consulting: agent and employee talk on")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.consult("talk")
    await talk.end_of_caller()
    await asyncio.sleep(1)
    assert {floor.far.phone(talk.agent).doing, floor.far.phone(talk.employees[0]).doing} == {Doing.TALKING}
    await floor.far.hang_up(talk.agent)
    await talk.silent(talk.agent, talk.employees[0])


@scene("employee gone < 4 s after connect: caller requeued, not dropped")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.consult("talk")
    await talk.ask(msg.AskConnect)
    await talk.step(TransferStep.JOINED)
    async with floor.queue:
        await floor.far.hang_up(talk.employees[0])
        await talk.requeued()
        await talk.end()


@scene("the same Originate twice, and two targets at once: one phone rings, the other gets TWICE")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ring("ring", mode="talk")
    await floor.far.rang(talk.employees[0])
    sent = talk.state.current
    assert sent
    again = msg.Ring(sent.id, f"+{talk.employees[0]}", 4, talk.state.caller_channel, talk.state.agent_channel)
    floor.behind = f"{talk.call}-a99"
    other = msg.Ring(floor.behind, f"+{talk.employees[1]}", 4, again.caller_channel, again.agent_channel)
    for ring in (again, other):
        await talk.service.executor.send(msg.Send(talk.call, (ring,)))
    await talk.told("TWICE", floor.behind)
    assert (talk.rings(0), talk.rings(1)) == (1, 0)
    await talk.end()


@scene("two agents act on one call: one winner, the other is told who has it")
async def _(floor: OutcomeRig) -> None:
    talk: Talk = await floor.talk()
    refused = await talk.service.ask(msg.AskHold(call=talk.call, agent="PJSIP/ben"))
    assert refused is not None
    assert (refused.code, dict(refused.params)) == ("other_agent", {"agent": talk.interface})
    assert await floor.oracle.company(talk.call) == "agent"
    await talk.end()


@scene("hang up: the agent ends the call")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ask(msg.AskHangUp)
    await talk.sees("gone")
    await talk.silent(talk.agent)
    await until(lambda: not talk.live.live, message="the end of the call")
    assert talk.live.end_reason is EndReason.AGENT, "who ended it"


def test_ring_while_talking(asterisk_tree: AsteriskTree, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(scene.play(asterisk_tree)))


def test_the_limit_of_waiting_for_the_agent(asterisk_tree: AsteriskTree, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(limited.play(asterisk_tree, timers=SHORT)))
