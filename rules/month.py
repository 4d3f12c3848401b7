"""A month as a wall calendar shows it: whole weeks from Monday, and what lies on each day."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from rules.appointments import last_day
from rules.model import Appointment, Employee

Entry = tuple[Employee, Appointment]


@dataclass(frozen=True, slots=True)
class Day:
    """`inside`: of the month itself, not of the weeks it shares with its neighbours."""

    date: date
    inside: bool
    entries: tuple[Entry, ...]


def weeks(year: int, month: int, employees: Iterable[Employee]) -> tuple[tuple[Day, ...], ...]:
    """The weeks of a month, each day with all appointments that hold on it, whole days first."""
    grid = Calendar(firstweekday=0).monthdatescalendar(year, month)
    first, last = grid[0][0], grid[-1][-1]
    lying: dict[date, list[Entry]] = {}
    for entry in sorted(_entries(employees), key=_order):
        day = max(first, entry[1].start.date())
        end = min(last, last_day(entry[1]))
        while day <= end:
            lying.setdefault(day, []).append(entry)
            day += timedelta(1)
    return tuple(
        tuple(Day(day, day.month == month, tuple(lying.get(day, ()))) for day in week) for week in grid
    )


def neighbour(year: int, month: int, step: int) -> tuple[int, int]:
    """Year and month, `step` months later."""
    count = year * 12 + month - 1 + step
    return count // 12, count % 12 + 1


def _entries(employees: Iterable[Employee]) -> list[Entry]:
    return [(person, appointment) for person in employees for appointment in person.appointments]


def _order(entry: Entry) -> tuple[bool, str, str]:
    person, appointment = entry
    return not appointment.all_day, appointment.start.isoformat(), person.family_name
