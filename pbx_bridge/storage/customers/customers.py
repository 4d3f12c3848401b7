"""Companies with all that belongs to them, read in eleven queries however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Column, Row, Select, func, select

from pbx_bridge.garbage import goes_gently
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.field_columns import reader
from pbx_bridge.storage.db.sql import NAMED, batches, rows_of
from rules.fields.appointment import APPOINTMENT
from rules.fields.customer import CUSTOMER
from rules.fields.employee import EMPLOYEE
from rules.fields.vip_caller import VIP_CALLER
from rules.model import (
    Appointment,
    BlockedCaller,
    BlockReason,
    Customer,
    Employee,
    FaqEntry,
    FieldKind,
    NoteField,
    Tariff,
    TextBlock,
    VipCaller,
)

Value = TypeVar("Value")
Grouped = dict[str, tuple[Value, ...]]

MANY = 500
"""People, VIP and blocked callers of one company that are not let go in one step."""


async def load_customer(conn: AsyncConnection, customer_id: str) -> Customer | None:
    """One company, or None."""
    return next(iter(await load_customers(conn, [customer_id])), None)


async def load_all(conn: AsyncConnection) -> tuple[Customer, ...]:
    """All companies by name."""
    return tuple(await _load(conn, None))


async def load_customers(conn: AsyncConnection, ids: Iterable[str]) -> tuple[Customer, ...]:
    """The companies among `ids` that exist, by name, however many."""
    found: list[Customer] = []
    for some in batches(sorted(set(ids)), NAMED):
        found += await _load(conn, some)
    return tuple(sorted(found, key=lambda customer: customer.name))


async def load_tariffs(conn: AsyncConnection) -> tuple[Tariff, ...]:
    """All tariffs by name."""
    rows = await conn.execute(select(t.tariff).order_by(t.tariff.c.name))
    return tuple(_tariff(row) for row in rows)


async def versions(conn: AsyncConnection, since: int = -1) -> dict[str, int]:
    """The id and version of each company whose version is above `since`."""
    query = select(t.customer.c.id, t.customer.c.version).where(t.customer.c.version > since)
    return {row.id: row.version async for row in rows_of(conn, query)}


async def version(conn: AsyncConnection, customer_id: str) -> int | None:
    """The version of one company; None when there is none."""
    query = select(t.customer.c.version).where(t.customer.c.id == customer_id)
    found: int | None = (await conn.execute(query)).scalar_one_or_none()
    return found


async def ids(conn: AsyncConnection) -> frozenset[str]:
    """All companies."""
    return frozenset([row.id async for row in rows_of(conn, select(t.customer.c.id))])


async def count(conn: AsyncConnection) -> int:
    """How many companies there are."""
    return int((await conn.execute(select(func.count()).select_from(t.customer))).scalar_one())


async def names(conn: AsyncConnection) -> dict[str, str]:
    """Each company's id with its name."""
    rows = await conn.execute(select(t.customer.c.id, t.customer.c.name).order_by(t.customer.c.name))
    return {row.id: row.name for row in rows}


async def _load(conn: AsyncConnection, ids: Sequence[str] | None) -> list[Customer]:
    def among(query: Select[Any], column: Column[Any]) -> Select[Any]:
        return query if ids is None else query.where(column.in_(ids))

    async def grouped(
        query: Select[Any], column: Column[Any], make: Callable[[Row[Any]], Value]
    ) -> Grouped[Value]:
        return await _by_owner(rows_of(conn, among(query, column)), make)

    of_employee = t.employee.c.customer_id
    ccs = await grouped(
        select(t.employee_cc.c.employee_id.label("owner"), t.employee_cc.c.email)
        .join(t.employee)
        .order_by(t.employee_cc.c.place),
        of_employee,
        lambda row: str(row.email),
    )
    appointments = await grouped(
        select(t.appointment, t.appointment.c.employee_id.label("owner"))
        .join(t.employee)
        .order_by(t.appointment.c.start_local, t.appointment.c.id),
        of_employee,
        _appointment,
    )
    events = await grouped(
        select(t.calendar_event, t.calendar_source.c.employee_id.label("owner"))
        .join_from(t.calendar_event, t.calendar_source)
        .join_from(t.calendar_source, t.employee)
        .order_by(t.calendar_event.c.start_local, t.calendar_event.c.id),
        of_employee,
        _event,
    )
    employees = await grouped(
        select(t.employee, of_employee.label("owner"), t.customer.c.state)
        .join_from(t.employee, t.customer)
        .order_by(t.employee.c.family_name, t.employee.c.given_name),
        of_employee,
        lambda row: _employee(
            row, ccs.get(row.id, ()), appointments.get(row.id, ()) + events.get(row.id, ())
        ),
    )
    numbers = await grouped(
        select(t.public_number.c.number, t.public_number.c.customer_id.label("owner")).order_by(
            t.public_number.c.number
        ),
        t.public_number.c.customer_id,
        lambda row: str(row.number),
    )
    vips = await grouped(
        select(t.vip_caller, t.vip_caller.c.customer_id.label("owner")).order_by(
            t.vip_caller.c.name, t.vip_caller.c.id
        ),
        t.vip_caller.c.customer_id,
        lambda row: VipCaller(row.id, **_read_vip(row)),
    )
    blocked = await grouped(
        select(t.blocked_caller, t.blocked_caller.c.customer_id.label("owner")).order_by(
            t.blocked_caller.c.at, t.blocked_caller.c.id
        ),
        t.blocked_caller.c.customer_id,
        lambda row: BlockedCaller(row.id, row.number, BlockReason(row.reason), row.remark),
    )
    faq = await grouped(
        select(t.faq_entry, t.faq_entry.c.customer_id.label("owner")).order_by(t.faq_entry.c.place),
        t.faq_entry.c.customer_id,
        lambda row: FaqEntry(row.id, row.question, row.answer),
    )
    blocks = await grouped(
        select(t.text_block, t.text_block.c.customer_id.label("owner")).order_by(t.text_block.c.place),
        t.text_block.c.customer_id,
        lambda row: TextBlock(row.id, row.name, row.text),
    )
    fields = await grouped(
        select(t.note_field, t.note_field.c.customer_id.label("owner")).order_by(t.note_field.c.place),
        t.note_field.c.customer_id,
        lambda row: NoteField(
            row.key, row.label, FieldKind(row.kind), row.required, tuple(row.choices or ())
        ),
    )
    tariffs = {tariff.id: tariff for tariff in await load_tariffs(conn)}
    rows = rows_of(conn, among(select(t.customer).order_by(t.customer.c.name), t.customer.c.id))
    found = [
        Customer(
            id=row.id,
            name=row.name,
            tariff=tariffs[row.tariff_id],
            **_read_customer(row),
            public_numbers=numbers.get(row.id, ()),
            employees=employees.get(row.id, ()),
            vip_callers=vips.get(row.id, ()),
            blocked=blocked.get(row.id, ()),
            faq=faq.get(row.id, ()),
            text_blocks=blocks.get(row.id, ()),
            note_fields=fields.get(row.id, ()),
            version=row.version,
            changed_at=row.changed_at,
        )
        async for row in rows
    ]
    for one in found:
        if len(one.employees) + len(one.vip_callers) + len(one.blocked) > MANY:
            goes_gently(one, one.employees, one.vip_callers, one.blocked)
    return found


async def _by_owner(rows: AsyncIterator[Row[Any]], make: Callable[[Row[Any]], Value]) -> Grouped[Value]:
    """Values made from rows, in their order, under the row's `owner`."""
    lists: defaultdict[str, list[Value]] = defaultdict(list)
    async for row in rows:
        lists[row.owner].append(make(row))
    return {owner: tuple(values) for owner, values in lists.items()}


def _tariff(row: Row[Any]) -> Tariff:
    return Tariff(row.id, row.name, row.put_through, row.sms_price_micros, row.sms_parts)


_read_customer, _read_employee, _read_vip = map(reader, (CUSTOMER, EMPLOYEE, VIP_CALLER))


def _employee(row: Row[Any], cc: tuple[str, ...], appointments: tuple[Appointment, ...]) -> Employee:
    return Employee(
        id=row.id,
        given_name=row.given_name,
        family_name=row.family_name,
        cc=cc,
        appointments=appointments,
        **_read_employee(row),
    )


_read_appointment = reader(APPOINTMENT)
_read_event = reader(one for one in APPOINTMENT if one.name != "reachable")


def _appointment(row: Row[Any]) -> Appointment:
    return Appointment(id=row.id, **_read_appointment(row))


def _event(row: Row[Any]) -> Appointment:
    return Appointment(id=row.id, imported=True, **_read_event(row))
