"""Rows that are erased some at a time: found by a reader, who keeps nobody waiting, written by their keys.

SQLite has one writer. To look through all texts of a big company takes seconds; with the writer's turn in
hand, no note could be saved meanwhile.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, select, tuple_

from pbx_bridge.storage.db.engine import AsyncConnection

Keys = Sequence[tuple[Any, ...]]
AT_ONCE = 200
CALLS_AT_ONCE = 25
"""With each call go its notes, messages, attempts."""


Deed = Callable[[AsyncConnection, Keys], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ErasurePart:
    """`which` rows of a table something is done to, `at_once` in one transaction."""

    table: Table
    which: ColumnElement[bool]
    deed: Deed
    at_once: int = AT_ONCE

    async def left(self, conn: AsyncConnection) -> Keys:
        """Those that it still has to be done to."""
        return await keys_of(conn, self.table, self.which)


def deleting(table: Table, which: ColumnElement[bool], at_once: int = AT_ONCE) -> ErasurePart:
    """These rows go, with all that hangs on them."""
    return ErasurePart(table, which, lambda conn, keys: delete(conn, table, keys), at_once)


def setting(table: Table, which: ColumnElement[bool], values: Mapping[str, Any]) -> ErasurePart:
    """These rows stay, with other values."""
    return ErasurePart(table, which, lambda conn, keys: change(conn, table, keys, values))


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
