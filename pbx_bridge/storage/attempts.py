"""Who was rung to put a caller through, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.engine import AsyncConnection
from pbx_bridge.storage.sql import changed, insert_once


@dataclass(frozen=True, slots=True)
class StoredAttempt:
    """One employee rung. `id`: its ActionID and ChannelId; `result`: None while it runs, then a word of the
    schema."""

    id: str
    call_id: str
    started_at: datetime
    employee_id: str | None = None
    as_deputy: bool = False
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    result: str | None = None


async def insert(conn: AsyncConnection, attempt: StoredAttempt) -> bool:
    """Write it down before ringing; False when it is there already, which means: do not ring again."""
    return await insert_once(
        conn, t.attempt, {name: getattr(attempt, name) for name in StoredAttempt.__slots__}
    )


async def answered(conn: AsyncConnection, attempt_id: str, now: datetime) -> bool:
    """The employee picked up; False when that was known, or the attempt is over."""
    open_row = (
        (t.attempt.c.id == attempt_id) & t.attempt.c.answered_at.is_(None) & t.attempt.c.result.is_(None)
    )
    return await changed(conn, t.attempt.update().where(open_row).values(answered_at=now))


async def ended(conn: AsyncConnection, attempt_id: str, result: str, now: datetime) -> bool:
    """The attempt is over; False when it had a result before, which stays."""
    open_row = (t.attempt.c.id == attempt_id) & t.attempt.c.result.is_(None)
    return await changed(conn, t.attempt.update().where(open_row).values(result=result, ended_at=now))


async def of_call(conn: AsyncConnection, call_id: str) -> tuple[StoredAttempt, ...]:
    """The attempts of one call in their order."""
    query = (
        select(t.attempt)
        .where(t.attempt.c.call_id == call_id)
        .order_by(t.attempt.c.started_at, t.attempt.c.id)
    )
    return tuple(_attempt(row) for row in await conn.execute(query))


async def unfinished(conn: AsyncConnection) -> tuple[StoredAttempt, ...]:
    """All attempts without a result: what a restart has to look after at the PBX."""
    query = select(t.attempt).where(t.attempt.c.result.is_(None)).order_by(t.attempt.c.started_at)
    return tuple(_attempt(row) for row in await conn.execute(query))


def _attempt(row: Row[Any]) -> StoredAttempt:
    return StoredAttempt(**{name: getattr(row, name) for name in StoredAttempt.__slots__})
