"""A month as a wall calendar shows it: whole weeks from Monday, and what lies on each day."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rules.customers.directory import ordered
from rules.model import Appointment, Employee
from rules.presence.appointments import last_day
from rules.stepwise import Steps

Entry = tuple[Employee, Appointment]


@dataclass(frozen=True, slots=True)
class MonthBar:
    """An appointment on one day. `span`: on how many days of this week it lies from here on; 0 where it lay
    on the day before already. `began_before`, `goes_on`: it lies before this week, or after it, as well."""

    employee: Employee
    appointment: Appointment
    span: int
    began_before: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """`inside`: of the month itself, not of the weeks it shares with its neighbours; `lanes`: an appointment
    has the same one on all days of a week, None where there is a gap; `more`: what found no lane."""

    date: date
    inside: bool
    lanes: tuple[MonthBar | None, ...]
    more: int = 0

    @property
    def bars(self) -> tuple[MonthBar, ...]:
        """What lies on the day."""
        return tuple(filter(None, self.lanes))


def weeks(
    year: int, month: int, employees: Iterable[Employee], most: int
) -> Steps[tuple[tuple[Day, ...], ...]]:
    """The weeks of a month, with up to `most` appointments one below the other, whole days first."""
    days = list(Calendar(firstweekday=0).itermonthdates(year, month))
    lanes: list[dict[int, MonthBar]] = [{} for _ in days]
    more = [0] * len(days)
    near = yield from _near(employees, days[0], days[-1])
    for person, one in (yield from ordered(near, _order)):
        begin = max(0, (one.start.date() - days[0]).days)
        end = min(len(days) - 1, (last_day(one) - days[0]).days)
        for monday in range(begin - begin % 7, end + 1, 7):
            held = range(max(begin, monday), min(end, monday + 6) + 1)
            beyond = one.start.date() < days[held[0]], last_day(one) > days[held[-1]]
            _lay(lanes, more, held, (person, one), most, beyond)
        yield
    found = [
        Day(day, day.month == month, _listed(lanes[number]), more[number]) for number, day in enumerate(days)
    ]
    return tuple(tuple(found[monday : monday + 7]) for monday in range(0, len(found), 7))


def _lay(
    lanes: list[dict[int, MonthBar]],
    more: list[int],
    held: range,
    entry: Entry,
    most: int,
    beyond: tuple[bool, bool],
) -> None:
    """On these days of one week, in the first lane that is free on all of them. `beyond`: it lies before
    them, and after them."""
    full = any(len(lanes[day]) >= most for day in held)
    free = () if full else (n for n in range(most) if all(n not in lanes[day] for day in held))
    lane = next(iter(free), None)
    for day in held:
        if lane is None:
            more[day] += 1
        else:
            lanes[day][lane] = MonthBar(*entry, 0 if day > held.start else len(held), *beyond)


def _listed(lanes: dict[int, MonthBar]) -> tuple[MonthBar | None, ...]:
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
