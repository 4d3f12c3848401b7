"""Figures add up whatever the parts, shares are of what is decided, and what is not known comes last."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rules.office.report import ReportBy, ReportFigures, ReportOrder, ReportRow, day_key, hour_key, in_order
from rules.stepwise import at_once

GOOD = ReportFigures(
    calls=10,
    answered=9,
    in_time=8,
    abandoned=1,
    waited=90.0,
    rung=4,
    joined=3,
    notes=6,
    handled=9,
    handling=900,
)
POOR = ReportFigures(
    calls=12,
    answered=2,
    in_time=0,
    abandoned=8,
    waited=80.0,
    rung=1,
    joined=0,
    notes=2,
    handled=2,
    handling=60,
)
WAITING = ReportFigures(calls=1)


def test_parts_add_up_to_the_whole_in_any_order() -> None:
    assert GOOD + POOR + ReportFigures() == POOR + GOOD
    assert GOOD + (POOR + WAITING) == (GOOD + POOR) + WAITING
    assert (GOOD + POOR).waited == 170


def test_shares_are_of_what_is_decided() -> None:
    both = GOOD + POOR + WAITING
    assert (both.calls, both.decided) == (23, 20)
    assert (both.in_time_percent, both.abandoned_percent) == (40, 45)
    assert (GOOD.average_wait, GOOD.through_percent, GOOD.average_handling) == (10, 75, 100)


def test_where_nothing_is_known_there_is_no_figure() -> None:
    shares = (WAITING.in_time_percent, WAITING.abandoned_percent, WAITING.average_wait)
    assert {*shares, WAITING.through_percent, WAITING.average_handling} == {None}


@pytest.mark.parametrize(
    "order, names",
    [
        (ReportOrder.NAME, "abc"),
        (ReportOrder.CALLS, "bac"),
        (ReportOrder.IN_TIME, "abc"),
        (ReportOrder.WAIT, "bac"),
        (ReportOrder.ABANDONED, "bac"),
        (ReportOrder.THROUGH, "abc"),
        (ReportOrder.NOTES, "abc"),
        (ReportOrder.HANDLING, "abc"),
    ],
)
def test_the_most_comes_first_and_what_is_not_known_last(order: ReportOrder, names: str) -> None:
    rows = [ReportRow("", "c", WAITING), ReportRow("", "b", POOR), ReportRow("", "a", GOOD)]
    assert "".join(row.name for row in at_once(in_order(rows, order))) == names


def test_days_are_in_the_order_of_the_calendar_and_not_of_their_names() -> None:
    rows = [ReportRow("2026-11-24", "Di 24.11.", GOOD), ReportRow("2026-11-23", "Mo 23.11.", GOOD)]
    found = at_once(in_order(rows, ReportOrder.NAME, ReportBy.DAY))
    assert [row.key for row in found] == ["2026-11-23", "2026-11-24"]


def test_days_and_hours_are_those_of_the_clock_on_the_wall() -> None:
    """The hour that comes twice is one hour of the day, and still belongs to that day."""
    for utc, hour in ((0, "02"), (1, "02"), (22, "23")):
        at = datetime(2026, 10, 25, utc, 15, tzinfo=UTC)
        assert (day_key(at, "Europe/Berlin"), hour_key(at, "Europe/Berlin")) == ("2026-10-25", hour)
    assert day_key(datetime(2026, 10, 25, 23, tzinfo=UTC), "Europe/Berlin") == "2026-10-26"
