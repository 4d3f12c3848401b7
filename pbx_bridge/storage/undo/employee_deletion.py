"""What hangs on an employee beside all that a company edits: it goes with them, and comes back with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import execute_all, insert_once, rows_of
from pbx_bridge.storage.db.types import row_from_json, row_to_json

Row = dict[str, Any]
Kept = Mapping[str, Sequence[Row]]
"""Rows by name, moments as text: JSON keeps them."""

_NAMES = (
    ("attempt", t.attempt, "employee_id"),
    ("asked_for", t.attempt, "asked_id"),
    ("call_note", t.call_note, "put_through_to"),
    ("notification", t.notification, "employee_id"),
)
"""History that names an employee, and forgets the name when the employee is deleted; kept under this name."""


def _lost(leaving: Collection[str]) -> tuple[tuple[str, Table, ColumnElement[bool]], ...]:
    """Names and rows of what goes with these employees, those that others refer to first."""
    account, source, mail = t.account.c, t.calendar_source.c, t.notification.c
    accounts = select(account.id).where(account.employee_id.in_(leaving))
    sources = select(source.id).where(source.employee_id.in_(leaving))
    mails = select(mail.id).where(mail.account_id.in_(accounts))
    return (
        ("account", t.account, account.id.in_(accounts)),
        ("known_device", t.known_device, t.known_device.c.account_id.in_(accounts)),
        ("second_factor", t.second_factor, t.second_factor.c.account_id.in_(accounts)),
        ("recovery_code", t.recovery_code, t.recovery_code.c.account_id.in_(accounts)),
        ("invitation", t.invitation, t.invitation.c.account_id.in_(accounts)),
        ("invitation_mail", t.notification, mail.id.in_(mails)),
        ("delivery_attempt", t.delivery_attempt, t.delivery_attempt.c.notification_id.in_(mails)),
        ("calendar_feed", t.calendar_feed, t.calendar_feed.c.employee_id.in_(leaving)),
        ("calendar_source", t.calendar_source, source.id.in_(sources)),
        ("calendar_event", t.calendar_event, t.calendar_event.c.source_id.in_(sources)),
        ("note_recipient", t.note_recipient, t.note_recipient.c.employee_id.in_(leaving)),
    )


async def take(conn: AsyncConnection, leaving: Collection[str]) -> Kept:
    """All of it, before these employees are deleted."""
    if not leaving:
        return {}
    kept: dict[str, list[Row]] = {}
    for name, table, column in _NAMES:
        query = select(table.c.id, table.c[column]).where(table.c[column].in_(leaving))
        kept[name] = await _rows(conn, query)
    for name, table, theirs in _lost(leaving):
        kept[name] = await _rows(conn, select(table).where(theirs))
    return {name: rows for name, rows in kept.items() if rows}


async def put_back(conn: AsyncConnection, kept: Kept) -> None:
    """When these employees are there again; notes that were erased meanwhile stay erased."""
    for name, table, column in _NAMES:
        if rows := kept.get(name):
            named = table.update().where(table.c.id == bindparam("key")).values({column: bindparam("whom")})
            await execute_all(conn, named, ({"key": row["id"], "whom": row[column]} for row in rows))
    for name, table, _ in _lost(()):
        for row in kept.get(name, ()):
            # Retention may have erased the note since: its recipient has nothing to refer to then.
            if table is not t.note_recipient or await _is_kept(conn, row["note_id"]):
                await _put(conn, table, row_from_json(table, row))


async def _rows(conn: AsyncConnection, query: Any) -> list[Row]:
    return [row_to_json(row._mapping) async for row in rows_of(conn, query)]


async def _is_kept(conn: AsyncConnection, note_id: str) -> bool:
    return (
        await conn.execute(select(t.call_note.c.id).where(t.call_note.c.id == note_id))
    ).first() is not None


async def _put(conn: AsyncConnection, table: Table, row: Row) -> None:
    """The row; of one that is there again already, what the company does not edit itself."""
    # Accounts and calendars elsewhere are there: `snapshots.restore` has put back the columns that a company
    # edits. The others, such as when a calendar was last read, come from here.
    if not await insert_once(conn, table, row):
        keys = [column == row[column.name] for column in table.primary_key]
        await conn.execute(table.update().where(*keys).values(row))
