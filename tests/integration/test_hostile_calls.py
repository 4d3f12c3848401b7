"""Whatever bytes stand in a call, the PBX reports nothing but what it did itself, and turns nobody away."""

from __future__ import annotations

from functools import partial

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from tests.integration.raw_peers import AGENTS, open_street
from tests.pbx import hostile
from tests.pbx.sip_message import Invite, busy, rings

pytestmark = pytest.mark.asterisk

FORGERS, HASTY, STRANGERS, PHONES = 150, 40, 50, 22
NOWHERE = frozenset({0, 401, 403, 404})
"""All that a stranger may be told; 0 = nothing."""


async def test_no_call_from_outside_makes_the_house_believe_anything(asterisk_tree: AsteriskTree) -> None:
    await nothing_from_outside(asterisk_tree, FORGERS, HASTY, STRANGERS)


async def nothing_from_outside(tree: AsteriskTree, forgers: int, in_haste: int, strangers: int) -> None:
    """So many of each."""
    async with open_street(tree) as street, street.nothing_believed() as victim:
        for agent, phone in zip(AGENTS[1:], (rings, busy, rings), strict=True):
            await street.agent(agent, phone)
        ordinary = [*hostile.numbers(), *hostile.forgers(victim, forgers)]
        await street.all_reach_the_queue(ordinary)
        hasty = [street.trunk.send(invite) for invite in hostile.forgers(victim, in_haste, seed=2)]
        for invite in hasty:
            street.trunk.hang_up(invite)  # in the same millisecond: the call is over before its first step
        strange = [street.stranger.send(invite) for invite in hostile.strangers(victim, strangers)]
        for invite in hasty:
            assert await street.trunk.answered(invite) in {200, 487}
            street.trunk.hang_up(invite)
        await street.quiet()
        assert {invite.status for invite in strange} <= NOWHERE
        assert 1 + len(ordinary) <= street.stream.count("SecCall") <= 1 + len(ordinary) + len(hasty)


async def test_no_phone_that_is_rung_makes_the_house_believe_anything(asterisk_tree: AsteriskTree) -> None:
    async with open_street(asterisk_tree) as street, street.nothing_believed() as victim:
        for number, phone in enumerate(hostile.phone_answers(victim, PHONES)):
            agent = AGENTS[1 + number % 3]
            await street.agent(agent, phone)
            await street.all_reach_the_queue([Invite()], partial(street.rings, agent))
            assert await street.service.queue.pause(f"PJSIP/{agent}", "test") is None
            await street.quiet()
        assert street.stream.count("SecCall") == 1 + PHONES, "nothing that a phone answers becomes a call"
