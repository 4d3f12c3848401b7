from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from rules.customers.service_state import (
    FOLLOWING,
    StateRefusal,
    decided,
    erased_from,
    own_people_write,
    turns_callers_away,
)
from rules.decision import Refused
from rules.vocabulary import ServiceState

S = ServiceState


@pytest.mark.parametrize("was, wanted", [*product(S, [*S, "nonsense"])])
def test_only_what_may_follow_is_decided(was: S, wanted: str) -> None:
    became = decided(was, was.value, wanted, 0)
    if wanted in FOLLOWING[was]:
        assert became == wanted
    else:
        assert became == Refused(StateRefusal.NOT_FROM_HERE)


@pytest.mark.parametrize("was", [one for one in S if S.ENDED in FOLLOWING[one]])
def test_an_end_waits_for_the_calls_that_go_on(was: S) -> None:
    assert decided(was, was.value, "ended", 1) is S.ENDING
    assert decided(was, was.value, "ended", 0) is S.ENDED


def test_nobody_decides_about_what_they_did_not_see() -> None:
    assert decided(S.SUSPENDED, "live", "ended", 0) == Refused(StateRefusal.MEANWHILE)
    assert decided(S.SUSPENDED, "live", "suspended", 0) == Refused(StateRefusal.MEANWHILE)


def test_each_state_says_who_is_heard_and_who_may_write() -> None:
    assert {one for one in S if turns_callers_away(one)} == {S.SUSPENDED, S.ENDING}
    assert {one for one in S if own_people_write(one)} == {S.SET_UP, S.LIVE}
    assert not any(S.ENDING in some for some in FOLLOWING.values()), "calls decide it"


@pytest.mark.parametrize(
    "ended, zone, gone",
    [
        ("2026-11-01T00:00", "Europe/Berlin", "2026-12-30T23:00"),
        ("2026-11-30T22:59", "Europe/Berlin", "2026-12-30T23:00"),
        ("2026-11-30T23:00", "Europe/Berlin", "2027-01-30T23:00"),
        ("2026-11-30T23:00", "America/New_York", "2026-12-31T05:00"),
        ("2026-02-28T12:00", "Europe/Berlin", "2026-03-30T22:00"),
        ("2026-12-31T12:00", "Europe/Berlin", "2027-01-30T23:00"),
    ],
)
def test_the_month_of_an_end_is_over_before_its_days_are_counted(ended: str, zone: str, gone: str) -> None:
    moment = datetime.fromisoformat(ended).replace(tzinfo=UTC)
    assert erased_from(moment, zone, timedelta(days=30)) == datetime.fromisoformat(gone).replace(tzinfo=UTC)
