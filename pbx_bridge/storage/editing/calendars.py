"""Calendar feeds that go out, and the address of each employee's calendar elsewhere."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id


async def open_feed(
    conn: AsyncConnection, customer_id: str, employee_id: str | None, token_hash: str, now: datetime
) -> None:
    """A new address; the one before ends."""
    await close_feed(conn, customer_id, employee_id)
    values = {"token_hash": token_hash, "customer_id": customer_id, "employee_id": employee_id}
    await conn.execute(t.calendar_feed.insert().values(values | {"created_at": now}))


async def close_feed(conn: AsyncConnection, customer_id: str, employee_id: str | None) -> None:
    """The address leads nowhere from now on."""
    feed = t.calendar_feed.c
    mine = (feed.customer_id == customer_id) & feed.employee_id.is_not_distinct_from(employee_id)
    await conn.execute(t.calendar_feed.delete().where(mine))


async def set_source(conn: AsyncConnection, employee_id: str, url: str) -> None:
    """The employee's calendar from now on; what the one before brought is gone. An empty `url`: none."""
    before = t.calendar_source.c.employee_id == employee_id
    sources = select(t.calendar_source.c.id).where(before)
    await conn.execute(t.calendar_event.delete().where(t.calendar_event.c.source_id.in_(sources)))
    await conn.execute(t.calendar_source.delete().where(before))
    if url:
        values = {"id": new_id(), "employee_id": employee_id, "url": url}
        await conn.execute(t.calendar_source.insert().values(values))


async def read_again(conn: AsyncConnection, source_id: str) -> None:
    """Have it read as soon as possible."""
    same = t.calendar_source.c.id == source_id
    await conn.execute(t.calendar_source.update().where(same).values(checked_at=None))
