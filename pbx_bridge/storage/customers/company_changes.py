"""What changed at companies, as news for those who answer their calls: kept for two weeks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import NAMED, batches, insert_all, rows_of
from rules.customers.change_feed import News, NewsKind, of_the_gone

KEPT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class CompanyChange:
    """`at`: when it became known, UTC."""

    customer_id: str
    at: datetime
    news: News


async def insert(conn: AsyncConnection, found: Iterable[CompanyChange], now: datetime) -> None:
    """Keep these; those older than two weeks go, and what was told of people who are gone now."""
    await forget(conn, now)
    found = tuple(found)
    gone = [one for one in found if one.news.kind is NewsKind.EMPLOYEE_GONE]
    for customer_id in {one.customer_id for one in gone}:
        await _forget_people(conn, customer_id, [one.news for one in gone if one.customer_id == customer_id])
    rows = (
        {"id": new_id(), "customer_id": one.customer_id, "at": one.at, "news": _packed(one.news)}
        for one in found
    )
    await insert_all(conn, t.company_change, rows)


async def forget(conn: AsyncConnection, now: datetime) -> None:
    """What is older than two weeks."""
    await conn.execute(t.company_change.delete().where(t.company_change.c.at <= now - KEPT))


async def _forget_people(conn: AsyncConnection, customer_id: str, gone: Sequence[News]) -> None:
    """Of whoever is gone only that they are gone is still told."""
    c = t.company_change.c
    theirs = of_the_gone(gone)
    query = select(c.id, c.news).where(c.customer_id == customer_id)
    rows = [row.id async for row in rows_of(conn, query) if theirs(_unpacked(row.news))]
    for some in batches(rows, NAMED):
        await conn.execute(t.company_change.delete().where(c.id.in_(some)))


async def load_all(conn: AsyncConnection, now: datetime) -> tuple[CompanyChange, ...]:
    """All of the last two weeks, oldest first."""
    recent = select(t.company_change).where(t.company_change.c.at > now - KEPT)
    rows = await conn.execute(recent.order_by(t.company_change.c.at, t.company_change.c.id))
    return tuple(CompanyChange(row.customer_id, row.at, _unpacked(row.news)) for row in rows)


async def last_answers(conn: AsyncConnection, now: datetime) -> dict[tuple[str, str], datetime]:
    """When each agent last answered for each company, by (agent, company)."""
    call = t.call.c
    query = (
        select(call.agent_id, call.customer_id, func.max(call.answered_at).label("at"))
        .where(call.agent_id.is_not(None), call.customer_id.is_not(None), call.answered_at.is_not(None))
        .group_by(call.agent_id, call.customer_id)
    )
    return {(row.agent_id, row.customer_id): row.at for row in await conn.execute(query) if row.at <= now}


def _packed(news: News) -> dict[str, Any]:
    return {
        "kind": news.kind.value,
        "about": news.about,
        "facts": dict(news.facts),
        "start": news.start.isoformat() if news.start else None,
        "end": news.end.isoformat() if news.end else None,
        "all_day": news.all_day,
    }


def _unpacked(row: Mapping[str, Any]) -> News:
    start, end = (datetime.fromisoformat(row[name]) if row[name] else None for name in ("start", "end"))
    return News(NewsKind(row["kind"]), row["about"], row["facts"], start, end, row["all_day"])
