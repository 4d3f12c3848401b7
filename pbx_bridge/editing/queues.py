"""Whether the PBX has a queue for whoever would answer a company's calls."""

from __future__ import annotations

from datetime import datetime

from pbx_bridge.storage.access import agents
from pbx_bridge.storage.customers import team_queues, teams
from pbx_bridge.storage.db.engine import AsyncConnection
from rules.calls.answering import assign, needed, plan_of, simplified, spoken_by_all
from rules.model import Answering


async def are_full(
    conn: AsyncConnection, customer_id: str, answering: Answering, now: datetime, *, bound: bool
) -> bool:
    """Whether none is left if this company is answered so; `bound`: only by who is bound to secrecy."""
    plans = *await teams.plans(conn, customer_id), plan_of(answering, bound=bound)
    common = spoken_by_all(await agents.load_all(conn))
    _, left = assign(await team_queues.load(conn), needed(simplified(one, common) for one in plans), now)
    return bool(left)
