"""Our numbers, to which customers forward theirs."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import rows_among, rows_of
from rules.model import Line

MOST = 200
"""Lines of one company that anybody wants to see."""


async def load_all(conn: AsyncConnection) -> tuple[Line, ...]:
    """All lines by number."""
    rows = rows_of(conn, select(t.line).order_by(t.line.c.number))
    return tuple([Line(row.id, row.number, row.region, row.customer_id) async for row in rows])


async def of_customer(conn: AsyncConnection, customer_id: str) -> tuple[Line, ...]:
    """The lines on which this company's calls can arrive: its own, then shared ones, by number."""
    mine = t.line.c.customer_id == customer_id
    query = select(t.line).where(mine | (t.line.c.customer_id.is_(None) & t.line.c.shared))
    rows = await conn.execute(query.order_by(t.line.c.customer_id.is_(None), t.line.c.number).limit(MOST))
    return tuple(Line(row.id, row.number, row.region, row.customer_id) for row in rows)


async def leading_here(conn: AsyncConnection, numbers: Collection[str]) -> frozenset[str]:
    """Those of some hundred numbers (E.164) at which callers reach us: lines, and companies' own numbers."""
    query = select(t.public_number.c.number).where(t.public_number.c.number.in_(numbers))
    return await among(conn, numbers) | frozenset((await conn.execute(query)).scalars())


async def company_of(conn: AsyncConnection, number: str) -> str | None:
    """Id of the company whose line this number (E.164) is, else whose own number; None: nobody's."""
    for table in (t.line, t.public_number):
        query = select(table.c.customer_id).where(table.c.number == number)
        found: str | None = (await conn.execute(query)).scalars().first()
        if found:
            return found
    return None


async def among(conn: AsyncConnection, numbers: Collection[str]) -> frozenset[str]:
    """Those of any number of numbers (E.164) that are ours."""
    found = rows_among(conn, select(t.line.c.number), t.line.c.number, numbers)
    return frozenset([row.number async for row in found])
