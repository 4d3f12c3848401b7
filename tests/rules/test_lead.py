"""Who stands by decides by what is seen of whoever leads."""

from __future__ import annotations

import pytest

from rules.presence.lead import LeadSeen, hands_off, hangs, renewed_every, still_leads

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


@pytest.mark.parametrize("now, leads", [(FRESH, True), (OVER, True), (NEXT, False), (None, False)])
def test_only_a_take_over_ends_a_lead(now: LeadSeen | None, *, leads: bool) -> None:
    assert still_leads(7, now) is leads


@pytest.mark.parametrize("lease", [0.5, 15, 120])
def test_whoever_leads_comes_back_before_those_who_stand_by(lease: float) -> None:
    assert renewed_every(lease) < hands_off(lease) < lease
