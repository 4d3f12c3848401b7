"""All companies as a list for the house: searched, put in order and cut by the database, never as a whole.

A page reads its own rows from an index in their order; what it tells of employees, lines and calls is asked
for these companies only. So it costs the same with fifty thousand of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, except_, exists, func, or_, select, text, union_all

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.billing.allowances import used
from pbx_bridge.storage.customers.failing_calendars import failing
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.paging import part_of
from pbx_bridge.storage.db.words import has_words
from rules.office.company_state import CompanyState, company_state
from rules.office.needs import Concern
from rules.vocabulary import ServiceState

FEW = 1_000
"""Companies that a statement names one by one."""


class CompanyOrder(StrEnum):
    """Each has an index: by name, from either end; the newest ones first; what was changed last first."""

    NAME = "name"
    NAME_DOWN = "name_down"
    NEWEST = "newest"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class CompanySearch:
    """`words`: each a part of the name, or all together a part of a number of the company; `only`: ids, None
    for all; `calendars_since`: only those with a calendar that could not be read since then (aware);
    `without_line`: only those that no call can reach; `allowance`: only those that have used as much of what
    the month (its first day) includes as this concern is about; `not_live`: only those that the house has not
    released or lets rest."""

    words: str = ""
    order: CompanyOrder = CompanyOrder.NAME
    only: Sequence[str] | None = None
    calendars_since: datetime | None = None
    without_line: bool = False
    allowance: tuple[Concern, date] | None = None
    not_live: bool = False


@dataclass(frozen=True, slots=True)
class ListedCompany:
    """A row. `lines`: E.164, its own ones; `last_call`: when the last one arrived."""

    id: str
    name: str
    tariff: str
    lines: tuple[str, ...]
    employees: int
    last_call: datetime | None
    has_public_number: bool
    service: ServiceState = ServiceState.LIVE

    @property
    def state(self) -> CompanyState:
        reached = bool(self.lines) or self.has_public_number
        return company_state(reached=reached, called=self.last_call is not None, service=self.service)


async def listed(
    conn: AsyncConnection, search: CompanySearch, *, skip: int = 0, most: int = 50
) -> tuple[tuple[ListedCompany, ...], int]:
    """A part of the list, and how many there are."""
    found = select(t.customer.c.id).where(*await _wanted(conn, search)).order_by(*_ORDERS[search.order])
    ids, total = await part_of(conn, found, skip=skip, most=most)
    query = _companies().where(t.customer.c.id.in_(ids)).order_by(*_ORDERS[search.order])
    rows: Sequence[Any] = (await conn.execute(query)).all()
    return await _told(conn, rows), total


async def part_after(
    conn: AsyncConnection, search: CompanySearch, name: str = "", most: int = 500
) -> tuple[ListedCompany, ...]:
    """By name, whatever the search's order: those behind this name. For a file of all of them."""
    query = _companies().where(*await _wanted(conn, search), t.customer.c.name > name)
    rows: Sequence[Any] = (await conn.execute(query.order_by(t.customer.c.name).limit(most))).all()
    return await _told(conn, rows)


async def one(conn: AsyncConnection, customer_id: str) -> ListedCompany | None:
    """The row of one company; None: there is none."""
    rows: Sequence[Any] = (await conn.execute(_companies().where(t.customer.c.id == customer_id))).all()
    return next(iter(await _told(conn, rows)), None)


_ORDERS: dict[CompanyOrder, tuple[ColumnElement[Any], ...]] = {
    CompanyOrder.NAME: (t.customer.c.name,),
    CompanyOrder.NAME_DOWN: (t.customer.c.name.desc(),),
    CompanyOrder.NEWEST: (t.customer.c.id.desc(),),  # an id begins with the moment in which it was made
    CompanyOrder.CHANGED: (t.customer.c.version.desc(),),
}


def _companies() -> Select[Any]:
    columns = t.customer.c.id, t.customer.c.name, t.customer.c.service, t.tariff.c.name.label("tariff")
    return select(*columns).join(t.tariff, t.tariff.c.id == t.customer.c.tariff_id)


async def _wanted(conn: AsyncConnection, search: CompanySearch) -> list[ColumnElement[bool]]:
    mine = t.customer.c.id
    wanted: list[ColumnElement[bool]] = []
    if search.words:
        wanted.append(_said(search.words))
    if search.only is not None:
        wanted.append(mine.in_(search.only))
    if search.without_line:
        wanted.append(await _unreached(conn))
    if search.allowance is not None:
        wanted.append(mine.in_(select(t.allowance.c.customer_id).where(used(*search.allowance))))
    if search.not_live:
        wanted.append(_NOT_LIVE)
    if search.calendars_since is not None:
        sources = t.calendar_source.join(t.employee, t.calendar_source.c.employee_id == t.employee.c.id)
        theirs = select(t.employee.c.customer_id).select_from(sources)
        wanted.append(mine.in_(theirs.where(failing(search.calendars_since))))
    return wanted


async def _unreached(conn: AsyncConnection) -> ColumnElement[bool]:
    """Without line and number. Where they are few, three indexes in one order are laid beside each other, and
    no company is asked for its lines; where they are many, a page of them is soon found by asking."""
    mine, line, own = t.customer.c.id, t.line.c.customer_id, t.public_number.c.customer_id
    beside = except_(select(mine), select(line).where(line.is_not(None)), select(own)).order_by("id")
    ids = (await conn.execute(beside.limit(FEW + 1))).scalars().all()
    if len(ids) <= FEW:
        return mine.in_(ids)
    return ~or_(exists().where(line == mine), exists().where(own == mine))


_NOT_LIVE: Any = text("customer.service <> 'live'")
"""Written out, as its index is of these only."""


def _said(words: str) -> ColumnElement[bool]:
    """Words of the name, or digits of a number. What a number leads to is found first, and then the company:
    asked of each company both together, neither would come from an index."""
    named, numbers = has_words([t.customer.c.name], words), _numbers(words)
    if not numbers:
        return named
    return t.customer.c.id.in_(union_all(select(t.customer.c.id).where(named), *numbers))


def _numbers(words: str) -> list[Select[Any]]:
    """Whose line or own number has these digits in it, however they are written; none if it is no number."""
    if not re.fullmatch(r"[\d\s()/+.-]*\d[\d\s()/+.-]*", words):
        return []
    digits = re.sub(r"\D", "", words).lstrip("0")
    if not digits:
        return []
    return [
        select(table.c.customer_id).where(table.c.number.contains(digits), table.c.customer_id.is_not(None))
        for table in (t.line, t.public_number)
    ]


async def _told(conn: AsyncConnection, rows: Sequence[Any]) -> tuple[ListedCompany, ...]:
    ids = [row.id for row in rows]
    if not ids:
        return ()
    employee, line, own, mine = t.employee.c, t.line.c, t.public_number.c, t.customer.c.id
    # Each company's last call is the end of its part of the index; in groups all of its calls would be read.
    last = select(func.max(t.call.c.arrived_at)).where(t.call.c.customer_id == mine).scalar_subquery()
    people = await _each(conn, _grouped(employee.customer_id, func.count(), ids))
    called = await _each(conn, select(mine, last).where(mine.in_(ids)))
    public = await _each(conn, _grouped(own.customer_id, func.count(), ids))
    lines: dict[str, tuple[str, ...]] = {}
    query = select(line.customer_id, line.number).where(line.customer_id.in_(ids)).order_by(line.number)
    for owner, number in await conn.execute(query):
        lines[owner] = (*lines.get(owner, ()), number)
    return tuple(_row(row, people, called, public, lines) for row in rows)


def _row(row: Row[Any], people: Any, called: Any, public: Any, lines: Any) -> ListedCompany:
    return ListedCompany(
        id=row.id,
        name=row.name,
        tariff=row.tariff,
        lines=lines.get(row.id, ()),
        employees=people.get(row.id, 0),
        last_call=called.get(row.id),
        has_public_number=row.id in public,
        service=ServiceState(row.service),
    )


def _grouped(owner: ColumnElement[str], told: ColumnElement[Any], ids: Sequence[str]) -> Select[Any]:
    return select(owner, told).where(owner.in_(ids)).group_by(owner)


async def _each(conn: AsyncConnection, query: Select[Any]) -> dict[str, Any]:
    return {row[0]: row[1] for row in await conn.execute(query)}
