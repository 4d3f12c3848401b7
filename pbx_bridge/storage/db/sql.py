"""The few sentences of SQL that SQLAlchemy spells differently for each database.

What runs with every call is built once, with `bindparam`s: SQLAlchemy then knows its text at a glance, while
taking a new one apart costs up to two milliseconds in which no pop goes out.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Delete,
    Insert,
    Row,
    Select,
    Table,
    Update,
    bindparam,
    case,
    extract,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from pbx_bridge.time_slices import gently

Item = TypeVar("Item")

AT_ONCE = 50
"""Rows that one statement writes: taking more of them in hand would hold the loop."""
NAMED = 1_000
"""Values that one statement may name: PostgreSQL takes 32,767, but ten thousand take fifty milliseconds to be
written down."""


async def insert_once(conn: AsyncConnection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless its key is there already; whether it was inserted."""
    statement = _insert_once(conn.dialect.name, table)
    return bool((await conn.execute(statement, dict(values))).rowcount == 1)


async def upsert(conn: AsyncConnection, table: Table, values: Mapping[str, Any], where: Any = None) -> bool:
    """Insert a row, or update the one with its primary key if `where` holds for it; whether anything was
    written."""
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in values.items() if name not in keys}
    statement = (
        _insert(conn.dialect.name, table)
        .values(values)
        .on_conflict_do_update(index_elements=keys, set_=rest, where=where)
    )
    return bool((await conn.execute(statement)).rowcount == 1)


async def changed(conn: AsyncConnection, statement: Update, **values: Any) -> bool:
    """Compare and set: whether the update found its row as expected. `values`: of its `bindparam`s."""
    return bool((await conn.execute(statement, values)).rowcount == 1)


async def existing(conn: AsyncConnection, table: Table, ids: Iterable[str | None]) -> frozenset[str]:
    """Which of these are ids of rows of `table`; PostgreSQL keeps them there until the transaction ends."""
    wanted = {one for one in ids if one}
    if not wanted:
        return frozenset()
    rows = await conn.execute(_existing(table), {"these": list(wanted)})
    return frozenset(rows.scalars().all())


async def insert_all(conn: AsyncConnection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows, possibly none."""
    await execute_all(conn, table.insert(), (dict(row) for row in rows))


async def execute_all(
    conn: AsyncConnection, statement: Insert | Update | Delete, rows: Iterable[Mapping[str, Any]]
) -> None:
    """The statement with the values of each row, possibly none; any number of them holds nobody up."""
    async for some in gently(batches(rows, AT_ONCE)):
        await conn.execute(statement, some)


async def rows_of(conn: AsyncConnection, query: Select[Any]) -> AsyncIterator[Row[Any]]:
    """What the query finds, however much, without holding anybody up."""
    async for row in gently(_by_and_by(await conn.execute(query))):
        yield row


def _by_and_by(found: CursorResult[Any]) -> Iterator[Row[Any]]:
    """Rows that are done with are let go before the last one is: all at once they take ten milliseconds."""
    while some := found.fetchmany(AT_ONCE):
        yield from some


async def rows_among(
    conn: AsyncConnection, query: Select[Any], column: ColumnElement[Any], values: Collection[Any]
) -> AsyncIterator[Row[Any]]:
    """What the query finds where `column` is one of any number of `values`, `NAMED` of them at once."""
    for some in batches(values, NAMED):
        async for row in rows_of(conn, query.where(column.in_(some))):
            yield row


def batches(items: Iterable[Item], size: int) -> Iterator[Sequence[Item]]:
    """Lists of up to `size`."""
    left = iter(items)
    while some := list(islice(left, size)):
        yield some


@cache
def _existing(table: Table) -> Any:
    these = table.c.id.in_(bindparam("these", expanding=True))
    return select(table.c.id).where(these).with_for_update(read=True, key_share=True)


@cache
def _insert_once(dialect: str, table: Table) -> Any:
    return _insert(dialect, table).on_conflict_do_nothing()


def _insert(dialect: str, table: Table) -> Any:
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


def seconds_between(
    conn: AsyncConnection, start: ColumnElement[Any], end: ColumnElement[Any]
) -> ColumnElement[Any]:
    """Seconds from one moment to another, exact to a millisecond; null if one of them is."""
    return seconds_of(conn.dialect.name, start, end)


def seconds_of(dialect: str, start: ColumnElement[Any], end: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same for queries that are built once for each dialect."""
    if dialect == "sqlite":
        return func.round((func.julianday(end) - func.julianday(start)) * 86_400, 3)
    return extract("epoch", end) - extract("epoch", start)


async def pairs(
    conn: AsyncConnection, query: Select[Any], these: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Second column by first, in the query's order; its parameter is `these`."""
    found: dict[str, tuple[str, ...]] = {}
    if not these:
        return found
    for key, value in await conn.execute(query, {"these": list(these)}):
        found[key] = (*found.get(key, ()), value)
    return found


def count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows it holds for; 0 where there are none."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def is_missing(column: ColumnElement[str]) -> ColumnElement[bool]:
    """A reference to nothing, past the column's index: where it is unique, SQLite expects one such row, takes
    that index rather than any other, and reads all rows that refer to nothing."""
    return func.coalesce(column, "") == ""
