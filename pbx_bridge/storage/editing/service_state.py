"""What the house decides about a company as a whole, and what it gives back at its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Table, func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import account_changes
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.access.accounts import from_row
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import changed
from rules.vocabulary import ServiceState

AT_ONCE = 500
"""Rows of a kind that one transaction erases: whoever has to store a note waits no longer than for these."""


async def set_state(
    conn: AsyncConnection, customer_id: str, was: ServiceState, now_is: ServiceState, at: datetime
) -> bool:
    """False: meanwhile somebody has decided something else."""
    mine = (t.customer.c.id == customer_id) & (t.customer.c.service == was.value)
    values = {"service": now_is.value, "service_since": at}
    return await changed(conn, t.customer.update().where(mine).values(values))


async def give_numbers_back(conn: AsyncConnection, customer_id: str, at: datetime) -> tuple[str, ...]:
    """Lines are free, and its own numbers tell of nobody's calls; returns the lines, E.164."""
    mine = t.line.c.customer_id == customer_id
    freed = await conn.execute(
        t.line.update().where(mine).values(customer_id=None, since=at).returning(t.line.c.number)
    )
    numbers = tuple(sorted(freed.scalars()))
    await conn.execute(t.public_number.delete().where(t.public_number.c.customer_id == customer_id))
    return numbers


async def close_log_ins(conn: AsyncConnection, customer_id: str, by: By) -> int:
    """Nobody of the company is in or comes in any more, nor by an invitation, a calendar's address, or a way
    back to a log-in that was there; how many that were."""
    # Also if the company is taken up again: which log-ins are open then is decided anew, by hand.
    await conn.execute(t.undo_step.delete().where(t.undo_step.c.customer_id == customer_id))
    await conn.execute(t.calendar_feed.delete().where(t.calendar_feed.c.customer_id == customer_id))
    theirs = (t.account.c.customer_id == customer_id) & t.account.c.disabled.is_(False)
    open_ones = (await conn.execute(select(t.account).where(theirs))).all()
    for row in open_ones:
        await account_changes.lock(conn, from_row(row), by, locked=True)
    return len(open_ones)


async def erase_some(conn: AsyncConnection, customer_id: str) -> dict[str, int]:
    """`AT_ONCE` calls with their notes, or of what else there may be much; how many rows of each kind, none
    when none is left."""
    if calls := await _some(conn, t.call, customer_id):
        # Counted before: what the database deletes by itself, with a call, is in the result of no statement.
        notes = select(t.call_note.c.id).where(t.call_note.c.call_id.in_(calls))
        hanging = {
            "notes": (t.call_note, t.call_note.c.call_id.in_(calls)),
            "messages": (t.notification, t.notification.c.note_id.in_(notes)),
            "voices": (t.voice_message, t.voice_message.c.call_id.in_(calls)),
        }
        counts = {kind: await _count(conn, table, which) for kind, (table, which) in hanging.items()}
        await conn.execute(t.call.delete().where(t.call.c.id.in_(calls)))
        return {"calls": len(calls)} | {kind: count for kind, count in counts.items() if count}
    for kind, table, theirs in _in_parts(customer_id):
        found = (await conn.execute(select(table.c.id).where(theirs).limit(AT_ONCE))).scalars().all()
        if found:
            await conn.execute(table.delete().where(table.c.id.in_(found)))
            return {kind: len(found)}
    return {}


def _in_parts(customer_id: str) -> Iterator[tuple[str, Table, ColumnElement[bool]]]:
    """What there may be much of, those first that would go with others: with the record of the company
    itself a million entries of calendars would keep every note from being saved."""
    people = select(t.employee.c.id).where(t.employee.c.customer_id == customer_id)
    sources = select(t.calendar_source.c.id).where(t.calendar_source.c.employee_id.in_(people))
    for kind, table in (("messages", t.notification), ("usage", t.usage)):
        yield kind, table, table.c.customer_id == customer_id
    yield "calendar_events", t.calendar_event, t.calendar_event.c.source_id.in_(sources)
    yield "appointments", t.appointment, t.appointment.c.employee_id.in_(people)
    for kind, table in (
        ("vips", t.vip_caller),
        ("blocked", t.blocked_caller),
        ("employee", t.employee),
        ("news", t.company_change),  # also that these are gone
    ):
        yield kind, table, table.c.customer_id == customer_id


async def erase_company(conn: AsyncConnection, customer_id: str) -> dict[str, int]:
    """The company with all that is its own and small; how many rows of each kind."""
    log_ins = await _count(conn, t.account, t.account.c.customer_id == customer_id)
    await conn.execute(t.customer.delete().where(t.customer.c.id == customer_id))
    return ({"log_ins": log_ins} if log_ins else {}) | {"company": 1}


async def _some(conn: AsyncConnection, table: Table, customer_id: str) -> Sequence[str]:
    query = select(table.c.id).where(table.c.customer_id == customer_id).limit(AT_ONCE)
    return (await conn.execute(query)).scalars().all()


async def _count(conn: AsyncConnection, table: Table, which: ColumnElement[bool]) -> int:
    return int((await conn.execute(select(func.count()).select_from(table).where(which))).scalar_one())
