"""The house's own numbers as a list: searched, put in order and cut by the database, each with its last call.

When a line rang last is asked for those of the page only, each at the end of its part of an index.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.words import has_words, number_in


class PoolState(StrEnum):
    """Which are listed. `FREE`: nobody's; `SHARED`: several companies forward there."""

    ALL = "all"
    FREE = "free"
    USED = "used"
    SHARED = "shared"


class LineOrder(StrEnum):
    """Each has an index."""

    NUMBER = "number"
    SINCE = "since"


@dataclass(frozen=True, slots=True)
class LineSearch:
    """`words`: a part of the number, however it is written, or of the company's name."""

    words: str = ""
    kind: PoolState = PoolState.ALL
    order: LineOrder = LineOrder.NUMBER
    down: bool = False


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A row. `number`: E.164; `since`: when it became what it is, None: not written down; `last_call`: when
    the last one arrived, whosever the line was then."""

    id: str
    number: str
    shared: bool
    since: datetime | None
    customer_id: str | None
    company: str
    last_call: datetime | None

    @property
    def state(self) -> PoolState:
        """One of those but ALL."""
        if self.customer_id:
            return PoolState.USED
        return PoolState.SHARED if self.shared else PoolState.FREE


async def listed(
    conn: AsyncConnection, search: LineSearch, *, skip: int = 0, most: int = 50
) -> tuple[tuple[ListedLine, ...], int]:
    """A part of the list, and how many there are."""
    wanted = _wanted(search)
    total = select(func.count()).select_from(t.line).where(*wanted)
    query = _lines().where(*wanted).order_by(*_order(search)).offset(skip).limit(most)
    rows: Sequence[Any] = (await conn.execute(query)).all()
    return await _told(conn, rows), int((await conn.execute(total)).scalar_one())


async def part_after(
    conn: AsyncConnection, search: LineSearch, number: str = "", most: int = 500
) -> tuple[ListedLine, ...]:
    """By number, whatever the search's order: those behind this one. For a file of all of them."""
    query = _lines().where(*_wanted(search), t.line.c.number > number)
    rows: Sequence[Any] = (await conn.execute(query.order_by(t.line.c.number).limit(most))).all()
    return await _told(conn, rows)


async def one(conn: AsyncConnection, line_id: str) -> ListedLine | None:
    """The line with this id, or None."""
    rows: Sequence[Any] = (await conn.execute(_lines().where(t.line.c.id == line_id))).all()
    return next(iter(await _told(conn, rows)), None)


async def by_number(conn: AsyncConnection, numbers: Collection[str]) -> dict[str, ListedLine]:
    """Those of some hundred numbers (E.164) that are ours."""
    rows: Sequence[Any] = (await conn.execute(_lines().where(t.line.c.number.in_(numbers)))).all()
    return {one.number: one for one in await _told(conn, rows)}


async def count(conn: AsyncConnection) -> int:
    """How many there are."""
    return int((await conn.execute(select(func.count()).select_from(t.line))).scalar_one())


def _lines() -> Select[Any]:
    line = t.line.c
    columns = line.id, line.number, line.shared, line.since, line.customer_id
    return select(*columns, t.customer.c.name.label("company")).select_from(t.line.outerjoin(t.customer))


def _order(search: LineSearch) -> tuple[ColumnElement[Any], ...]:
    number, since = t.line.c.number, t.line.c.since
    if search.order is LineOrder.SINCE:
        # Those of which nobody knows stand at the older end, on both databases.
        return (since.desc().nulls_last() if search.down else since.asc().nulls_first(), number)
    return (number.desc() if search.down else number,)


def _wanted(search: LineSearch) -> list[ColumnElement[bool]]:
    line, nobodys = t.line.c, t.line.c.customer_id.is_(None)
    kinds: dict[PoolState, list[ColumnElement[bool]]] = {
        PoolState.FREE: [nobodys, line.shared.is_(False)],
        PoolState.USED: [line.customer_id.is_not(None)],
        PoolState.SHARED: [nobodys, line.shared.is_(True)],
    }
    wanted = kinds.get(search.kind, [])
    if search.words:
        named = select(t.customer.c.id).where(has_words([t.customer.c.name], search.words))
        wanted.append(or_(line.customer_id.in_(named), *_digits(search.words)))
    return wanted


def _digits(words: str) -> list[ColumnElement[bool]]:
    """A part of the number; none if it is no number."""
    digits = number_in(words)
    return [t.line.c.number.contains(digits)] if digits else []


async def _told(conn: AsyncConnection, rows: Sequence[Any]) -> tuple[ListedLine, ...]:
    numbers = [row.number for row in rows]
    if not numbers:
        return ()
    rang = func.max(t.call.c.arrived_at)
    last = select(rang).where(t.call.c.line_number == t.line.c.number).scalar_subquery()
    query = select(t.line.c.number, last.label("last")).where(t.line.c.number.in_(numbers))
    called = {row.number: row.last for row in await conn.execute(query)}
    return tuple(
        ListedLine(
            row.id,
            row.number,
            row.shared,
            row.since,
            row.customer_id,
            row.company or "",
            called.get(row.number),
        )
        for row in rows
    )
