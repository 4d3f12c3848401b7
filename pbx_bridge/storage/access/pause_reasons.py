"""Why agents of this house pause, as far as it is otherwise than everywhere."""

from __future__ import annotations

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import upsert
from rules.presence.pause_reasons import PauseChoice


async def kept(conn: AsyncConnection) -> tuple[PauseChoice, ...]:
    """Those that were changed or made, in no order."""
    rows = await conn.execute(select(t.pause_reason))
    return tuple([PauseChoice(row.id, dict(row.names), row.place, row.retired) for row in rows])


async def put(conn: AsyncConnection, one: PauseChoice) -> None:
    """Made, or as it is now."""
    values = {"id": one.code, "names": dict(one.names), "place": one.place, "retired": one.retired}
    await upsert(conn, t.pause_reason, values)
