"""What the desk promises is what is rung: one limit of people tried for list, call and rehearsal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pbx_bridge.desk.screen.pop import Pops
from pbx_bridge.directory.index import Index
from pbx_bridge.settings import TransferSettings
from pbx_bridge.transfers.dial_rules import ring_rules
from rules.calls.transfer import plan
from rules.model import Caller
from rules.text.dialling import DialRules
from tests.rules.sample_facts import JENS, MUSTERMANN

MONDAY_TEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NAMES = [f"p{number}" for number in range(6)]
PEOPLE = tuple(
    replace(JENS, id=name, extension=f"03023125{140 + at}", deputy_id=deputy)
    for at, (name, deputy) in enumerate(zip(NAMES, [*NAMES[1:], None], strict=True))
)
COMPANY = replace(MUSTERMANN, employees=PEOPLE)


@pytest.mark.parametrize("most", [1, 3, 5])
async def test_the_desk_promises_as_many_as_are_rung(most: int) -> None:
    ring = ring_rules(TransferSettings(max_attempts=most))
    pops = Pops(DialRules(), ring, lambda _locale, key, **_: key, Index())
    views, _, _ = await pops.found(COMPANY, Caller(), "", NAMES[:1], MONDAY_TEN)
    rung = plan(COMPANY, PEOPLE[0], Caller(), MONDAY_TEN, DialRules(), ring)
    assert views[0].tries == [step.employee_id for step in rung.steps] == NAMES[:most]
