"""Our numbers, to which customers forward theirs."""

from __future__ import annotations

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.engine import AsyncConnection
from rules.model import Line


async def load_all(conn: AsyncConnection) -> tuple[Line, ...]:
    """All lines by number."""
    rows = await conn.execute(select(t.line).order_by(t.line.c.number))
    return tuple(Line(row.id, row.number, row.region, row.customer_id) for row in rows)
