"""Rows that are erased some at a time: found by a reader, who keeps nobody waiting, written by their keys.

SQLite has one writer. To look through all texts of a big company takes seconds; with the writer's turn in
hand, no note could be saved meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, select, tuple_

from pbx_bridge.storage.db.engine import AsyncConnection

Keys = Sequence[tuple[Any, ...]]
AT_ONCE = 200
CALLS_AT_ONCE = 25
"""With each call go its notes, messages, attempts."""


async def keys_of(conn: AsyncConnection, table: Table, which: ColumnElement[bool]) -> Keys:
    """Primary keys of all these rows."""
    rows = await conn.execute(select(*table.primary_key).where(which))
    return [tuple(row) for row in rows]


def some_of(keys: Keys, at_once: int = AT_ONCE) -> Iterator[Keys]:
    """As many as one transaction takes."""
    return (keys[first : first + at_once] for first in range(0, len(keys), at_once))


async def delete(conn: AsyncConnection, table: Table, keys: Keys) -> None:
    """With all that hangs on them."""
    await conn.execute(table.delete().where(_among(table, keys)))


async def change(conn: AsyncConnection, table: Table, keys: Keys, values: Mapping[str, Any]) -> None:
    """The same values in all of them."""
    await conn.execute(table.update().where(_among(table, keys)).values(**values))


async def rows(conn: AsyncConnection, table: Table, keys: Keys) -> Sequence[Row[Any]]:
    """As they are by now; those that are gone are left out."""
    return (await conn.execute(select(table).where(_among(table, keys)))).all()


def _among(table: Table, keys: Keys) -> ColumnElement[bool]:
    columns = list(table.primary_key)
    if len(columns) == 1:
        return columns[0].in_([key for (key,) in keys])
    return tuple_(*columns).in_(keys)
