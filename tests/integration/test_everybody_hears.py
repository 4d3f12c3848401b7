"""Many calls at once, every one of them listened to from the first word to the last: who hears whom.

Real phones begin their speech streams at chance numbers; whether a put-through employee hears the caller must
not depend on them.
"""

from __future__ import annotations

import asyncio

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import TransferStep
from tests.integration.outcome_rig import OutcomeRig, Talk, open_floor
from tests.pbx.fixtures import asterisk_tree, oldest_asterisk

__all__ = ["asterisk_tree", "oldest_asterisk"]
pytestmark = pytest.mark.asterisk
CODECS = ("alaw", "ulaw")
AT_ONCE = 4
"""Of each mode and codec."""


async def put_through(floor: OutcomeRig, mode: msg.Mode, codec: str) -> None:
    """Talk, hold, back, ask, connect; the deputy is the one who takes the call."""
    talk = await floor.talk(codec)
    await talk.ask(msg.AskHold)
    await talk.step(TransferStep.HELD)
    await talk.hears(talk.caller, "music")
    await talk.hears(talk.agent)
    await talk.ask(msg.AskBack)
    await talk.sees("agent")
    await talk.ring("busy", "answer:0", mode=mode)
    if mode == "talk":
        await talk.step(TransferStep.ANSWERED)
        await talk.converse(talk.caller, talk.agent)
        await talk.ask(msg.AskSwitch)
    await talk.step(TransferStep.CONSULTING)
    await talk.ask(msg.AskConnect)
    await talk.sees("employee")
    await talk.silent(talk.agent)  # its leg stays a second longer
    await talk.sees("employee")
    await talk.end()


async def refused_and_taken_over(floor: OutcomeRig, mode: msg.Mode) -> None:
    """Ask, back to the caller; then the agent's phone is hung up and another agent has the caller."""
    talk = await floor.talk()
    await talk.consult(mode)
    await talk.ask(msg.AskBack)
    await talk.sees("agent")
    await talk.ask(msg.AskHold)
    await talk.step(TransferStep.HELD)
    async with floor.queue:
        await floor.far.hang_up(talk.agent)
        await talk.requeued()
        await floor.fresh_agent_takes_one()
        other = talk.with_the_other()
    await other.sees("agent")
    await connect(other, mode)
    await other.end()


async def connect(talk: Talk, mode: msg.Mode) -> None:
    """Put through by whoever has the caller now."""
    await talk.consult(mode)
    await talk.ask(msg.AskConnect)
    await talk.sees("employee")


async def play(tree: AsteriskTree, at_once: int = AT_ONCE) -> list[BaseException]:
    """What went wrong in any of the calls."""
    modes: tuple[msg.Mode, ...] = ("hold", "talk")
    async with open_floor(tree) as floor:
        calls = [
            put_through(floor, mode, codec) for mode in modes for codec in CODECS for _ in range(at_once)
        ]
        calls += [refused_and_taken_over(floor, mode) for mode in modes for _ in range(2)]
        ends = await asyncio.gather(*calls, return_exceptions=True)
    return [end for end in ends if isinstance(end, BaseException)]


def test_everybody_hears_whom_they_should_and_nobody_else(asterisk_tree: AsteriskTree) -> None:
    assert asyncio.run(play(asterisk_tree)) == []


def test_the_same_on_the_oldest_asterisk(oldest_asterisk: AsteriskTree) -> None:
    assert asyncio.run(play(oldest_asterisk, at_once=2)) == []
