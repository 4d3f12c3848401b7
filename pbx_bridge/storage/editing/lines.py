"""The house's own numbers: put into the pool, taken out of it, shared, given to a company and given back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import changed, insert_once
from rules.model import Customer


async def add(
    conn: AsyncConnection, numbers: Collection[str], region: str, at: datetime, *, shared: bool
) -> None:
    """New ones (E.164), of nobody; one that is there meanwhile stays as it is."""
    values = {"region": region, "shared": shared, "since": at}
    for number in numbers:
        await insert_once(conn, t.line, {"id": new_id(), "number": number} | values)


async def remove(conn: AsyncConnection, line_id: str) -> bool:
    """A free one. False: meanwhile it is not."""
    free = (t.line.c.id == line_id) & t.line.c.customer_id.is_(None) & t.line.c.shared.is_(False)
    return bool((await conn.execute(t.line.delete().where(free))).rowcount == 1)


async def share(conn: AsyncConnection, line_id: str, at: datetime, *, shared: bool) -> bool:
    """Of nobody, and from now on shared or free. False: meanwhile it is a company's, or was so already."""
    other = t.line.c.customer_id.is_(None) & t.line.c.shared.is_not(shared)
    mine = (t.line.c.id == line_id) & other
    return await changed(conn, t.line.update().where(mine).values(shared=shared, since=at))


async def free(conn: AsyncConnection, line_id: str, customer_id: str, at: datetime) -> bool:
    """The company has it no more. False: meanwhile it is not the company's."""
    theirs = (t.line.c.id == line_id) & (t.line.c.customer_id == customer_id)
    return await changed(conn, t.line.update().where(theirs).values(customer_id=None, since=at))


async def take(conn: AsyncConnection, number: str, customer: Customer, at: datetime) -> bool:
    """A line (E.164) that is new, or nobody's, is this company's. False: meanwhile it is somebody else's."""
    now = {"customer_id": customer.id, "shared": False, "since": at}
    new = {"id": new_id(), "number": number, "region": customer.region}
    if await insert_once(conn, t.line, new | now):
        return True
    nobodys = (t.line.c.number == number) & t.line.c.customer_id.is_(None)
    return await changed(conn, t.line.update().where(nobodys).values(now))


async def move(conn: AsyncConnection, number: str, had: str, customer: Customer, at: datetime) -> bool:
    """A line of the company with the id `had` is this company's. False: that one has it no more."""
    theirs = (t.line.c.number == number) & (t.line.c.customer_id == had)
    now = {"customer_id": customer.id, "since": at}
    return await changed(conn, t.line.update().where(theirs).values(now))
