"""Who stands by decides by what is seen of whoever leads."""

from __future__ import annotations

import pytest

from rules.presence.lead import LeadSeen, hands_off, hangs, renewed_every, still_leads, was_held_up

FRESH, OVER, NEXT = LeadSeen(7, over=False), LeadSeen(7, over=True), LeadSeen(8, over=True)


@pytest.mark.parametrize(
    "before, now, hung",
    [
        (None, OVER, False),
        (FRESH, FRESH, False),
        (FRESH, OVER, False),  # seen once: it may be of whoever led before
        (OVER, OVER, True),
        (OVER, FRESH, False),  # renewed late
        (OVER, NEXT, False),  # another one has taken over meanwhile
        (NEXT, NEXT, True),
    ],
)
def test_whoever_gives_no_sign_of_life_twice_hangs(
    before: LeadSeen | None, now: LeadSeen, *, hung: bool
) -> None:
    assert hangs(before, now) is hung


@pytest.mark.parametrize(
    "before, now, held_up",
    [
        (LeadSeen(7, over=False, at=100), LeadSeen(7, over=True, at=130), True),
        (
            LeadSeen(7, over=False, at=100),
            LeadSeen(7, over=True, at=102),
            False,
        ),  # it has looked all the time
        (LeadSeen(7, over=True, at=100), LeadSeen(7, over=True, at=130), False),  # over before: it hangs
        (LeadSeen(7, over=False, at=100), LeadSeen(7, over=False, at=130), False),
        (None, LeadSeen(7, over=True, at=130), False),
    ],
)
def test_whoever_did_not_look_itself_gives_the_other_one_time_once(
    before: LeadSeen | None, now: LeadSeen, *, held_up: bool
) -> None:
    assert was_held_up(before, now, 15) is held_up


@pytest.mark.parametrize("now, leads", [(FRESH, True), (OVER, True), (NEXT, False), (None, False)])
def test_only_a_take_over_ends_a_lead(now: LeadSeen | None, *, leads: bool) -> None:
    assert still_leads(7, now) is leads


@pytest.mark.parametrize("lease", [0.5, 15, 120])
def test_whoever_leads_comes_back_before_those_who_stand_by(lease: float) -> None:
    assert renewed_every(lease) < hands_off(lease) < lease
