"""Dates of the file: literal, or counted from today, so that a demo is always about now."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

_MOMENT = re.compile(r"(?:(?P<iso>\d{4}-\d\d-\d\d)|today(?P<days>[+-]\d{1,4})?)(?:[ T](?P<time>\d\d:\d\d))?")


def read_moment(text: str, today: date) -> datetime | date | None:
    """ "2026-11-27", "today", "today+3" are days; with " 14:00" behind they are local moments. None:
    unreadable."""
    match = _MOMENT.fullmatch(text)
    if not match:
        return None
    try:
        day = date.fromisoformat(match["iso"]) if match["iso"] else today + timedelta(int(match["days"] or 0))
        return datetime.combine(day, time.fromisoformat(match["time"])) if match["time"] else day
    except (ValueError, OverflowError):
        return None


def read_span(start: str, until: str, today: date) -> tuple[datetime, datetime, bool] | None:
    """Start, exclusive end, and whether whole days are meant: then `until` is the last day. None: unreadable
    or mixed."""
    first, last = read_moment(start, today), read_moment(until, today)
    if isinstance(first, datetime) and isinstance(last, datetime):
        return (first, last, False) if first < last else None
    if (
        first is None
        or last is None
        or isinstance(first, datetime)
        or isinstance(last, datetime)
        or first > last
    ):
        return None
    return datetime.combine(first, time()), datetime.combine(last + timedelta(1), time()), True
