"""The agent hangs up while an employee is rung, twenty times: a race in the dial plan (PBX.md section 6)."""

from __future__ import annotations

import asyncio

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from tests.integration.outcome_rig import OutcomeRig, Talk, open_floor
from tests.pbx.fixtures import asterisk_tree

__all__ = ["asterisk_tree"]
pytestmark = pytest.mark.asterisk
ROUNDS = 20


async def rung(floor: OutcomeRig) -> Talk:
    """Caller on music, agent hears the ring tone, the employee's phone rings."""
    talk = await floor.talk()
    await talk.ring("ring", seconds=12)
    await floor.far.rang(talk.employees[0])
    return talk


async def gone(talk: Talk) -> None:
    """The caller is in the queue, long before the hold limit, and the phone is still."""
    await talk.far.hang_up(talk.agent)
    await talk.requeued()
    await talk.silent(talk.employees[0])


async def test_the_caller_is_back_in_the_queue_every_time(asterisk_tree: AsteriskTree) -> None:
    async with open_floor(asterisk_tree) as floor:
        for _ in range(ROUNDS // 5):
            talks = await asyncio.gather(*(rung(floor) for _ in range(5)))
            await asyncio.gather(*map(gone, talks))
            await asyncio.gather(*(talk.end_of_caller() for talk in talks))
