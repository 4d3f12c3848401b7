"""Which appointment holds when: stretches of time in which nothing changes, and ready answers to "until"."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.model import Appointment, Employee
from rules.presence.availability import Availability, availability, instant
from rules.stepwise import Steps

MOST_STRETCHES = 100


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start` to `end` (UTC) nothing changes."""

    start: datetime
    end: datetime
    holds: Availability


def last_day(appointment: Appointment) -> date:
    """The last day on which it holds for a moment at least."""
    return (appointment.end - timedelta(microseconds=1)).date()


def is_past(appointment: Appointment, zone: str, now: datetime) -> bool:
    return instant(appointment.end, zone) <= now


def stretches(employee: Employee, zone: str, start: datetime, end: datetime) -> Steps[tuple[Stretch, ...]]:
    """What appointments and absence info say when, without gaps, in order; equal neighbours are one. After
    `MOST_STRETCHES` of them the last one goes on to the end."""
    there, day = ZoneInfo(zone), timedelta(days=1)
    first = start.astimezone(there).replace(tzinfo=None) - day
    last = end.astimezone(there).replace(tzinfo=None) + day
    near = tuple(a for a in employee.appointments if a.start < last and first < a.end)
    person = replace(employee, appointments=near, hours=None)
    turns = {instant(edge, zone) for a in near for edge in (a.start, a.end)}
    edges = [
        start.astimezone(UTC),
        *sorted(turn for turn in turns if start < turn < end),
        end.astimezone(UTC),
    ]
    found: list[Stretch] = []
    for left, right in itertools.pairwise(edges):
        yield
        if len(found) == MOST_STRETCHES:
            found[-1] = replace(found[-1], end=edges[-1])
            break
        holds = availability(person, zone, left)
        if found and found[-1].holds == holds:
            found[-1] = replace(found[-1], end=right)
        else:
            found.append(Stretch(left, right, holds))
    return tuple(found)


def replaced(appointment: Appointment, employee: Employee, zone: str) -> Steps[tuple[Stretch, ...]]:
    """When another appointment holds although this one runs, because the other is narrower."""
    start, end = instant(appointment.start, zone), instant(appointment.end, zone)
    found = yield from stretches(employee, zone, start, end)
    return tuple(one for one in found if one.holds.source_id != appointment.id)


@dataclass(frozen=True, slots=True)
class WayOut:
    """A ready answer to "away until": `code` names its words, `end` is local wall time."""

    code: str
    end: datetime


_QUARTER = timedelta(minutes=15)


def ways_out(zone: str, now: datetime) -> tuple[WayOut, ...]:
    """What somebody who leaves now may mean, soonest first: an hour, today, tomorrow, this week, the next.

    Codes: hour today tomorrow week next_week.
    """
    wall = now.astimezone(ZoneInfo(zone))
    in_an_hour = now.astimezone(UTC) + timedelta(hours=1)
    quarter = in_an_hour + (datetime.min.replace(tzinfo=UTC) - in_an_hour) % _QUARTER
    midnight = datetime.combine(wall.date(), time())
    days = {"today": 1, "tomorrow": 2, "week": 7 - wall.weekday(), "next_week": 14 - wall.weekday()}
    ways = {quarter.astimezone(ZoneInfo(zone)).replace(tzinfo=None): "hour"}
    for code, count in days.items():
        ways.setdefault(midnight + timedelta(days=count), code)
    return tuple(WayOut(code, end) for end, code in sorted(ways.items()))
