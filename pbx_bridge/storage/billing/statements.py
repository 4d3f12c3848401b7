"""A company's month: its events and prices, read and reckoned in turns; the same rows give the same lines."""

from __future__ import annotations

import calendar
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.billing import prices, usage
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.time_slices import emptied, finished
from rules.billing.contract import ContractGap, gap
from rules.billing.statement import Adjustment, Statement, statement_in_steps
from rules.billing.usage import Usage

_BOTH_WAYS = timedelta(days=1)
"""Farther from UTC than any clock on earth; whose day it is decides the rule."""


async def of_month(conn: AsyncConnection, customer_id: str, zone: str, month: date) -> Statement:
    """The month in which the day `month` lies, on the clock of `zone`; however much was used."""
    first, last = _days(month)
    terms = await prices.of_company(conn, customer_id)
    corrections = await adjustments(conn, customer_id, first, last)
    events = [one async for one in events_of_month(conn, customer_id, zone, month)]
    gaps = await _gaps(conn, customer_id, zone)
    made = await finished(statement_in_steps(first, zone, terms, events, corrections, gaps))
    await emptied(events)
    return made


async def _gaps(conn: AsyncConnection, customer_id: str, zone: str) -> tuple[ContractGap, ...]:
    c = t.contract_gap.c
    rows = await conn.execute(select(c.since, c.until).where(c.customer_id == customer_id))
    return tuple([gap(row.since, row.until, zone) for row in rows])


async def events_of_month(
    conn: AsyncConnection, customer_id: str, zone: str, month: date
) -> AsyncIterator[Usage]:
    """All that was used in it, oldest first."""
    first, last = _days(month)
    start = datetime.combine(first, time(), UTC) - _BOTH_WAYS
    end = datetime.combine(last, time(), UTC) + 2 * _BOTH_WAYS
    async for one in usage.used(conn, customer_id, start, end):
        if first <= one.day(zone) <= last:
            yield one


def _days(month: date) -> tuple[date, date]:
    """The first and the last one."""
    first = month.replace(day=1)
    return first, first.replace(day=calendar.monthrange(month.year, month.month)[1])


async def adjustments(
    conn: AsyncConnection, customer_id: str, first: date, last: date
) -> tuple[Adjustment, ...]:
    """Those of these days, both included."""
    c = t.adjustment.c
    mine = (c.customer_id == customer_id) & (c.day >= first.isoformat()) & (c.day <= last.isoformat())
    rows = await conn.execute(select(t.adjustment).where(mine).order_by(c.day, c.id))
    return tuple([Adjustment(row.id, date.fromisoformat(row.day), row.cents, row.text) for row in rows])


@dataclass(frozen=True, slots=True)
class KeptAdjustment:
    """One as it stands in the list of all. `done_by`: login of whoever wrote it, at a moment."""

    adjustment: Adjustment
    done_by: str
    at: datetime


async def all_adjustments(conn: AsyncConnection, customer_id: str, most: int) -> tuple[KeptAdjustment, ...]:
    """Of a company, those written last first."""
    c = t.adjustment.c
    query = select(t.adjustment).where(c.customer_id == customer_id).order_by(c.at.desc(), c.id).limit(most)
    return tuple([_kept(row) for row in await conn.execute(query)])


async def kept_adjustment(
    conn: AsyncConnection, customer_id: str, adjustment_id: str
) -> KeptAdjustment | None:
    """None: it is none of this company's."""
    c = t.adjustment.c
    query = select(t.adjustment).where((c.id == adjustment_id) & (c.customer_id == customer_id))
    row = (await conn.execute(query)).one_or_none()
    return _kept(row) if row else None


def _kept(row: Row[Any]) -> KeptAdjustment:
    day = date.fromisoformat(row.day)
    return KeptAdjustment(Adjustment(row.id, day, row.cents, row.text), row.done_by, row.at)


async def first_month(conn: AsyncConnection, customer_id: str, zone: str) -> date | None:
    """The first day of the month in which it was signed, or in which anything was used or corrected; None:
    nobody wrote down when that was, and there was nothing yet."""
    used, corrected = t.usage.c, t.adjustment.c
    at = await conn.scalar(select(func.min(used.at)).where(used.customer_id == customer_id))
    day = await conn.scalar(select(func.min(corrected.day)).where(corrected.customer_id == customer_id))
    gaps = t.contract_gap.c
    unsigned = (gaps.customer_id == customer_id) & gaps.since.is_(None)
    signed = await conn.scalar(select(func.min(gaps.until)).where(unsigned))
    days = [moment.astimezone(ZoneInfo(zone)).date() for moment in (at, signed) if moment]
    days += [date.fromisoformat(day)] if day else []
    return min(days).replace(day=1) if days else None
