"""What an agent should hear of when a company's data changed: what was, compared with what is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rules.fields.customer import CUSTOMER
from rules.fields.declaration import noticed
from rules.fields.employee import EMPLOYEE
from rules.fields.news_kind import NewsKind
from rules.fields.values import text_of
from rules.model import Appointment, Customer, Employee
from rules.text.full_stops import without_stop
from rules.text.salutation import spoken

__all__ = ["News", "NewsKind", "changes", "compared", "latest"]

_TOLD, _TOLD_OF_COMPANY = noticed(EMPLOYEE), noticed(CUSTOMER)


@dataclass(frozen=True, slots=True)
class News:
    """One change. `about` names its subject: of two changes of the same subject only the later one counts.

    `start` and `end`: of an appointment, in local wall time; `end` is exclusive.
    """

    kind: NewsKind
    about: str
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)
    start: datetime | None = None
    end: datetime | None = None
    all_day: bool = False


def changes(before: Customer, after: Customer) -> tuple[News, ...]:
    """What is different, the company first, then its people by name, then its answers."""
    return tuple(item for item in compared(before, after) if item)


def compared(before: Customer, after: Customer) -> Iterator[News | None]:
    """The same in small steps; None: one of many was looked at."""
    yield from _company(before, after)
    yield from _people(before, after)
    yield from _faq(before, after)


def of_the_gone(found: Iterable[News]) -> Callable[[News], bool]:
    """Whether a change that was told before tells of somebody who is gone by `found`: of them only that they
    are gone is still told."""
    gone = [one for one in found if one.kind is NewsKind.EMPLOYEE_GONE]
    abouts, names = {one.about for one in gone}, {one.facts.get("name") for one in gone} - {None}
    return lambda before: before.about in abouts or before.facts.get("name") in names


def latest(news: tuple[News, ...], local: datetime) -> tuple[News, ...]:
    """Of `news`, oldest first, what still matters at `local` (wall time): the last of each subject, newest
    first, without absences that are over."""
    last = {item.about: item for item in news}
    return tuple(item for item in reversed(last.values()) if item.end is None or item.end > local)


def _company(before: Customer, after: Customer) -> Iterator[News]:
    for one, notice in _TOLD_OF_COMPANY:
        old, new = (text_of(one, getattr(company, one.of_model)) for company in (before, after))
        if old != new:
            yield News(notice.kind if new else notice.gone, notice.about)


def _people(before: Customer, after: Customer) -> Iterator[News | None]:
    old: dict[str, Employee] = {}
    new: dict[str, Employee] = {}
    for company, people in ((before, old), (after, new)):
        for employee in company.employees:
            people[employee.id] = employee
            yield None
    for employee in after.employees:
        if employee.id not in old:
            yield _about(NewsKind.EMPLOYEE_NEW, employee)
        yield from _person(old.get(employee.id), employee)
        yield None
    for employee in before.employees:
        yield _about(NewsKind.EMPLOYEE_GONE, employee) if employee.id not in new else None


def _person(before: Employee | None, after: Employee) -> Iterator[News]:
    for one, notice in _TOLD:
        now = text_of(one, getattr(after, one.of_model))
        if now != (text_of(one, getattr(before, one.of_model)) if before else ""):
            kind = notice.kind if now else notice.gone
            yield _about(kind, after, f"{notice.about} {after.id}", text=now)
    old = {a.id: a for a in before.appointments} if before else {}
    new = {a.id: a for a in after.appointments}
    for appointment in after.appointments:
        if old.get(appointment.id) != appointment:
            yield _away(NewsKind.AWAY, after, appointment)
    for appointment in old.values():
        if appointment.id not in new:
            yield _away(NewsKind.AWAY_GONE, after, appointment)


def _away(kind: NewsKind, employee: Employee, appointment: Appointment) -> News:
    facts = {"name": spoken(employee.name), "text": without_stop(appointment.text)}
    start, end = appointment.start, appointment.end
    return News(kind, f"appointment {appointment.id}", facts, start, end, appointment.all_day)


def _about(kind: NewsKind, employee: Employee, about: str = "", **facts: str) -> News:
    name = {"name": spoken(employee.name)}
    return News(kind, about or f"employee {employee.id}", name | facts)


def _faq(before: Customer, after: Customer) -> Iterator[News]:
    old, new = ({entry.id: entry for entry in company.faq} for company in (before, after))
    for entry in after.faq:
        known = old.get(entry.id)
        if known != entry:
            kind = NewsKind.FAQ_CHANGED if known else NewsKind.FAQ_NEW
            yield News(kind, f"faq {entry.id}", {"question": entry.question})
    for entry in before.faq:
        if entry.id not in new:
            yield News(NewsKind.FAQ_GONE, f"faq {entry.id}", {"question": entry.question})
