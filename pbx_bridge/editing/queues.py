"""Whether the PBX has a queue for whoever would answer a company's calls."""

from __future__ import annotations

from datetime import datetime

from pbx_bridge.storage.customers import team_queues, teams
from pbx_bridge.storage.db.engine import AsyncConnection
from rules.calls.answering import assign, needed, plan_of
from rules.model import Answering


async def are_full(
    conn: AsyncConnection, customer_id: str, answering: Answering, now: datetime, *, bound: bool
) -> bool:
    """Whether none is left if this company is answered so; `bound`: only by who is bound to secrecy."""
    groups = needed([*await teams.plans(conn, customer_id), plan_of(answering, bound=bound)])
    _, left = assign(await team_queues.load(conn), groups, now)
    return bool(left)
