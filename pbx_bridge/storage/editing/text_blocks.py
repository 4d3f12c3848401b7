"""Text blocks of a company, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.engine import AsyncConnection
from pbx_bridge.storage.sql import execute_all, insert_all
from rules.model import TextBlock


async def store(
    conn: AsyncConnection, customer_id: str, before: Sequence[TextBlock], after: Sequence[TextBlock]
) -> None:
    """The whole list as it is to be: new entries come, missing ones go, places count from 1."""
    placed = [
        {
            "id": one.id,
            "customer_id": customer_id,
            "place": place,
            "name": one.name,
            "text": one.text,
        }
        for place, one in enumerate(after, 1)
    ]
    known, wanted = {one.id for one in before}, {one.id for one in after}
    mine = (t.text_block.c.id == bindparam("key")) & (t.text_block.c.customer_id == customer_id)
    if gone := [{"key": one} for one in sorted(known - wanted)]:
        await execute_all(conn, t.text_block.delete().where(mine), gone)
    await insert_all(conn, t.text_block, [row for row in placed if row["id"] not in known])
    if kept := [row for row in placed if row["id"] in known]:
        values: dict[str, Any] = {name: bindparam(name) for name in ("place", "name", "text")}
        rows = [{"key": row["id"]} | {name: row[name] for name in values} for row in kept]
        await execute_all(conn, t.text_block.update().where(mine).values(values), rows)
