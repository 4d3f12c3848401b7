"""Weekly hours: when somebody is there as a rule, as people write it and as the clock has it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from rules.fault import Fault
from rules.text.holidays import AS_THE_LAW, HouseDays, is_free

Span = tuple[int, int]
"""From and to (exclusive), in minutes since midnight; 1440 is the midnight at the end of the day."""

Week = tuple[tuple[Span, ...], ...]
"""Seven days, Monday first; the spans of a day in order, without touching."""

DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
ENGLISH_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""As a week is stored, and as our files have it; pages have the names of their own language."""
_NAMES = (
    "mo mon montag montags monday mondays",
    "di die dienstag dienstags tu tue tues tuesday tuesdays",
    "mi mit mittwoch mittwochs we wed weds wednesday wednesdays",
    "do don donnerstag donnerstags th thu thur thurs thursday thursdays",
    "fr fre fri freitag freitags friday fridays",
    "sa sam samstag samstags sonnabend sonnabends sat saturday saturdays",
    "so son sonntag sonntags su sun sunday sundays",
)
_NAMED = {name: at for at, names in enumerate(_NAMES) for name in names.split()}
"""Whole words: "werktags" is no Wednesday, and "morgens" no Monday."""
_DAILY = frozenset({"täglich", "daily"})
_UNTIL = r"\s*(?:[-‐‑‒–—―−]|bis|to)\s*"
_DAY = rf"(?P<day>[^\W\d_]{{2,30}})\.?:?(?:{_UNTIL}(?P<last>[^\W\d_]{{2,30}})\.?:?)?"
_CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?(?:\s*(?:Uhr|h)\b)?"
_WORDS = re.compile(
    rf"(?:(?:(?:von|from|jeweils)\s+)?{_CLOCK}{_UNTIL}{_CLOCK}|{_DAY})"
    r"(?:\s*(?:[,;/&+\n]|und\b|and\b|u\.))*\s*",
    re.IGNORECASE,
)
LONGEST = 500
"""Letters; a week with a break in each day has a third of that."""
_HORIZON = timedelta(days=28)
"""How far ahead the next opening is looked for: further than any row of holidays."""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """`state`: whose holidays are free (see rules.text.holidays), or empty; `own`: what the house says of
    them."""

    week: Week
    state: str = ""
    own: HouseDays = AS_THE_LAW


def counting(hours: WorkingHours | None, own: HouseDays | None) -> WorkingHours | None:
    """The same, with what the house says of the holidays of their state, None: nothing. Many share one."""
    return hours if hours is None or own is None else _counting(hours, own)


@lru_cache(maxsize=4096)
def _counting(hours: WorkingHours, own: HouseDays) -> WorkingHours:
    return replace(hours, own=own)


@dataclass(frozen=True, slots=True)
class Shift:
    """Whether somebody is there, and the moment (UTC) at which that turns; None: not within four weeks."""

    there: bool
    until: datetime | None


def shift_at(hours: WorkingHours, zone: str, now: datetime) -> Shift:
    """What holds at `now` (aware) in a place with the local time `zone`."""
    first = now.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    end: datetime | None = None
    for start, stop in _stretches(hours, zone, first):
        if end is not None:
            if start > end:
                return Shift(True, end)
            end = stop
        elif start > now:
            return Shift(False, start)
        elif now < stop:
            end = stop
    return Shift(end is not None, None)


def read_week(text: str, days: Sequence[str] = (), longest: int = LONGEST) -> Week | Fault | None:
    """ "Mo–Do 8–12, 13–17; Fr 8–14" as a week; None when nothing is said. `days`: names of the reader's own
    language, Monday first, that count beside German and English ones; `longest`: letters, as typed and as
    they are written out afterwards.

    Faults of the field "hours": hours_unreadable hours_order hours_overlap (params: `found`, as typed),
    too_long, hours_too_many: written out they are too long.
    """
    if not text.strip():
        return None
    if len(text) > longest:
        return Fault("hours", "too_long", {"max": str(longest), "length": str(len(text))})
    week: list[list[Span]] = [[] for _ in range(7)]
    names = _NAMED | {name.casefold(): at for at, name in enumerate(days)}
    meant: set[int] = set()
    fresh = False  # whether the last thing said was a day
    rest = text.strip().removesuffix(".")
    while rest:
        match = _WORDS.match(rest)
        found = match.group(0).strip(" ,;/&+\n") if match else rest
        if match is None:
            return Fault("hours", "hours_unreadable", {"found": found})
        rest = rest[match.end() :]
        if match["day"]:
            named = _days(match["day"], match["last"], names)
            meant = meant | named if fresh else named
            fresh = True
            if not named or not rest:
                return Fault("hours", "hours_unreadable", {"found": found})
            continue
        fresh = False
        span = _span(*match.groups()[:4])
        if not meant or span is None:
            return Fault("hours", "hours_order" if meant else "hours_unreadable", {"found": found})
        for day in meant:
            week[day].append(span)
    if any(later[0] < earlier[1] for spans in week for earlier, later in itertools.pairwise(sorted(spans))):
        return Fault("hours", "hours_overlap", {"found": text.strip()})
    read = tuple(_joined(sorted(spans)) for spans in week)
    return read if len(write_week(read)) <= longest else Fault("hours", "hours_too_many")


def write_week(week: Week | None, names: Sequence[str] = DAYS) -> str:
    """The week as `read_week` reads it with these `names`, days alike together; empty for None."""
    groups: list[tuple[int, int]] = []
    for day, spans in enumerate(week or ()):
        if groups and groups[-1][1] == day - 1 and spans == (week or ())[day - 1]:
            groups[-1] = (groups[-1][0], day)
        else:
            groups.append((day, day))
    said = [(names[a] if a == b else f"{names[a]}–{names[b]}", (week or ())[a]) for a, b in groups]
    return "; ".join(f"{who} {', '.join(map(_written, spans))}" for who, spans in said if spans)


def _stretches(hours: WorkingHours, zone: str, first: date) -> Iterator[tuple[datetime, datetime]]:
    """The spans of the days from `first` on, in UTC; a time in a gap of the clock lies after it."""
    there = ZoneInfo(zone)
    for ahead in range(_HORIZON.days):
        day = first + timedelta(days=ahead)
        if is_free(day, hours.state, hours.own):
            continue
        midnight = datetime.combine(day, time())
        for span in hours.week[day.weekday()]:
            start, stop = (midnight + timedelta(minutes=minutes) for minutes in span)
            yield start.replace(tzinfo=there).astimezone(UTC), stop.replace(tzinfo=there).astimezone(UTC)


def _days(first: str, last: str | None, names: Mapping[str, int]) -> set[int]:
    """The days from `first` to `last`, also across Sunday; nothing when one is no day."""
    if first.casefold() in _DAILY and last is None:
        return set(range(7))
    ends = [names.get(name.casefold()) for name in (first, last or first)]
    if None in ends:
        return set()
    begin, end = (at for at in ends if at is not None)
    return {(begin + ahead) % 7 for ahead in range((end - begin) % 7 + 1)}


def _span(hour: str, minute: str | None, last_hour: str, last_minute: str | None) -> Span | None:
    start, stop = int(hour) * 60 + int(minute or 0), int(last_hour) * 60 + int(last_minute or 0)
    fine = start < stop <= 24 * 60 and int(minute or 0) < 60 and int(last_minute or 0) < 60
    return (start, stop) if fine else None


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    """Spans that touch are one."""
    joined: list[Span] = []
    for start, stop in spans:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return tuple(joined)


def _written(span: Span) -> str:
    return "–".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in span)
