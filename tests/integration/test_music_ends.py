"""Whoever is fetched out of the hold music hears it no more, however slowly the PBX reads it.

Asterisk cannot stop the music of another channel in the moment in which that channel makes 20 ms of it. With
a fast disk on an idle machine this moment is a hundredth of the time and less; here it is most of it.
"""

from __future__ import annotations

import asyncio

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import TransferStep
from tests.integration.outcome_rig import OutcomeRig, Talk, open_floor
from tests.pbx.fixtures import asterisk_tree, oldest_asterisk
from tests.pbx.slow_music import slow_music
from tests.until import PATIENCE, until

__all__ = ["asterisk_tree", "oldest_asterisk"]
pytestmark = pytest.mark.asterisk
AT_ONCE, ROUNDS = 4, 3


async def fetched(floor: OutcomeRig) -> None:
    """The employee by the agent, the caller by the agent, at last the caller by the employee."""
    talk = await floor.talk()
    for _ in range(ROUNDS):
        await talk.ring("answer:0", mode="talk")
        await consulting(talk, TransferStep.ANSWERED)
        await talk.ask(msg.AskBack)
        await back(talk)
        await talk.silent()
    await talk.ring("answer:0")
    await consulting(talk, TransferStep.CONSULTING)
    await talk.ask(msg.AskConnect)
    await floor.oracle.sees(talk.call, "employee")
    await talk.converse(talk.caller, await talk.employee())
    await talk.end()


async def consulting(talk: Talk, first: TransferStep) -> None:
    """Agent and employee talk; the caller's music has too many gaps to be told as such."""
    await until(lambda: talk.state.step is first, PATIENCE, lambda: f"{first}, but it is {talk.state}")
    if first is TransferStep.ANSWERED:
        await talk.ask(msg.AskSwitch)
    await until(lambda: talk.state.step is TransferStep.CONSULTING, PATIENCE, lambda: f"{talk.state}")
    await talk.converse(talk.agent, await talk.employee())


async def back(talk: Talk) -> None:
    await talk.floor.oracle.sees(talk.call, "agent")
    await talk.converse(talk.caller, talk.agent)


async def play(tree: AsteriskTree, **changes: object) -> list[BaseException]:
    """What went wrong in any of the calls; `changes` as for `open_room`."""
    async with open_floor(tree, **changes) as floor:
        with slow_music(floor.room.pbx):
            ends = await asyncio.gather(*(fetched(floor) for _ in range(AT_ONCE)), return_exceptions=True)
    return [end for end in ends if isinstance(end, BaseException)]


def test_whoever_is_fetched_hears_no_music_any_more(asterisk_tree: AsteriskTree) -> None:
    assert asyncio.run(play(asterisk_tree)) == []


def test_the_same_on_the_oldest_asterisk(oldest_asterisk: AsteriskTree) -> None:
    assert asyncio.run(play(oldest_asterisk)) == []
