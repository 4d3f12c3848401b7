from __future__ import annotations

from itertools import product

import pytest

from rules.customers.service_state import (
    FOLLOWING,
    StateRefusal,
    decided,
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
