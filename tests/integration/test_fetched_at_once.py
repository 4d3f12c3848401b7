"""The agent fetches the employee in the moment of the pick-up, before any music: they hear each other."""

from __future__ import annotations

import asyncio

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import TransferStep
from tests.integration.outcome_rig import OutcomeRig, open_floor
from tests.pbx.fixtures import asterisk_tree
from tests.until import PATIENCE

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk
AT_ONCE, ROUNDS = 6, 4


async def fetched_at_once(floor: OutcomeRig) -> None:
    talk = await floor.talk()
    for _ in range(ROUNDS):
        await talk.ring("answer:0", mode="talk")
        async with asyncio.timeout(PATIENCE):
            while talk.state.step is not TransferStep.ANSWERED:
                await asyncio.sleep(0.001)
        await talk.ask(msg.AskSwitch)
        await talk.step(TransferStep.CONSULTING)  # with speech
        await talk.ask(msg.AskBack)
        await talk.sees("agent")
    await talk.end()


def test_fetched_in_the_moment_of_the_pick_up_everybody_hears(asterisk_tree: AsteriskTree) -> None:
    async def play() -> list[BaseException]:
        async with open_floor(asterisk_tree) as floor:
            ends = await asyncio.gather(
                *(fetched_at_once(floor) for _ in range(AT_ONCE)), return_exceptions=True
            )
        return [end for end in ends if isinstance(end, BaseException)]

    assert asyncio.run(play()) == []
