"""Companies that are about to leave or have left, and what still goes on at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from rules.vocabulary import ServiceState

# Written out and no parameter: SQLite takes the index of those that leave for nothing else.
_LEAVING = "customer.service IN ('ending', 'ended')"
_ENDING = text(f"{_LEAVING} AND customer.service = 'ending'")
_ENDED = text(f"{_LEAVING} AND customer.service = 'ended'")


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about a company, and since when (aware, None: nobody wrote it down)."""

    state: ServiceState
    since: datetime | None


async def decided(conn: AsyncConnection, customer_id: str) -> Decided | None:
    """None: there is no such company."""
    query = select(t.customer.c.service, t.customer.c.service_since).where(t.customer.c.id == customer_id)
    row = (await conn.execute(query)).one_or_none()
    return Decided(ServiceState(row.service), row.service_since) if row else None


async def live_calls(conn: AsyncConnection, customer_id: str) -> int:
    """How many of its calls go on."""
    call = t.call.c
    query = select(func.count()).where(call.customer_id == customer_id, call.ended_at.is_(None))
    return int((await conn.execute(query)).scalar_one())


async def ending(conn: AsyncConnection) -> tuple[str, ...]:
    """Those that wait for their last call, by id."""
    return tuple((await conn.execute(select(t.customer.c.id).where(_ENDING))).scalars())


async def ended_before(conn: AsyncConnection, limit: datetime) -> tuple[str, ...]:
    """Those that ended before this moment, by id."""
    over = t.customer.c.service_since < limit
    return tuple((await conn.execute(select(t.customer.c.id).where(_ENDED, over))).scalars())
