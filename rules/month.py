"""A month as a wall calendar shows it: whole weeks from Monday, and what lies on each day."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rules.appointments import last_day
from rules.directory import ordered
from rules.model import Appointment, Employee
from rules.steps import Steps

Entry = tuple[Employee, Appointment]


@dataclass(frozen=True, slots=True)
class Bar:
    """An appointment on one day. `span`: on how many days of this week it lies from here on; 0 where it lay
    on the day before already."""

    employee: Employee
    appointment: Appointment
    span: int


@dataclass(frozen=True, slots=True)
class Day:
    """`inside`: of the month itself, not of the weeks it shares with its neighbours; `lanes`: an appointment
    has the same one on all days of a week, None where there is a gap; `more`: what found no lane."""

    date: date
    inside: bool
    lanes: tuple[Bar | None, ...]
    more: int = 0

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What lies on the day."""
        return tuple(filter(None, self.lanes))


def weeks(
    year: int, month: int, employees: Iterable[Employee], most: int
) -> Steps[tuple[tuple[Day, ...], ...]]:
    """The weeks of a month, with up to `most` appointments one below the other, whole days first."""
    grid = Calendar(firstweekday=0).monthdatescalendar(year, month)
    near = yield from _near(employees, grid[0][0], grid[-1][-1])
    entries = yield from ordered(near, _order)
    found: tuple[tuple[Day, ...], ...] = ()
    for week in grid:
        found += ((yield from _week(week, month, entries, most)),)
    return found


def _week(week: list[date], month: int, entries: Iterable[Entry], most: int) -> Steps[tuple[Day, ...]]:
    lanes: dict[date, dict[int, Bar]] = {day: {} for day in week}
    more = dict.fromkeys(week, 0)
    for person, one in entries:
        yield
        held = [day for day in week if one.start.date() <= day <= last_day(one)]
        free = not any(len(lanes[day]) >= most for day in held)
        lane = (
            next((n for n in range(most) if all(n not in lanes[day] for day in held)), most) if free else most
        )
        for number, day in enumerate(held):
            if lane == most:
                more[day] += 1
            else:
                lanes[day][lane] = Bar(person, one, 0 if number else len(held))
    return tuple(Day(day, day.month == month, _listed(lanes[day]), more[day]) for day in week)


def _listed(lanes: dict[int, Bar]) -> tuple[Bar | None, ...]:
    return tuple(lanes.get(number) for number in range(max(lanes, default=-1) + 1))


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
