"""What an agent should hear of when a company's data changed: what was, compared with what is."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rules.fields.customer import CUSTOMER
from rules.fields.declaration import noticed
from rules.fields.employee import EMPLOYEE
from rules.fields.news_kind import NewsKind
from rules.fields.values import text_of
from rules.model import Appointment, Customer, Employee
from rules.stepwise import Steps
from rules.text.full_stops import without_stop
from rules.text.salutation import spoken

__all__ = ["Comparison", "News", "NewsKind", "changes", "comparison", "latest"]

REMEMBERED = 200
"""Changes of one company; an import of thousands is one piece of news and not a list."""

_TOLD, _TOLD_OF_COMPANY = noticed(EMPLOYEE), noticed(CUSTOMER)


@dataclass(frozen=True, slots=True)
class News:
    """One change. `about` names its subject: of two changes of the same subject only the later one counts.

    `whose`: the id of the employee of whom it tells, with whom it goes; "" where it tells of nobody, or only
    that somebody is gone.
    `start` and `end`: of an appointment, in local wall time; `end` is exclusive.
    """

    kind: NewsKind
    about: str
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)
    start: datetime | None = None
    end: datetime | None = None
    all_day: bool = False
    whose: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`news`: the last ones of what is different, `gone`: the ids of all who work there no longer."""

    news: tuple[News, ...] = ()
    gone: frozenset[str] = frozenset()


def comparison(before: Customer | None, after: Customer) -> Steps[Comparison]:
    """What agents should hear, and of whom nothing may be told any more; of a new company all is new, and
    nothing is news."""
    if before is None:
        return Comparison()
    last, gone = deque[News](maxlen=REMEMBERED), set[str]()
    for item in _compared(before, after):
        if item:
            last.append(item)
        yield
    for one in before.employees:
        if after.employee(one.id) is None:
            gone.add(one.id)
        yield
    return Comparison(tuple(last), frozenset(gone))


def changes(before: Customer, after: Customer) -> tuple[News, ...]:
    """What is different, the company first, then its people by name, then its answers."""
    return tuple(item for item in _compared(before, after) if item)


def _compared(before: Customer, after: Customer) -> Iterator[News | None]:
    """In small steps; None: one of many was looked at."""
    yield from _company(before, after)
    yield from _people(before, after)
    yield from _faq(before, after)


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
    return News(kind, f"appointment {appointment.id}", facts, start, end, appointment.all_day, employee.id)


def _about(kind: NewsKind, employee: Employee, about: str = "", **facts: str) -> News:
    name = {"name": spoken(employee.name)}
    whose = "" if kind is NewsKind.EMPLOYEE_GONE else employee.id
    return News(kind, about or f"employee {employee.id}", name | facts, whose=whose)


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
