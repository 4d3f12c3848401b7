"""Somebody outside is rung: whatever they do, the caller ends where they should, and everybody hears it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import TransferStep
from rules.calls.transfer import Plan
from rules.calls.transfer import RingStep as Target
from tests.integration.outcome_rig import TIMES, OutcomeRig, Talk
from tests.integration.scenes import Scenes, judge
from tests.pbx.fixtures import asterisk_tree, oldest_asterisk

__all__ = ["asterisk_tree", "oldest_asterisk"]
pytestmark = pytest.mark.asterisk

scene = Scenes()


async def rung(floor: OutcomeRig, behaviour: str, mode: msg.Mode) -> Talk:
    """The agent talks with the caller and rings a number that is no employee's."""
    talk = await floor.talk()
    number = talk.employees[0]
    await floor.far.behave(number, behaviour)
    await talk.call_up(Plan((Target("", f"+{number}", TIMES.ring),)), mode)
    return talk


async def there(talk: Talk, mode: msg.Mode) -> None:
    """Agent and the one outside talk, the caller hears music."""
    if mode == "talk":
        await talk.step(TransferStep.ANSWERED)
        await talk.ask(msg.AskSwitch)
    await talk.step(TransferStep.CONSULTING)
    await talk.sees("music")


def of(mode: msg.Mode) -> None:
    @scene(f"{mode}: taken")
    async def taken(floor: OutcomeRig) -> None:
        talk = await rung(floor, "answer:0", mode)
        await there(talk, mode)
        await talk.ask(msg.AskConnect)
        await talk.step(TransferStep.JOINED)
        await talk.sees("employee")
        (attempt,) = talk.state.attempts
        assert (attempt.employee, attempt.number) == ("", f"+{talk.employees[0]}")
        await talk.end()

    @scene(f"{mode}: a mailbox, or not the right one: back to the caller")
    async def back(floor: OutcomeRig) -> None:
        talk = await rung(floor, "answer:0", mode)
        await there(talk, mode)
        await talk.ask(msg.AskBack)
        await talk.sees("agent")
        assert talk.results() == ["answered"]
        await talk.end()

    for behaviour, result in (
        ("busy", "busy"), ("decline", "declined"), ("ring", "no_answer"), ("notfound", "unreachable"),
    ):  # fmt: skip
        nobody(mode, behaviour, result)


def nobody(mode: msg.Mode, behaviour: str, result: str) -> None:
    @scene(f"{mode}: {result}: the agent is with the caller again")
    async def not_reached(floor: OutcomeRig) -> None:
        talk = await rung(floor, behaviour, mode)
        await talk.step(TransferStep.TALKING)
        await talk.sees("agent")
        assert talk.results() == [result]
        assert talk.state.asked_for is None
        await talk.end()


of("hold")
of("talk")


def test_numbers_outside(asterisk_tree: AsteriskTree, subtests: pytest.Subtests) -> None:
    judge(subtests, asyncio.run(scene.play(asterisk_tree)))


def test_numbers_outside_on_the_oldest(oldest_asterisk: AsteriskTree, subtests: pytest.Subtests) -> None:
    """There an agent's leg whose caller has hung up may wait for `grace` before it ends."""
    judge(subtests, asyncio.run(scene.play(oldest_asterisk, timers=replace(TIMES, grace=4))))
