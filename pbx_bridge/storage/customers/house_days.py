"""Days that the house counts as holidays, or does not, otherwise than the law as we know it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from rules.text.holidays import HouseDay


async def load(conn: AsyncConnection) -> tuple[HouseDay, ...]:
    """All of them, by day."""
    rows = await conn.execute(select(t.house_day).order_by(t.house_day.c.day, t.house_day.c.state))
    return tuple([HouseDay(date.fromisoformat(row.day), row.state, row.free, row.name) for row in rows])


async def insert(conn: AsyncConnection, one: HouseDay) -> None:
    """A new one."""
    values = {"day": one.day.isoformat(), "state": one.state, "free": one.free, "name": one.name}
    await conn.execute(t.house_day.insert(), values)


async def delete(conn: AsyncConnection, one: HouseDay) -> bool:
    """It goes; False: it is gone already."""
    mine = (t.house_day.c.day == one.day.isoformat()) & (t.house_day.c.state == one.state)
    return bool((await conn.execute(t.house_day.delete().where(mine))).rowcount)


async def whose(conn: AsyncConnection, state: str) -> tuple[str, ...]:
    """Companies whose holidays are those of this state, "": of any."""
    counts = t.customer.c.state == state if state else t.customer.c.state != ""
    return tuple([row.id for row in await conn.execute(select(t.customer.c.id).where(counts))])
