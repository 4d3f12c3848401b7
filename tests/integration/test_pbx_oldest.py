"""The oldest Asterisk that we promise (16, as Debian 11 has it): our configuration, a call, put-throughs.

The whole suite runs on it with PBX_BRIDGE_ASTERISK_SUITE=bullseye.
"""

from __future__ import annotations

import asyncio

import pytest

from pbx_bridge.asterisk.locate import AsteriskTree
from tests.integration import test_outcomes_hold_first, test_outcomes_keys, test_outcomes_ring_while_talking
from tests.integration.outcome_rig import open_floor
from tests.integration.scenes import Scenes, judge
from tests.integration.test_faults_unseen_calls import (
    test_while_the_link_is_frozen,
    test_while_the_service_is_dead,
)
from tests.integration.test_given_phones import (
    test_a_given_phone_works_without_a_file_survives_the_pbx_and_is_taken_away,
)
from tests.integration.test_hostile_calls import nothing_from_outside
from tests.integration.test_outcomes_races import (
    AT_ONCE,
    MILLISECONDS,
    back_and_gone,
    connected_and_gone,
    consulting,
    held,
)
from tests.integration.test_outcomes_same_moment import (
    test_an_agent_who_hangs_up_in_the_moment_of_the_pick_up_leaves_the_caller_to_the_queue,
    test_two_things_in_one_moment_leave_no_caller_behind,
    test_whoever_goes_back_in_the_moment_of_the_pick_up_is_with_the_caller,
)
from tests.integration.test_pbx_configuration import test_a_call_leaves_no_warning_in_the_log_of_either_side
from tests.integration.test_pbx_forwarding_phones import (
    test_an_employee_who_forwards_is_not_reached_and_the_deputy_is_rung,
)
from tests.integration.test_pbx_memory import (
    talk,
    test_who_waits_again_and_who_answers_then,
    test_whom_the_caller_was_put_through_to,
)
from tests.integration.test_pbx_nobody_free import (
    test_the_dial_plan_looks_at_the_clock_as_the_rule_does,
    test_whoever_waits_too_long_speaks_after_a_tone,
)
from tests.integration.test_pbx_own_loop import test_it_is_known_as_our_own_and_the_deputy_is_rung
from tests.integration.test_pbx_sipp import bench, test_no_number_makes_the_pbx_report_what_the_caller_wants
from tests.pbx.fixtures import oldest_asterisk

__all__ = [
    "bench",
    "oldest_asterisk",
    "talk",
    "test_a_call_leaves_no_warning_in_the_log_of_either_side",
    "test_a_given_phone_works_without_a_file_survives_the_pbx_and_is_taken_away",
    "test_an_agent_who_hangs_up_in_the_moment_of_the_pick_up_leaves_the_caller_to_the_queue",
    "test_an_employee_who_forwards_is_not_reached_and_the_deputy_is_rung",
    "test_it_is_known_as_our_own_and_the_deputy_is_rung",
    "test_no_number_makes_the_pbx_report_what_the_caller_wants",
    "test_the_dial_plan_looks_at_the_clock_as_the_rule_does",
    "test_two_things_in_one_moment_leave_no_caller_behind",
    "test_while_the_link_is_frozen",
    "test_while_the_service_is_dead",
    "test_who_waits_again_and_who_answers_then",
    "test_whoever_goes_back_in_the_moment_of_the_pick_up_is_with_the_caller",
    "test_whoever_waits_too_long_speaks_after_a_tone",
    "test_whom_the_caller_was_put_through_to",
]
pytestmark = pytest.mark.asterisk

PLAYED = {
    test_outcomes_hold_first: (
        "busy, deputy accepts: consultation, connect, agent free a second later",
        "back while ringing: agent with caller, the phone stops",
        "agent hangs up, employee rings: caller requeued, phone stops",
        "employee gone < 4 s after connect: caller requeued, not dropped",
    ),
    test_outcomes_ring_while_talking: (
        "busy, deputy accepts: music until the key, consultation, connect",
        "agent hangs up, consulting: caller requeued, employee dropped",
    ),
    test_outcomes_keys: (
        "1 while consulting: caller and employee together, the agent is free; keys do nothing any more",
        "2 while consulting: the deputy is rung, and accepts with 1",
    ),
}


@pytest.fixture
def asterisk_tree(oldest_asterisk: AsteriskTree) -> AsteriskTree:
    """What the tests taken over from elsewhere run on."""
    return oldest_asterisk


def test_the_oldest_asterisk_carries_calls_and_put_throughs(
    asterisk_tree: AsteriskTree, subtests: pytest.Subtests
) -> None:
    chosen = Scenes()
    for module, names in PLAYED.items():
        chosen.scenes |= {name: module.scene.scenes[name] for name in names}
    judge(subtests, asyncio.run(chosen.play(asterisk_tree)))


async def test_no_call_from_outside_makes_it_believe_anything(asterisk_tree: AsteriskTree) -> None:
    await nothing_from_outside(asterisk_tree, 40, 12, 14)


async def test_hang_ups_in_the_wrong_millisecond_leave_nobody_on_music(asterisk_tree: AsteriskTree) -> None:
    async with open_floor(asterisk_tree) as floor:
        talks = await asyncio.gather(*(held(floor) for _ in range(AT_ONCE)))
        await asyncio.gather(*map(back_and_gone, talks, MILLISECONDS))
        talks = await asyncio.gather(*(consulting(floor) for _ in range(AT_ONCE)))
        await asyncio.gather(*(connected_and_gone(talk, after * 0.2) for after, talk in enumerate(talks)))
