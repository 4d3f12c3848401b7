"""Changes of a company's data can be undone for a day, unless somebody changed the same again."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, select
from sqlalchemy import Row as DatabaseRow
from sqlalchemy.exc import IntegrityError

from pbx_bridge.errors import Refused
from pbx_bridge.storage import changes
from pbx_bridge.storage import leaving as employee_leaving
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.engine import AsyncConnection
from pbx_bridge.storage.ids import new_id
from pbx_bridge.storage.sql import changed, execute_all, insert_all, rows_of
from pbx_bridge.storage.types import row_from_json, row_to_json

KEPT = timedelta(days=1)

Row = dict[str, Any]
Key = tuple[Any, ...]
Picture = dict[str, dict[Key, Row]]
Rows = dict[str, list[tuple[Row | None, Row | None]]]

_OWN_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "calendar_source": ("id", "employee_id", "url"),
    "customer": ("id", "greeting", "instruction", "default_email", "spoken_name", "state"),
    "account": (
        "id",
        "login",
        "password_hash",
        "role",
        "customer_id",
        "employee_id",
        "locale",
        "disabled",
    ),
}
"""Of these tables only these columns are remembered; of all others all."""


@dataclass(slots=True)
class Step:
    """A change being made; `id` names it afterwards, and is empty when nothing was different in the end."""

    id: str = ""


@contextlib.asynccontextmanager
async def recorded(
    conn: AsyncConnection,
    customer_id: str,
    account_id: str | None,
    deed: str,
    now: datetime,
    *,
    leaving: Collection[str] = (),
) -> AsyncIterator[Step]:
    """Whatever the block writes about this company is made known and can be undone under `Step.id`.

    `deed`: code of what is done, for the words that offer undoing. `leaving`: employees the block deletes.
    """
    step = Step()
    kept = await employee_leaving.take(conn, leaving)
    before = await _picture(conn, customer_id)
    yield step
    rows = _difference(before, await _picture(conn, customer_id))
    if rows:
        step.id = await _store(conn, customer_id, account_id, deed, now, rows, kept)
        await changes.touch(conn, customer_id, now)


async def undo(
    conn: AsyncConnection,
    customer_id: str,
    account_id: str | None,
    step_id: str,
    now: datetime,
    *,
    only_own: bool = False,
) -> Refused | str:
    """Put back what the step replaced; returns the id of a step that undoes the undoing.

    `only_own`: steps of other accounts do not exist for this one.
    Refused: not_found (or older than a day, or undone already); undo_overtaken: changed again since.
    """
    mine = (t.undo_step.c.id == step_id) & (t.undo_step.c.customer_id == customer_id)
    if only_own:
        mine &= t.undo_step.c.account_id == account_id
    alive = t.undo_step.c.undone.is_(False) & (t.undo_step.c.at > now - KEPT)
    row = (await conn.execute(select(t.undo_step).where(mine & alive))).one_or_none()
    if row is None:
        return Refused("not_found")
    rows: Rows = row.diff["rows"]
    if _overtaken(rows, await _picture(conn, customer_id)):
        return Refused("undo_overtaken")
    try:
        async with conn.begin_nested():
            if await changed(conn, t.undo_step.update().where(mine & alive).values(undone=True)):
                return await _take_back(conn, row, account_id, now)
            return Refused("not_found")
    except IntegrityError:  # somebody new has what has to be the only one, such as a log-in
        return Refused("undo_overtaken")


async def _take_back(
    conn: AsyncConnection, step: DatabaseRow[Any], account_id: str | None, now: datetime
) -> str:
    rows: Rows = step.diff["rows"]
    going = [after["id"] for before, after in rows.get("employee", ()) if before is None and after]
    kept = await employee_leaving.take(conn, going)
    await _restore(conn, rows)
    await employee_leaving.put_back(conn, step.diff["links"])
    back: Rows = {name: [(after, before) for before, after in pairs] for name, pairs in rows.items()}
    whose = (step.customer_id, account_id)
    made = await _store(conn, *whose, step.deed, now, back, kept)
    await changes.touch(conn, step.customer_id, now)
    return made


async def latest(
    conn: AsyncConnection, customer_id: str, deed: str, now: datetime
) -> tuple[str, datetime] | None:
    """Id and moment of the newest step of this deed that can still be undone."""
    mine = (t.undo_step.c.customer_id == customer_id) & (t.undo_step.c.deed == deed)
    alive = t.undo_step.c.undone.is_(False) & (t.undo_step.c.at > now - KEPT)
    query = select(t.undo_step.c.id, t.undo_step.c.at).where(mine & alive)
    row = (await conn.execute(query.order_by(t.undo_step.c.at.desc()).limit(1))).one_or_none()
    return (row.id, row.at) if row else None


async def _store(
    conn: AsyncConnection,
    customer_id: str,
    account_id: str | None,
    deed: str,
    now: datetime,
    rows: Rows,
    kept: employee_leaving.Kept,
) -> str:
    """Keep a step; those older than a day go."""
    await conn.execute(t.undo_step.delete().where(t.undo_step.c.at <= now - KEPT))
    values = {"id": new_id(), "customer_id": customer_id, "account_id": account_id, "deed": deed, "at": now}
    await conn.execute(t.undo_step.insert().values(values | {"diff": {"rows": rows, "links": kept}}))
    return str(values["id"])


def _watched(customer_id: str) -> tuple[tuple[Table, ColumnElement[bool]], ...]:
    """The tables a company can change, those that others refer to first."""
    employees = select(t.employee.c.id).where(t.employee.c.customer_id == customer_id)
    subaccount = (t.account.c.customer_id == customer_id) & (t.account.c.role == "subaccount")
    return (
        (t.customer, t.customer.c.id == customer_id),
        (t.employee, t.employee.c.customer_id == customer_id),
        (t.account, subaccount),
        (t.employee_cc, t.employee_cc.c.employee_id.in_(employees)),
        (t.appointment, t.appointment.c.employee_id.in_(employees)),
        (t.calendar_source, t.calendar_source.c.employee_id.in_(employees)),
        (t.vip_caller, t.vip_caller.c.customer_id == customer_id),
        (t.blocked_caller, t.blocked_caller.c.customer_id == customer_id),
        (t.faq_entry, t.faq_entry.c.customer_id == customer_id),
    )


async def _picture(conn: AsyncConnection, customer_id: str) -> Picture:
    picture: Picture = {}
    for table, mine in _watched(customer_id):
        names = _OWN_COLUMNS.get(table.name) or tuple(table.c.keys())
        query = select(*(table.c[name] for name in names)).where(mine)
        rows = [row_to_json(row._mapping) async for row in rows_of(conn, query)]
        picture[table.name] = {_key(table, row): row for row in rows}
    return picture


def _key(table: Table, row: Mapping[str, Any]) -> Key:
    return tuple(row[column.name] for column in table.primary_key)


def _difference(before: Picture, after: Picture) -> Rows:
    """Pairs of what was and what is, by table; None: not there."""
    rows: Rows = {}
    for name, old in before.items():
        new = after[name]
        pairs = [(old.get(key), new.get(key)) for key in old | new if old.get(key) != new.get(key)]
        if pairs:
            rows[name] = pairs
    return rows


def _overtaken(rows: Rows, current: Picture) -> bool:
    return any(
        current[name].get(_key(t.metadata.tables[name], before or after or {})) != after
        for name, pairs in rows.items()
        for before, after in pairs
    )


async def _restore(conn: AsyncConnection, rows: Rows) -> None:
    """What came goes, children first; then what was is put back, parents first."""
    ordered = [(table, rows[table.name]) for table, _ in _watched("") if table.name in rows]
    for table, pairs in reversed(ordered):
        await _delete(conn, table, [after for before, after in pairs if before is None and after])
    for table, pairs in ordered:
        gone = [before for before, after in pairs if before and after is None]
        # Employees refer to each other: first all of them without their deputies, then with.
        alone = [row | {"deputy_id": None} for row in gone] if table is t.employee else gone
        await insert_all(conn, table, [row_from_json(table, row) for row in alone])
        await _update(conn, table, [before for before, after in pairs if before and after])
        if table is t.employee:
            await _update(conn, table, gone)


async def _delete(conn: AsyncConnection, table: Table, rows: list[Row]) -> None:
    if rows:
        gone = (_bound_key(table, row) for row in rows)
        await execute_all(conn, table.delete().where(_same_key(table)), gone)


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
