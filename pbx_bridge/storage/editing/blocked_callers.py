"""Callers whom a company turns away: blocked and released."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import insert_once
from rules.model import BlockedCaller


async def insert(
    conn: AsyncConnection, customer_id: str, caller: BlockedCaller, account_id: str | None, now: datetime
) -> bool:
    """False when this company has blocked the number before; nothing is changed then."""
    values = {"id": caller.id, "number": caller.number, "reason": caller.reason.value}
    more = {"remark": caller.remark, "customer_id": customer_id, "account_id": account_id, "at": now}
    return await insert_once(conn, t.blocked_caller, values | more)


async def update(conn: AsyncConnection, customer_id: str, caller: BlockedCaller) -> None:
    """Why the number of `caller` is blocked; nothing happens where it is not."""
    same = (t.blocked_caller.c.customer_id == customer_id) & (t.blocked_caller.c.number == caller.number)
    told = {"reason": caller.reason.value, "remark": caller.remark}
    await conn.execute(t.blocked_caller.update().where(same).values(told))


async def delete(conn: AsyncConnection, customer_id: str, number: str) -> bool:
    """Calls from this number get through again; False when it was not blocked."""
    mine = (t.blocked_caller.c.customer_id == customer_id) & (t.blocked_caller.c.number == number)
    return bool((await conn.execute(t.blocked_caller.delete().where(mine))).rowcount)


async def number_of(conn: AsyncConnection, customer_id: str, block_id: str) -> str | None:
    """Whom an entry of this company turns away; None for one of another company, and for none."""
    one = t.blocked_caller.c
    query = select(one.number).where((one.customer_id == customer_id) & (one.id == block_id))
    found: str | None = (await conn.execute(query)).scalar_one_or_none()
    return found
