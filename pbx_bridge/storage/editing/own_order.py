"""What a company keeps as a list in an order of its own: answers to questions, text blocks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Table, bindparam, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import execute_all, insert_all, rows_of

TABLES: Mapping[str, Table] = {"faq": t.faq_entry, "text_block": t.text_block}


async def listed(conn: AsyncConnection, kind: str, customer_id: str) -> dict[str, dict[str, str]]:
    """The whole list as it is, id → texts. `kind`: one of `TABLES`."""
    table = TABLES[kind]
    texts = [one.name for one in table.c if one.name not in {"id", "customer_id", "place"}]
    query = select(table).where(table.c.customer_id == customer_id).order_by(table.c.place)
    return {row.id: {name: row._mapping[name] for name in texts} async for row in rows_of(conn, query)}


async def store(
    conn: AsyncConnection,
    kind: str,
    customer_id: str,
    before: Collection[str],
    after: Mapping[str, Mapping[str, str]],
) -> None:
    """The whole list as it is to be, id → texts: new ones come, those of `before` that are missing go, places
    count from 1. `kind`: one of `TABLES`."""
    table, known = TABLES[kind], frozenset(before)
    placed = {key: {"place": place, **texts} for place, (key, texts) in enumerate(after.items(), 1)}
    mine = (table.c.id == bindparam("key")) & (table.c.customer_id == customer_id)
    if gone := [{"key": key} for key in sorted(known - after.keys())]:
        await execute_all(conn, table.delete().where(mine), gone)
    new = {key: row for key, row in placed.items() if key not in known}
    await insert_all(conn, table, [{"id": key, "customer_id": customer_id} | new[key] for key in new])
    if kept := [{"key": key} | row for key, row in placed.items() if key in known]:
        values: dict[str, Any] = {name: bindparam(name) for name in kept[0] if name != "key"}
        await execute_all(conn, table.update().where(mine).values(values), kept)
