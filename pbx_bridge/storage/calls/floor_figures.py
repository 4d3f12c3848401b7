"""The secretariat's day in figures, company by company: what the floor shows; no figures of single agents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, or_, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls.call_filter import untold
from pbx_bridge.storage.calls.outcome import Outcome, has_come_about
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import seconds_between


@dataclass(frozen=True, slots=True)
class CompanyDay:
    """Calls of one company (None: unassigned), none of a blocked caller among them. The clock runs from the
    arrival on our line, queue included.

    `in_time`: answered within the service level's seconds; `decided`: calls of which that can be said by now,
    so that whoever has just begun to wait spoils nothing; `abandoned`: over before an agent answered;
    `longest_wait`: seconds, of the calls that wait no more; `untold`: calls whose note reached nobody.
    """

    customer_id: str | None
    calls: int
    answered: int
    in_time: int
    decided: int
    abandoned: int
    longest_wait: float
    untold: int = 0


async def by_company(
    conn: AsyncConnection, start: datetime, now: datetime, in_time: timedelta
) -> tuple[CompanyDay, ...]:
    """Companies with a call that arrived from `start` until before `now`, in no order."""
    call = t.call.c
    answered, missed = call.answered_at.is_not(None), call.answered_at.is_(None) & call.ended_at.is_not(None)
    wait = seconds_between(conn, call.arrived_at, func.coalesce(call.answered_at, call.ended_at))
    query = (
        select(call.customer_id, func.count().label("calls"))
        .add_columns(
            _count(answered).label("answered"),
            _count(answered & (wait <= in_time.total_seconds())).label("in_time"),
            _count(or_(answered, missed, call.arrived_at < now - in_time)).label("decided"),
            _count(missed).label("abandoned"),
            func.coalesce(func.max(wait), 0).label("longest_wait"),
            _count(untold()).label("untold"),
        )
        .where(call.arrived_at >= start, call.arrived_at < now)
        .where(call.outcome != Outcome.BLOCKED.value, has_come_about())
        .group_by(call.customer_id)
    )
    return tuple(
        CompanyDay(
            customer_id=row.customer_id,
            calls=row.calls,
            answered=row.answered,
            in_time=row.in_time,
            decided=row.decided,
            abandoned=row.abandoned,
            longest_wait=float(row.longest_wait),
            untold=row.untold,
        )
        for row in await conn.execute(query)
    )


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
