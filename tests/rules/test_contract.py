"""Days without a contract: what is left of a month, and that nothing else is paid for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.billing.contract import ContractGap, gap, with_contract
from rules.billing.statement import LineKind, statement
from rules.billing.terms import Terms
from rules.billing.usage import Usage
from tests.rules.test_billing import BERLIN, MANY, MONTHS, OCTOBER, VERSIONS, of

DAYS = st.dates(date(2026, 2, 20), date(2026, 12, 10))
GAPS = st.lists(st.builds(ContractGap, DAYS, DAYS), max_size=4)


@given(DAYS, DAYS, GAPS)
def test_what_gaps_leave_is_each_day_that_lies_in_none(
    first: date, last: date, gaps: list[ContractGap]
) -> None:
    spans = list(with_contract(first, last, gaps))
    left = [begin + timedelta(n) for begin, end in spans for n in range((end - begin).days + 1)]
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    assert left == [day for day in days if not any(one.first <= day <= one.last for one in gaps)]
    assert all(begin <= end for begin, end in spans)


@given(MONTHS, VERSIONS, MANY, GAPS)
def test_in_a_gap_nothing_is_paid_and_what_was_used_is_named(
    month: date, terms: list[Terms], used: list[Usage], gaps: list[ContractGap]
) -> None:
    whole, made = (statement(month, BERLIN, terms, used, gaps=some) for some in ((), gaps))
    outside = {one.id for one in used if any(g.first <= one.day(BERLIN) <= g.last for g in gaps)}
    behind = {usage for line in made.lines for usage in line.usage}
    assert not behind & outside
    assert behind == {usage for line in whole.lines for usage in line.usage} - outside
    assert sum(line.cents for line in of(LineKind.BASE, made)) <= sum(
        line.cents for line in of(LineKind.BASE, whole)
    )


def test_the_days_of_signing_of_the_end_and_of_going_on_are_paid_for() -> None:
    """23:30 UTC is the next day in Berlin."""
    late = datetime(2026, 10, 9, 23, 30, tzinfo=UTC)
    assert gap(None, late, BERLIN) == ContractGap(date.min, date(2026, 10, 9))
    assert gap(late, None, BERLIN) == ContractGap(date(2026, 10, 11), date.max)
    same = gap(late, late + timedelta(hours=1), BERLIN)
    assert list(with_contract(OCTOBER, date(2026, 10, 31), [same])) == [(OCTOBER, date(2026, 10, 31))]
