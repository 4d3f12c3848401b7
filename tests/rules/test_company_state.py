from __future__ import annotations

import pytest

from rules.office.company_state import CompanyState, company_state
from rules.vocabulary import ServiceState


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


@pytest.mark.parametrize(
    "service, reached, state",
    [
        (ServiceState.SET_UP, False, CompanyState.SET_UP),
        (ServiceState.SET_UP, True, CompanyState.PREPARED),
        (ServiceState.SUSPENDED, True, CompanyState.SUSPENDED),
        (ServiceState.ENDING, True, CompanyState.ENDING),
        (ServiceState.ENDED, False, CompanyState.ENDED),
    ],
)
def test_a_decision_counts_before_what_is_there(
    service: ServiceState, reached: bool, state: CompanyState
) -> None:
    assert company_state(reached=reached, called=True, service=service) is state
