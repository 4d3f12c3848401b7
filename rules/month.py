"""A month as a wall calendar shows it: whole weeks from Monday, and what lies on each day."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from rules.appointments import last_day
from rules.directory import ordered
from rules.model import Appointment, Employee
from rules.steps import Steps

Entry = tuple[Employee, Appointment]


@dataclass(frozen=True, slots=True)
class Day:
    """`inside`: of the month itself, not of the weeks it shares with its neighbours; `more`: entries that do
    not stand here."""

    date: date
    inside: bool
    entries: tuple[Entry, ...]
    more: int = 0


def weeks(
    year: int, month: int, employees: Iterable[Employee], most: int
) -> Steps[tuple[tuple[Day, ...], ...]]:
    """The weeks of a month, each day with up to `most` appointments that hold on it, whole days first."""
    grid = Calendar(firstweekday=0).monthdatescalendar(year, month)
    first, last = grid[0][0], grid[-1][-1]
    lying: dict[date, list[Entry]] = {day: [] for week in grid for day in week}
    more = dict.fromkeys(lying, 0)
    near = yield from _near(employees, first, last)
    for entry in (yield from ordered(near, _order)):
        day = max(first, entry[1].start.date())
        end = min(last, last_day(entry[1]))
        while day <= end:
            if len(lying[day]) < most:
                lying[day].append(entry)
            else:
                more[day] += 1
            day += timedelta(1)
        yield
    return tuple(
        tuple(Day(day, day.month == month, tuple(lying[day]), more[day]) for day in week) for week in grid
    )


def neighbour(year: int, month: int, step: int) -> tuple[int, int]:
    """Year and month, `step` months later."""
    count = year * 12 + month - 1 + step
    return count // 12, count % 12 + 1


def _near(employees: Iterable[Employee], first: date, last: date) -> Steps[list[Entry]]:
    found: list[Entry] = []
    for person in employees:
        yield
        found += [
            (person, one)
            for one in person.appointments
            if one.start.date() <= last and first <= last_day(one)
        ]
    return found


def _order(entry: Entry) -> str:
    person, appointment = entry
    return f"{int(not appointment.all_day)} {appointment.start.isoformat()} {person.family_name}"
