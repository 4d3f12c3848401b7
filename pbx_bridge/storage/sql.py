"""The few sentences of SQL that SQLAlchemy spells differently for each database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Table, Update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


async def insert_once(conn: AsyncConnection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless its key is there already; whether it was inserted."""
    statement = _insert(conn, table).values(values).on_conflict_do_nothing()
    return bool((await conn.execute(statement)).rowcount == 1)


async def upsert(conn: AsyncConnection, table: Table, values: Mapping[str, Any], where: Any = None) -> bool:
    """Insert a row, or update the one with its primary key if `where` holds for it; whether anything was
    written."""
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in values.items() if name not in keys}
    statement = (
        _insert(conn, table).values(values).on_conflict_do_update(index_elements=keys, set_=rest, where=where)
    )
    return bool((await conn.execute(statement)).rowcount == 1)


async def changed(conn: AsyncConnection, statement: Update) -> bool:
    """Compare and set: whether the update found its row as expected."""
    return bool((await conn.execute(statement)).rowcount == 1)


async def insert_all(conn: AsyncConnection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows, possibly none."""
    listed = [dict(row) for row in rows]
    if listed:
        await conn.execute(table.insert(), listed)


def _insert(conn: AsyncConnection, table: Table) -> Any:
    return (postgresql if conn.dialect.name == "postgresql" else sqlite).insert(table)
