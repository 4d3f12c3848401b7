"""Companies with all that belongs to them, read in fourteen queries for each thousand of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Row, Select, Table, func, select

from pbx_bridge.garbage import goes_gently
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.customers import company_rows, house_days
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import NAMED, batches, rows_of
from rules.model import (
    BlockedCaller,
    BlockReason,
    Customer,
    Employee,
    FaqEntry,
    NoteField,
    Tariff,
    TextBlock,
    VipCaller,
)
from rules.text.holidays import HouseDays, by_state
from rules.vocabulary import ServiceState

Value = TypeVar("Value")
Grouped = dict[str, tuple[Value, ...]]
Among = Callable[[Column[Any]], ColumnElement[bool]]
"""Whether a column with a company's id has that of one of those that are read."""

MANY = 500
"""People, VIP and blocked callers of one company that are not let go in one step."""


async def load_customer(conn: AsyncConnection, customer_id: str) -> Customer | None:
    """One company, or None."""
    return next(iter(await load_customers(conn, [customer_id])), None)


async def load_all(conn: AsyncConnection) -> tuple[Customer, ...]:
    """All companies by name."""
    found = [one async for some in load_in_parts(conn) for one in some]
    return tuple(sorted(found, key=lambda customer: customer.name))


async def load_in_parts(conn: AsyncConnection) -> AsyncIterator[Sequence[Customer]]:
    """All companies, some at a time: the rows of a million people in hand at once hold the loop, and need
    half as much memory again."""
    query = select(t.customer.c.id).order_by(t.customer.c.id)
    for some in batches([row.id async for row in rows_of(conn, query)], NAMED):
        yield await _load(conn, partial(_between, some[0], some[-1]))


async def load_customers(conn: AsyncConnection, ids: Iterable[str]) -> tuple[Customer, ...]:
    """The companies among `ids` that exist, by name, however many."""
    found: list[Customer] = []
    for some in batches(sorted(set(ids)), NAMED):
        found += await _load(conn, partial(_named, some))
    return tuple(sorted(found, key=lambda customer: customer.name))


async def load_tariffs(conn: AsyncConnection) -> tuple[Tariff, ...]:
    """All tariffs by name."""
    rows = await conn.execute(select(t.tariff).order_by(t.tariff.c.name))
    return tuple(company_rows.tariff_of(row) for row in rows)


async def versions(conn: AsyncConnection, since: int = -1) -> dict[str, int]:
    """The id and version of each company whose version is above `since`."""
    query = select(t.customer.c.id, t.customer.c.version).where(t.customer.c.version > since)
    return {row.id: row.version async for row in rows_of(conn, query)}


async def version(conn: AsyncConnection, customer_id: str) -> int | None:
    """The version of one company; None when there is none."""
    query = select(t.customer.c.version).where(t.customer.c.id == customer_id)
    found: int | None = (await conn.execute(query)).scalar_one_or_none()
    return found


async def name(conn: AsyncConnection, customer_id: str) -> str | None:
    """What one company is called; None when there is none."""
    query = select(t.customer.c.name).where(t.customer.c.id == customer_id)
    found: str | None = (await conn.execute(query)).scalar_one_or_none()
    return found


async def note_fields(
    conn: AsyncConnection, customer_id: str, *, to_change: bool = False
) -> tuple[NoteField, ...]:
    """What one company has asked, in its order, retired ones too; nothing else of it is read. `to_change`:
    whoever else wants to change it waits for the end of this transaction."""
    if to_change:
        mine = select(t.customer.c.id).where(t.customer.c.id == customer_id)
        await conn.execute(mine.with_for_update(key_share=True))
    query = select(t.note_field).where(t.note_field.c.customer_id == customer_id)
    return tuple(
        [company_rows.note_field_of(row) async for row in rows_of(conn, query.order_by(t.note_field.c.place))]
    )


async def service(conn: AsyncConnection, customer_id: str) -> ServiceState | None:
    """What the house has decided about one company; None when there is none."""
    query = select(t.customer.c.service).where(t.customer.c.id == customer_id)
    found = (await conn.execute(query)).scalar_one_or_none()
    return ServiceState(found) if found else None


async def id_of(conn: AsyncConnection, name: str) -> str | None:
    """Of the company with exactly this name."""
    query = select(t.customer.c.id).where(t.customer.c.name == name)
    found: str | None = (await conn.execute(query)).scalar_one_or_none()
    return found


async def confidential(conn: AsyncConnection, customer_id: str) -> bool:
    """Whether one company is under § 203 StGB, as stored at this moment."""
    query = select(t.customer.c.confidential).where(t.customer.c.id == customer_id)
    return bool((await conn.execute(query)).scalar_one_or_none())


async def ids(conn: AsyncConnection) -> frozenset[str]:
    """All companies."""
    return frozenset([row.id async for row in rows_of(conn, select(t.customer.c.id))])


async def is_there(conn: AsyncConnection) -> bool:
    """Whether there is any at all; a database without is a new one."""
    return (await conn.execute(select(t.customer.c.id).limit(1))).first() is not None


async def count(conn: AsyncConnection) -> int:
    """How many companies there are."""
    return int((await conn.execute(select(func.count()).select_from(t.customer))).scalar_one())


async def names(conn: AsyncConnection) -> dict[str, str]:
    """Each company's id with its name."""
    rows = await conn.execute(select(t.customer.c.id, t.customer.c.name).order_by(t.customer.c.name))
    return {row.id: row.name for row in rows}


def _between(first: str, last: str, company: Column[Any]) -> ColumnElement[bool]:
    return company.between(first, last)


def _named(ids: Sequence[str], company: Column[Any]) -> ColumnElement[bool]:
    return company.in_(ids)


async def _load(conn: AsyncConnection, among: Among) -> list[Customer]:
    """These companies by name: a query for each table, whatever the number of companies."""
    own = by_state(await house_days.load(conn))
    employees = await _employees(conn, among, own)
    lists = {name: await _grouped(conn, *one, among) for name, one in _LISTS.items()}
    policies = await _grouped(
        conn, _POLICIES, t.nobody_free.c.customer_id, lambda row: company_rows.nobody_free_of(row, own), among
    )
    tariffs = {tariff.id: tariff for tariff in await load_tariffs(conn)}
    query = select(t.customer).order_by(t.customer.c.name).where(among(t.customer.c.id))

    def made(row: Row[Any]) -> Customer:
        theirs: dict[str, Any] = {name: owned.get(row.id, ()) for name, owned in lists.items()}
        return Customer(
            id=row.id,
            name=row.name,
            tariff=tariffs[row.tariff_id],
            employees=employees.get(row.id, ()),
            nobody_free=next(iter(policies.get(row.id, ())), None),
            version=row.version,
            service=ServiceState(row.service),
            changed_at=row.changed_at,
            answering=company_rows.answering_of(row),
            **company_rows.read_customer(row),
            **theirs,
        )

    found = [made(row) async for row in rows_of(conn, query)]
    for one in found:
        if len(one.employees) + len(one.vip_callers) + len(one.blocked) > MANY:
            goes_gently(one, one.employees, one.vip_callers, one.blocked)
    return found


async def _employees(conn: AsyncConnection, among: Among, days: Mapping[str, HouseDays]) -> Grouped[Employee]:
    """By company; with what is theirs."""
    of_company = t.employee.c.customer_id
    ccs = await _grouped(conn, _CCS, of_company, lambda row: str(row.email), among)
    own = await _grouped(conn, _APPOINTMENTS, of_company, company_rows.appointment_of, among)
    imported = await _grouped(conn, _EVENTS, of_company, company_rows.event_of, among)

    def made(row: Row[Any]) -> Employee:
        return company_rows.employee_of(
            row, ccs.get(row.id, ()), own.get(row.id, ()) + imported.get(row.id, ()), days
        )

    return await _grouped(conn, _EMPLOYEES, of_company, made, among)


async def _grouped(
    conn: AsyncConnection,
    query: Select[Any],
    company: Column[Any],
    make: Callable[[Row[Any]], Value],
    among: Among,
) -> Grouped[Value]:
    """What the query finds of these companies, by its `owner`; `company`: the column with a company's id."""
    return await _by_owner(rows_of(conn, query.where(among(company))), make)


async def _by_owner(rows: AsyncIterator[Row[Any]], make: Callable[[Row[Any]], Value]) -> Grouped[Value]:
    """Values made from rows, in their order, under the row's `owner`."""
    lists: defaultdict[str, list[Value]] = defaultdict(list)
    async for row in rows:
        lists[row.owner].append(make(row))
    return {owner: tuple(values) for owner, values in lists.items()}


_CCS = (
    select(t.employee_cc.c.employee_id.label("owner"), t.employee_cc.c.email)
    .join(t.employee)
    .order_by(t.employee_cc.c.place)
)
_APPOINTMENTS = (
    select(t.appointment, t.appointment.c.employee_id.label("owner"))
    .join(t.employee)
    .order_by(t.appointment.c.start_local, t.appointment.c.id)
)
_EVENTS = (
    select(t.calendar_event, t.calendar_source.c.employee_id.label("owner"))
    .join_from(t.calendar_event, t.calendar_source)
    .join_from(t.calendar_source, t.employee)
    .order_by(t.calendar_event.c.start_local, t.calendar_event.c.id)
)
_EMPLOYEES = (
    select(t.employee, t.employee.c.customer_id.label("owner"), t.customer.c.state)
    .join_from(t.employee, t.customer)
    .order_by(t.employee.c.family_name, t.employee.c.given_name)
)
_POLICIES = select(t.nobody_free, t.nobody_free.c.customer_id.label("owner"), t.customer.c.state).join_from(
    t.nobody_free, t.customer
)


def _of_company(
    table: Table, order: Sequence[str], make: Callable[[Row[Any]], Any]
) -> tuple[Select[Any], Column[Any], Callable[[Row[Any]], Any]]:
    owner: Column[Any] = table.c.customer_id
    query = select(table, owner.label("owner")).order_by(*(table.c[name] for name in order))
    return query, owner, make


_LISTS = {
    "public_numbers": _of_company(t.public_number, ["number"], lambda row: str(row.number)),
    "vip_callers": _of_company(
        t.vip_caller, ["name", "id"], lambda row: VipCaller(row.id, **company_rows.read_vip(row))
    ),
    "blocked": _of_company(
        t.blocked_caller,
        ["at", "id"],
        lambda row: BlockedCaller(row.id, row.number, BlockReason(row.reason), row.remark),
    ),
    "faq": _of_company(t.faq_entry, ["place"], lambda row: FaqEntry(row.id, row.question, row.answer)),
    "text_blocks": _of_company(t.text_block, ["place"], lambda row: TextBlock(row.id, row.name, row.text)),
    "note_fields": _of_company(t.note_field, ["place"], company_rows.note_field_of),
}
"""What belongs to a company itself, by its name in `Customer`: the query, the column with the company's id,
and what is made of a row."""
