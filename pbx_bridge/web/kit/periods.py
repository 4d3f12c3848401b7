"""A period of whole days as somebody chooses it, and by what it is counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from rules.fault import Fault
from rules.presence.availability import instant
from rules.text.typed_moments import read_day

PERIODS = ("today", "week", "month", "custom")
HALF_A_YEAR = timedelta(days=182)
"""A day without its year has been: of the year that ends today."""
MOST_DAYS = 62
MOST_WEEKS = 400
"""Up to two months are shown by the day, up to a good year by the week, more by the month."""


def days_of(values: Mapping[str, str], today: date, longest: int, too_long: str) -> tuple[date, date] | Fault:
    """The first and the last day of `period`; of one of their own (`first`, `last`) at most `longest` days
    apart, else the fault `too_long`; further faults: period_no_day, period_backwards."""
    match values["period"]:
        case "today":
            return today, today
        case "week":
            return today - timedelta(today.weekday()), today
        case "month":
            return today.replace(day=1), today
    found: list[date] = []
    for name in ("first", "last"):
        day = read_day(values[name], today - HALF_A_YEAR)
        if day is None:
            return Fault(name, "period_no_day")
        found.append(day)
    first, last = found
    if last < first:
        return Fault("last", "period_backwards")
    if (last - first).days > longest:
        return Fault("first", too_long)
    return first, last


def midnight(day: date, zone: str) -> datetime:
    """The beginning of the day there, in UTC."""
    return instant(datetime(day.year, day.month, day.day), zone)  # noqa: DTZ001 - wall time on purpose


def grouping(days: int) -> Callable[[date], date]:
    """Which day a bar begins with, in a period of so many days."""
    if days <= MOST_DAYS:
        return lambda day: day
    if days <= MOST_WEEKS:
        return lambda day: day - timedelta(day.weekday())
    return lambda day: day.replace(day=1)
