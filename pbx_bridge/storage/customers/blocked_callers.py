"""Callers whom a company has turned away, who blocked them, and how often they tried since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.calls.calls import Outcome
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import rows_of
from rules.model import BlockedCaller, BlockReason


@dataclass(frozen=True, slots=True)
class Block:
    """`caller` since `at` (UTC). `by`: name of the agent, or log-in; `role` None: nobody known any longer.

    `turned_away`: how many calls since then, as far as their records are kept; `last_at`: the newest of them.
    """

    caller: BlockedCaller
    at: datetime
    by: str
    role: Role | None
    turned_away: int
    last_at: datetime | None


async def listed(conn: AsyncConnection, customer_id: str) -> tuple[Block, ...]:
    """All of this company, the newest first."""
    rows = rows_of(conn, _blocks().where(t.blocked_caller.c.customer_id == customer_id))
    return tuple([_block(row) async for row in rows])


async def blocked_by(conn: AsyncConnection, customer_id: str, number: str, account_id: str | None) -> bool:
    """Whether it was this log-in that blocked the number for the company."""
    one = t.blocked_caller.c
    mine = (one.customer_id == customer_id) & (one.number == number) & (one.account_id == account_id)
    return (await conn.execute(select(one.id).where(mine))).first() is not None


def _blocks() -> Select[Any]:
    one, call = t.blocked_caller.c, t.call.c
    tried = (call.customer_id == one.customer_id) & (call.caller_number == one.number)
    tried &= (call.outcome == Outcome.BLOCKED.value) & (call.arrived_at >= one.at)
    return (
        select(
            *(one[name] for name in ("id", "number", "reason", "remark", "at")),
            *(t.account.c.login, t.account.c.role, t.agent.c.given_name, t.agent.c.family_name),
            select(func.count()).where(tried).scalar_subquery().label("turned_away"),
            select(func.max(call.arrived_at)).where(tried).scalar_subquery().label("last_at"),
        )
        .select_from(t.blocked_caller)
        .outerjoin(t.account, t.account.c.id == one.account_id)
        .outerjoin(t.agent, t.agent.c.account_id == one.account_id)
        .order_by(one.at.desc(), one.id.desc())
    )


def _block(row: Row[Any]) -> Block:
    return Block(
        BlockedCaller(row.id, row.number, BlockReason(row.reason), row.remark),
        row.at,
        f"{row.given_name} {row.family_name}" if row.given_name else row.login or "",
        Role(row.role) if row.role else None,
        row.turned_away,
        row.last_at,
    )
