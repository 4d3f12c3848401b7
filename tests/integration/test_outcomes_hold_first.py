"""PBX.md section 6, column "hold first": caller on music, then the employee is rung."""

from __future__ import annotations

import asyncio

import pytest

from pbx_bridge.asterisk.far_end import Doing
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import TransferStep
from rules.calls.transfer import Plan
from rules.calls.transfer import RingStep as Target
from tests.integration.outcome_rig import SHORT, OutcomeRig
from tests.integration.scenes import Scenes, judge
from tests.pbx.fixtures import asterisk_tree

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk
scene, limited = Scenes(), Scenes()


async def fails(floor: OutcomeRig, behaviour: str, result: str) -> None:
    """The employee cannot be reached, the deputy cannot either: agent back with the caller, both in the
    list."""
    talk = await floor.talk()
    await talk.ring(behaviour, "busy")
    await talk.step(TransferStep.TALKING)
    await talk.sees("agent")
    assert talk.results() == [result, "busy"]
    await talk.rang_once_each()
    await talk.end()


@scene("busy: next at once")
async def _(floor: OutcomeRig) -> None:
    await fails(floor, "busy", "busy")


@scene("603: declined, next at once")
async def _(floor: OutcomeRig) -> None:
    await fails(floor, "decline", "declined")


@scene("404: unreachable, next at once")
async def _(floor: OutcomeRig) -> None:
    await fails(floor, "notfound", "unreachable")


@scene("503: unreachable, next at once")
async def _(floor: OutcomeRig) -> None:
    await fails(floor, "unavailable", "unreachable")


@scene("no answer: next after the ring time")
async def _(floor: OutcomeRig) -> None:
    await fails(floor, "ring", "no_answer")


@scene("number not allowed: forbidden, no phone rings, next at once")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await floor.far.behave(talk.employees[1], "answer:0")
    wrong = (Target("evil", "+4990012345678", 4), Target("good", f"+{talk.employees[1]}", 4))
    await talk.call_up(Plan(wrong))
    await talk.step(TransferStep.CONSULTING)
    assert talk.results() == ["refused"]
    await talk.ask(msg.AskBack)
    await talk.sees("agent")
    await talk.end()


@scene("busy, deputy accepts: consultation, connect, agent free a second later")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ring("busy", "answer:0")
    await talk.step(TransferStep.CONSULTING)
    await talk.sees("music")
    await talk.ask(msg.AskConnect)
    await talk.step(TransferStep.JOINED)
    await talk.sees("employee")
    await talk.silent(talk.agent)
    assert floor.far.phone(talk.employees[1]).doing is Doing.TALKING
    assert talk.results() == ["busy", "joined"]
    await talk.end()


@scene("the employee sees the caller's number and an own ring time holds")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ring("answer:5", seconds=8)
    await floor.far.rang(talk.employees[0])
    assert floor.far.phone(talk.employees[0]).shown_number.endswith("1713920042")
    await talk.step(TransferStep.CONSULTING)
    await talk.ask(msg.AskBack)
    await talk.step(TransferStep.TALKING)
    await talk.end()


@scene("back while ringing: agent with caller, the phone stops")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ring("ring", "answer:0")
    await floor.far.rang(talk.employees[0])
    await talk.ask(msg.AskBack)
    await talk.step(TransferStep.TALKING)
    await talk.sees("agent")
    await talk.silent(talk.employees[0])
    assert talk.rings(1) == 0
    assert talk.results() == ["cancelled"]
    await talk.end()


@scene("cancel while ringing: agent with caller, nobody else is rung")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ring("ring", "answer:0")
    await floor.far.rang(talk.employees[0])
    await talk.ask(msg.AskCancel)
    await talk.step(TransferStep.TALKING)
    await talk.sees("agent")
    await talk.silent(talk.employees[0])
    assert (talk.results(), talk.rings(1)) == (["cancelled"], 0)
    await talk.end()


@scene("back in the same ms as the answer: agent with caller, employee dropped, eight times")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    for _ in range(8):
        await talk.ring("ring")
        await floor.far.rang(talk.employees[0])
        await asyncio.gather(talk.pick_up_if_it_rings(), talk.ask(msg.AskBack))
        await talk.sees("agent")
        await talk.step(TransferStep.TALKING)
        await talk.silent(talk.employees[0])
    await talk.end()


@scene("agent hangs up, employee rings: caller requeued, phone stops")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ring("ring")
    await floor.far.rang(talk.employees[0])
    async with floor.queue:
        await floor.far.hang_up(talk.agent)
        await talk.requeued()
        await talk.silent(talk.employees[0])
        await talk.ready()
        await talk.sees("agent")
        await talk.rest()
    assert talk.results() == ["cancelled"]
    await talk.end()


@limited("caller hangs up, employee rings: phone stops, agent free")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ring("ring")
    await floor.far.rang(talk.employees[0])
    await talk.end()
    assert talk.state.step is TransferStep.ENDED


@scene("agent hangs up, consulting: caller requeued, employee dropped")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.consult()
    async with floor.queue:
        await floor.far.hang_up(talk.agent)
        await talk.requeued()
        await talk.silent(talk.employees[0])
        await talk.end()


@scene("employee hangs up, consulting: agent back with caller at once")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.consult()
    await floor.far.hang_up(talk.employees[0])
    await talk.sees("agent")
    await talk.step(TransferStep.TALKING)
    assert talk.results() == ["declined"]
    await talk.end()


@scene("caller hangs up, consulting: agent and employee talk on")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.consult()
    await floor.far.hang_up(talk.caller)
    await talk.sees("gone")
    await asyncio.sleep(1)
    assert {floor.far.phone(talk.agent).doing, floor.far.phone(talk.employees[0]).doing} == {Doing.TALKING}
    await floor.far.hang_up(talk.agent)
    await talk.silent(talk.agent, talk.employees[0])


@scene("employee gone < 4 s after connect: caller requeued, not dropped")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.consult()
    await talk.ask(msg.AskConnect)
    await talk.step(TransferStep.JOINED)
    async with floor.queue:
        await floor.far.hang_up(talk.employees[0])
        await talk.requeued()
        await talk.end()


@scene("connect racing the employee's hang-up: no caller lost, six times")
async def _(floor: OutcomeRig) -> None:
    for round_ in range(6):
        talk = await floor.talk()
        await talk.consult()

        async def hang_up_soon(number: str = talk.employees[0], delay: float = round_ / 500) -> None:
            await asyncio.sleep(delay)
            await floor.far.hang_up(number)

        async with floor.queue:
            await asyncio.gather(talk.ask(msg.AskConnect), hang_up_soon())
            await talk.sees("agent", "queue")
            await talk.end()


@limited("hold limit reached while consulting: caller requeued, agent and employee talk on")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.consult()
    await asyncio.sleep(SHORT.hold_max - 4)
    async with floor.queue:
        await talk.requeued()
        assert floor.far.phone(talk.employees[0]).doing is Doing.TALKING
        await talk.end_of_caller()
    await floor.far.hang_up(talk.agent)


@limited("the hold limit counts over all attempts")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ring("ring", "ring", "ring", seconds=6)  # the third longer than the limit
    await talk.step(TransferStep.DIALING)
    await asyncio.sleep(SHORT.hold_max - 3)
    async with floor.queue:
        await talk.requeued()
        await talk.silent(talk.employees[2])
        assert talk.results() == ["no_answer", "no_answer", "cancelled"]
        await talk.end()


@scene("pure hold: caller hears music, agent nothing; back; and ring from hold")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ask(msg.AskHold)
    await talk.step(TransferStep.HELD)
    await talk.sees("music")
    await talk.ask(msg.AskBack)
    await talk.sees("agent")
    await talk.step(TransferStep.TALKING)
    await talk.ask(msg.AskHold)
    await talk.step(TransferStep.HELD)
    await talk.ring("answer:0")
    await talk.step(TransferStep.CONSULTING)
    await talk.ask(msg.AskConnect)
    await talk.sees("employee")
    await talk.end()


@limited("caller hangs up on pure hold: agent free")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ask(msg.AskHold)
    await talk.sees("music")
    await talk.end()


@scene("agent hangs up on pure hold: caller requeued")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ask(msg.AskHold)
    await talk.sees("music")
    async with floor.queue:
        await floor.far.hang_up(talk.agent)
        await talk.requeued()
        await talk.end()


def test_hold_first(asterisk_tree: AsteriskTree, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(scene.play(asterisk_tree)))


def test_the_limit_of_hold(asterisk_tree: AsteriskTree, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(limited.play(asterisk_tree, timers=SHORT)))
