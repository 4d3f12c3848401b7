"""Which of the PBX's numbered queues is whose."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import insert_all
from rules.calls.answering import NumberedQueue, group_of


async def load(conn: AsyncConnection) -> tuple[NumberedQueue, ...]:
    """All that were ever given to a group, by number."""
    rows = await conn.execute(select(t.team_queue).order_by(t.team_queue.c.number))
    return tuple(NumberedQueue(row.number, group_of(row.answers), row.unused_since) for row in rows)


async def replace(conn: AsyncConnection, queues: Collection[NumberedQueue]) -> None:
    """From now on these and no others."""
    await conn.execute(t.team_queue.delete())
    rows: list[dict[str, int | str | datetime | None]] = [
        {"number": one.number, "answers": one.group.key, "unused_since": one.unused_since} for one in queues
    ]
    await insert_all(conn, t.team_queue, rows)
