"""How much of what a tariff includes is used, as the statement of the month counts it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rules.billing.allowance import Allowance, AllowanceKind, highest, together
from rules.billing.statement import LineKind, statement
from tests.rules.test_billing import BERLIN, OCTOBER, PREMIUM, call

CALLS, TIME = AllowanceKind.CALLS, AllowanceKind.TIME


@pytest.mark.parametrize(
    "used, percent, left",
    [(0, 0, 100), (74, 74, 26), (99, 99, 1), (100, 100, 0), (101, 101, 0), (250, 250, 0)],
)
def test_how_much_is_left(used: int, percent: int, left: int) -> None:
    one = Allowance(CALLS, used, 100)
    assert (one.percent, one.left) == (percent, left)


def test_a_share_is_rounded_down() -> None:
    """299 of 400 are no three quarters yet, and 399 are not all."""
    assert [Allowance(CALLS, used, 400).percent for used in (299, 300, 399, 400)] == [74, 75, 99, 100]


def test_what_counts_is_what_the_statement_counts() -> None:
    """A call that is too short is none, minutes count in steps, and what costs nothing more counts too."""
    used = [call(f"2026-10-0{day}T08:00", day, talk=seconds) for day, seconds in ((1, 61), (2, 9), (3, 60))]
    free = replace(PREMIUM, call_micros=0, minute_micros=0, included_calls=4, included_seconds=600)
    made = statement(OCTOBER, BERLIN, [free], used)
    assert made.allowances == (Allowance(CALLS, 2, 4), Allowance(TIME, 180, 600))
    assert highest(made.allowances) == 50
    assert {LineKind.CALLS, LineKind.TIME}.isdisjoint(line.kind for line in made.lines)


def test_where_nothing_is_included_there_is_none() -> None:
    bare = replace(PREMIUM, included_calls=0)
    made = statement(OCTOBER, BERLIN, [bare], [call("2026-10-01T08:00", talk=61)])
    assert made.allowances == ()
    assert highest(made.allowances) == 0


def test_a_change_of_price_in_the_month_adds_its_parts() -> None:
    first = replace(PREMIUM, included_calls=31)
    then = replace(first, first_day=date(2026, 10, 11), included_calls=62)
    used = [call("2026-10-01T08:00", 1, talk=60), call("2026-10-20T08:00", 2, talk=60)]
    made = statement(OCTOBER, BERLIN, [first, then], used)
    assert made.allowances == (Allowance(CALLS, 2, 10 + 42),), "ten days of 31, and twenty-one of 62"


def test_nothing_used_is_all_there() -> None:
    assert statement(OCTOBER, BERLIN, [PREMIUM], []).allowances == (Allowance(CALLS, 0, 2),)
    assert together([]) == ()


def test_little_that_begins_late_is_nothing() -> None:
    """Of 20 calls a month none falls on its last day, and what is nothing is not divided by."""
    bare = replace(PREMIUM, included_calls=0)
    late = replace(bare, first_day=date(2026, 10, 31), included_calls=20)
    made = statement(OCTOBER, BERLIN, [bare, late], [call("2026-10-31T08:00", talk=61)])
    assert made.allowances == ()
    assert highest([Allowance(CALLS, 1, 0), Allowance(TIME, 0, 0)]) == 100
