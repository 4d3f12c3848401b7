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
    """What was decided about a company, since when (aware, None: nobody wrote it down), and its clock, an
    IANA name."""

    state: ServiceState
    since: datetime | None
    zone: str


async def decided(conn: AsyncConnection, customer_id: str) -> Decided | None:
    """None: there is no such company."""
    c = t.customer.c
    query = select(c.service, c.service_since, c.zone).where(c.id == customer_id)
    row = (await conn.execute(query)).one_or_none()
    return Decided(ServiceState(row.service), row.service_since, row.zone) if row else None


async def live_calls(conn: AsyncConnection, customer_id: str) -> int:
    """How many of its calls go on."""
    call = t.call.c
    query = select(func.count()).where(call.customer_id == customer_id, call.ended_at.is_(None))
    return int((await conn.execute(query)).scalar_one())


async def ending(conn: AsyncConnection) -> tuple[str, ...]:
    """Those that wait for their last call, by id."""
    return tuple((await conn.execute(select(t.customer.c.id).where(_ENDING))).scalars())


async def ended(conn: AsyncConnection) -> tuple[tuple[str, datetime, str], ...]:
    """Those that have ended and are still there: id, since when (aware), and zone, an IANA name."""
    c = t.customer.c
    query = select(c.id, c.service_since, c.zone).where(_ENDED, c.service_since.is_not(None))
    return tuple((row.id, row.service_since, row.zone) for row in await conn.execute(query))
