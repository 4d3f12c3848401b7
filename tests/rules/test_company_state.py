from __future__ import annotations

import pytest

from rules.office.company_state import CompanyState, company_state


@pytest.mark.parametrize(
    "reached, called, state",
    [
        (False, False, CompanyState.SET_UP),
        (False, True, CompanyState.SET_UP),
        (True, False, CompanyState.READY),
        (True, True, CompanyState.LIVE),
    ],
)
def test_how_far_a_company_is(reached: bool, called: bool, state: CompanyState) -> None:
    assert company_state(reached=reached, called=called) is state
