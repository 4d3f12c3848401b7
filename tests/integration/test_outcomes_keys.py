"""PRODUCT.md 4.3: the employee accepts with 1 or declines with 2, without a word to the agent."""

from __future__ import annotations

import asyncio

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import TransferStep
from tests.integration.outcome_rig import OutcomeRig
from tests.integration.scenes import Scenes, judge
from tests.pbx.fixtures import asterisk_tree

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk
scene = Scenes()


async def press(floor: OutcomeRig, number: str, key: str) -> None:
    """As soon as the phone knows that it talks."""
    await floor.far.talks(number)
    await floor.far.press(number, key)


@scene("1 while consulting: caller and employee together, the agent is free; keys do nothing any more")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.consult()
    await press(floor, talk.employees[0], "1")
    await talk.step(TransferStep.JOINED)
    await talk.sees("employee")
    await talk.silent(talk.agent)
    await press(floor, talk.employees[0], "2")
    await asyncio.sleep(0.5)
    assert await floor.oracle.company(talk.call) == "employee"
    assert talk.results() == ["joined"]
    await talk.end()


@scene("2 while consulting: the deputy is rung, and accepts with 1")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ring("answer:0", "answer:0")
    await talk.step(TransferStep.CONSULTING)
    await press(floor, talk.employees[0], "2")
    await talk.silent(talk.employees[0])
    await floor.far.talks(talk.employees[1])
    await talk.step(TransferStep.CONSULTING)
    await press(floor, talk.employees[1], "1")
    await talk.step(TransferStep.JOINED)
    await talk.sees("employee")
    assert talk.results() == ["declined", "joined"]
    await talk.end()


@scene("2 while consulting, and no deputy: the agent is back with the caller")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.consult()
    await press(floor, talk.employees[0], "2")
    await talk.step(TransferStep.TALKING)
    await talk.sees("agent")
    assert talk.results() == ["declined"]
    await talk.end()


@scene("ring while talking, 2 while hearing the music: the deputy is rung, nobody is moved")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.ring("answer:0", "answer:0", mode="talk")
    await talk.step(TransferStep.ANSWERED)
    await talk.hears(talk.employees[0], "music")
    await press(floor, talk.employees[0], "2")
    await talk.silent(talk.employees[0])
    await floor.far.talks(talk.employees[1])
    await talk.step(TransferStep.ANSWERED)
    assert await floor.oracle.company(talk.call) == "agent"
    await talk.hears(talk.employees[1], "music")
    await talk.ask(msg.AskSwitch)
    await talk.step(TransferStep.CONSULTING)
    assert talk.results() == ["declined"]
    await talk.ask(msg.AskBack)
    await talk.step(TransferStep.TALKING)
    await talk.end()


@scene("the agent's keys mean nothing")
async def _(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    await talk.consult()
    await press(floor, talk.agent, "1")
    await asyncio.sleep(0.5)
    assert talk.state.step is TransferStep.CONSULTING
    await talk.ask(msg.AskBack)
    await talk.step(TransferStep.TALKING)
    await talk.end()


def test_keys(asterisk_tree: AsteriskTree, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(scene.play(asterisk_tree)))


def test_keys_that_are_only_heard_are_heard(asterisk_tree: AsteriskTree, subtests: pytest.Subtests) -> None:
    """An old phone, or a gateway, that knows no telephone-event and sends a key as its tone."""
    judge(subtests, asyncio.run(scene.play(asterisk_tree, keys="inband")))
