"""Which rows the operator's first page has, how urgent each is, and what comes first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rules.office.needs import LONG_PAUSES, PRESSURES, Concern, Need, Sighting, Urgency, is_long_pause, needs
from rules.vocabulary import PauseReason, PhoneTrouble

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def seen(concern: Concern, minutes: float | None = 0, last: float = 0, count: int = 1) -> Sighting:
    """Since so many minutes ago; the newest so many minutes ago."""
    since = None if minutes is None else NOW - minutes * MINUTE
    return Sighting(concern, count, since, NOW - last * MINUTE)


@pytest.mark.parametrize(
    "concern, minutes, urgency",
    [
        (Concern.PBX, 0, Urgency.NOW),
        (Concern.STORAGE, 0, Urgency.NOW),
        (Concern.ALARM, 0, Urgency.NOW),
        (Concern.UNTOLD, 0, Urgency.NOW),
        (Concern.CALL_BACK, 119, Urgency.TODAY),
        (Concern.CALL_BACK, 120, Urgency.NOW),
        (Concern.UNNOTED, 119, Urgency.TODAY),
        (Concern.UNNOTED, 120, Urgency.NOW),
        (Concern.MAIL, 4, Urgency.TODAY),
        (Concern.MAIL, 5, Urgency.NOW),
        (Concern.SMS, 59, Urgency.TODAY),
        (Concern.SMS, 60, Urgency.NOW),
        (Concern.FAILED, 239, Urgency.TODAY),
        (Concern.FAILED, 240, Urgency.NOW),
        (Concern.UNCERTAIN, 240, Urgency.NOW),
        (Concern.OVERDUE, 60, Urgency.NOW),
        (Concern.PAUSED, 10_000, Urgency.TODAY),
        (Concern.INCOMPLETE, None, Urgency.SOON),
        (Concern.INCOMPLETE, 10_000, Urgency.SOON),
        (Concern.ALLOWANCE_FULL, None, Urgency.TODAY),
        (Concern.ALLOWANCE_NEAR, None, Urgency.SOON),
        (Concern.CALENDAR, 10_000, Urgency.SOON),
    ],
)
def test_how_urgent(concern: Concern, minutes: float | None, urgency: Urgency) -> None:
    (row,) = needs([seen(concern, minutes)], NOW)
    assert row == Need(urgency, seen(concern, minutes))


@pytest.mark.parametrize("last, urgency", [(0, Urgency.NOW), (59, Urgency.NOW), (60, Urgency.TODAY)])
def test_a_line_that_rings_for_nobody_is_urgent_while_it_rings(last: float, urgency: Urgency) -> None:
    (row,) = needs([seen(Concern.UNKNOWN_LINE, 5_000, last)], NOW)
    assert row.urgency is urgency


def test_the_most_urgent_comes_first_and_then_what_callers_suffer_from() -> None:
    found = [seen(concern, 10_000, 10_000) for concern in reversed(Concern)]
    rows = needs(found, NOW)
    assert [row.urgency for row in rows] == sorted((row.urgency for row in rows), key=list(Urgency).index)
    for urgency in Urgency:
        places = [list(Concern).index(row.found.concern) for row in rows if row.urgency is urgency]
        assert places == sorted(places), urgency
    assert rows[0].found.concern is Concern.PBX
    assert len(rows) == len(Concern)


def test_what_is_not_there_is_no_row() -> None:
    assert needs([seen(concern, count=0) for concern in Concern], NOW) == ()
    assert needs([], NOW) == ()


def test_a_clock_that_was_put_back_makes_nothing_urgent() -> None:
    (row,) = needs([seen(Concern.FAILED, -600)], NOW)
    assert row.urgency is Urgency.TODAY


def test_each_concern_and_each_pause_has_its_rule() -> None:
    assert PRESSURES.keys() == set(Concern)
    assert LONG_PAUSES.keys() == {*PauseReason, *PhoneTrouble}


@pytest.mark.parametrize(
    "reason, minutes, is_long",
    [
        ("lunch", 74, False),
        ("lunch", 75, True),
        ("break", 30, True),
        ("meeting", 75, False),
        ("phone_refuses", 4, False),
        ("phone_refuses", 5, True),
        ("a reason of next year", 44, False),
        ("a reason of next year", 45, True),
    ],
)
def test_a_long_pause_depends_on_its_reason(reason: str, minutes: int, is_long: bool) -> None:
    assert is_long_pause(reason, NOW - minutes * MINUTE, NOW) is is_long
