"""The rows that belong to a company, before and after a change, and what lies between; as many as the change
can reach."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Table, bindparam, select
from sqlalchemy import Row as DatabaseRow

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.field_columns import columns
from pbx_bridge.storage.db.sql import execute_all, insert_all, rows_among, rows_of
from pbx_bridge.storage.db.types import row_from_json, row_to_json
from pbx_bridge.time_slices import emptied, gently
from rules.fields.customer import CUSTOMER
from rules.fields.declaration import on_form

Row = dict[str, Any]
Key = tuple[Any, ...]
Picture = dict[str, dict[Key, Row]]
Pairs = dict[str, list[tuple[Row | None, Row | None]]]
"""By table what was and what is; None: not there."""
Ids = Collection[str] | None
"""None: all of them."""

_OWN_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "calendar_source": ("id", "employee_id", "url"),
    "customer": ("id", *columns(on_form(CUSTOMER))),
    "account": (
        "id",
        "login",
        "password_hash",
        "role",
        "customer_id",
        "employee_id",
        "locale",
        "disabled",
        "email",
    ),
}
"""Of these tables only these columns are remembered; of all others all."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a change can write: the company itself, employees with all that is theirs, and entries of its
    lists, by their ids, new ones included."""

    company: bool = False
    employees: Ids = ()
    vips: Ids = ()
    blocked: Ids = ()
    faq: bool = False
    text_blocks: bool = False
    nobody_free: bool = False
    note_fields: bool = False


EVERYTHING = Reach(
    company=True,
    employees=None,
    vips=None,
    blocked=None,
    faq=True,
    text_blocks=True,
    nobody_free=True,
    note_fields=True,
)


class Part(NamedTuple):
    """Rows of a table whose `column` is one of `ids`."""

    table: Table
    column: ColumnElement[str]
    ids: Ids


async def picture(
    conn: AsyncConnection, customer_id: str, reach: Reach, leaving: Collection[str] = ()
) -> Picture:
    """All rows within reach; `leaving`: employees who take something of others with them."""
    found: Picture = {table.name: {} for table in _mine(customer_id)}
    for part in _parts(reach, leaving):
        async for key, row in _rows(conn, customer_id, part):
            found[part.table.name][key] = row
    return found


async def picture_after(conn: AsyncConnection, customer_id: str, reach: Reach, before: Picture) -> Picture:
    """All rows within reach, and whatever has become of those in `before`: a row that has lost its tie to
    what was deleted is not found by it any more, and is not gone for that."""
    found = await picture(conn, customer_id, reach)
    for name, old in before.items():
        table = t.metadata.tables[name]
        left = {key[0] async for key in gently(old) if key not in found[name]}
        if left:
            first = next(iter(table.primary_key))
            async for key, row in _rows(conn, customer_id, Part(table, first, left)):
                found[name][key] = row
    return found


async def difference(before: Picture, after: Picture) -> Pairs:
    """By table; only those with a difference."""
    pairs: Pairs = {}
    for name, old in before.items():
        new = after[name]
        async for key in gently(old | new):
            if old.get(key) != new.get(key):
                pairs.setdefault(name, []).append((old.get(key), new.get(key)))
    return pairs


async def is_overtaken(conn: AsyncConnection, customer_id: str, pairs: Pairs) -> bool:
    """Whether anything is not any more as these pairs left it."""
    for name, changed in pairs.items():
        table = t.metadata.tables[name]
        first = next(iter(table.primary_key))
        left = {_key(table, before or after or {}): after async for before, after in gently(changed)}
        part = Part(table, first, {key[0] async for key in gently(left)})
        now = {key: row async for key, row in _rows(conn, customer_id, part)}
        try:
            async for key in gently(left):
                if _differs(now.get(key), left[key]):
                    return True
        finally:
            await emptied(now)
    return False


def _differs(now: Row | None, left: Row | None) -> bool:
    """By the columns that were remembered: an upgrade since then may have added others."""
    if now is None or left is None:
        return now is not left
    return any(now.get(name) != value for name, value in left.items())


async def restore(conn: AsyncConnection, pairs: Pairs) -> None:
    """What came goes, children first; then what was is put back, parents first."""
    # References decide the order. Deleting comes first of all, as what is put back may need a place that is
    # taken, such as a log-in or a number that may be there only once.
    ordered = [(table, pairs[table.name]) for table in _mine("") if table.name in pairs]
    for table, changed in reversed(ordered):
        came = [after async for before, after in gently(changed) if before is None and after]
        bound = (_bound_key(table, row) for row in came)
        await execute_all(conn, table.delete().where(_same_key(table)), bound)
    for table, changed in ordered:
        gone = [before async for before, after in gently(changed) if before and after is None]
        # Employees refer to each other: first all of them without their deputies, then with.
        alone = (row | {"deputy_id": None} if table is t.employee else row for row in gone)
        await insert_all(conn, table, (row_from_json(table, row) for row in alone))
        await _update(conn, table, [before async for before, after in gently(changed) if before and after])
        if table is t.employee:
            await _update(conn, table, gone)


def _mine(customer_id: str) -> dict[Table, ColumnElement[bool]]:
    """The tables a company can change, those that others refer to first, and which rows are its own."""
    employees = select(t.employee.c.id).where(t.employee.c.customer_id == customer_id)
    subaccount = (t.account.c.customer_id == customer_id) & (t.account.c.role == "subaccount")
    return {
        t.customer: t.customer.c.id == customer_id,
        t.employee: t.employee.c.customer_id == customer_id,
        t.account: subaccount,
        t.employee_cc: t.employee_cc.c.employee_id.in_(employees),
        t.appointment: t.appointment.c.employee_id.in_(employees),
        t.calendar_source: t.calendar_source.c.employee_id.in_(employees),
        t.vip_caller: t.vip_caller.c.customer_id == customer_id,
        t.blocked_caller: t.blocked_caller.c.customer_id == customer_id,
        t.faq_entry: t.faq_entry.c.customer_id == customer_id,
        t.text_block: t.text_block.c.customer_id == customer_id,
        t.nobody_free: t.nobody_free.c.customer_id == customer_id,
        t.note_field: t.note_field.c.customer_id == customer_id,
    }


def _parts(reach: Reach, leaving: Collection[str]) -> Iterator[Part]:
    """Among them what is not named but touched: who leaves is somebody's deputy, and has VIP callers."""
    if reach.company:
        yield Part(t.customer, t.customer.c.id, None)
    yield Part(t.employee, t.employee.c.id, reach.employees)
    yield Part(t.employee, t.employee.c.deputy_id, leaving)
    for table in (t.account, t.employee_cc, t.appointment, t.calendar_source):
        yield Part(table, table.c.employee_id, reach.employees)
    yield Part(t.vip_caller, t.vip_caller.c.id, reach.vips)
    yield Part(t.vip_caller, t.vip_caller.c.employee_id, leaving)
    yield Part(t.blocked_caller, t.blocked_caller.c.id, reach.blocked)
    if reach.faq:
        yield Part(t.faq_entry, t.faq_entry.c.id, None)
    if reach.text_blocks:
        yield Part(t.text_block, t.text_block.c.id, None)
    if reach.nobody_free:
        yield Part(t.nobody_free, t.nobody_free.c.customer_id, None)
    if reach.note_fields:
        yield Part(t.note_field, t.note_field.c.customer_id, None)


async def _rows(conn: AsyncConnection, customer_id: str, part: Part) -> AsyncIterator[tuple[Key, Row]]:
    table = part.table
    names = _OWN_COLUMNS.get(table.name) or tuple(table.c.keys())
    query = select(*(table.c[name] for name in names)).where(_mine(customer_id)[table])
    found: AsyncIterator[DatabaseRow[Any]] = (
        rows_of(conn, query) if part.ids is None else rows_among(conn, query, part.column, part.ids)
    )
    async for one in found:
        row = row_to_json(one._mapping)
        yield _key(table, row), row


def _key(table: Table, row: Mapping[str, Any]) -> Key:
    return tuple(row[column.name] for column in table.primary_key)


async def _update(conn: AsyncConnection, table: Table, rows: list[Row]) -> None:
    if rows:
        rest = [name for name in rows[0] if name not in table.primary_key.columns]
        statement = table.update().where(_same_key(table)).values({name: bindparam(name) for name in rest})
        values = (row_from_json(table, row) for row in rows)
        bound = (_bound_key(table, row) | {name: row[name] for name in rest} for row in values)
        await execute_all(conn, statement, bound)


def _same_key(table: Table) -> ColumnElement[bool]:
    first, *more = (column == bindparam(f"key_{column.name}") for column in table.primary_key)
    for condition in more:
        first &= condition
    return first


def _bound_key(table: Table, row: Row) -> Row:
    return {f"key_{column.name}": row[column.name] for column in table.primary_key}
