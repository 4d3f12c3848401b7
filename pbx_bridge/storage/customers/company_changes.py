"""What changed at companies, as news for those who answer their calls: kept for two weeks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import NAMED, batches, existing, insert_all
from rules.customers.change_feed import News, NewsKind

KEPT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class CompanyChange:
    """`at`: when it became known, UTC."""

    customer_id: str
    at: datetime
    news: News


async def insert(conn: AsyncConnection, found: Iterable[CompanyChange], now: datetime) -> None:
    """Keep these; those older than two weeks go. What tells of somebody, or of a company, who has gone since
    is not kept."""
    await forget(conn, now)
    found = tuple(found)
    companies = await _there(conn, t.customer, (one.customer_id for one in found))
    people = await _there(conn, t.employee, (one.news.whose for one in found))
    known = [one for one in found if one.customer_id in companies and one.news.whose in people | {""}]
    erased = await _erased(conn, {_gone(one.news) for one in known} - {""})
    known = [one for one in known if _gone(one.news) not in erased]
    await insert_all(conn, t.company_change, map(_row, known))


def _gone(news: News) -> str:
    """The id of whoever is gone, of whom it tells; else ""."""
    return news.about.rpartition(" ")[2] if news.kind is NewsKind.EMPLOYEE_GONE else ""


async def _erased(conn: AsyncConnection, ids: Collection[str]) -> frozenset[str]:
    """Which of these were erased: of them it is not even told that they are gone, as that says their name."""
    subject, found = t.erasure.c.subject_id, frozenset[str]()
    for some in batches(ids, NAMED):
        found |= frozenset((await conn.execute(select(subject).where(subject.in_(some)))).scalars())
    return found


async def _there(conn: AsyncConnection, table: Table, ids: Iterable[str]) -> frozenset[str]:
    there = [await existing(conn, table, some) for some in batches(set(ids), NAMED)]
    return frozenset().union(*there)


def _row(one: CompanyChange) -> dict[str, Any]:
    # The database itself lets it go with the person: nobody has to be there, or to remember, when they go.
    whose = one.news.whose or None
    named = {"customer_id": one.customer_id, "employee_id": whose}
    return {"id": new_id(), "at": one.at, "news": _packed(one.news)} | named


async def forget(conn: AsyncConnection, now: datetime) -> None:
    """What is older than two weeks."""
    await conn.execute(t.company_change.delete().where(t.company_change.c.at <= now - KEPT))


async def load_all(conn: AsyncConnection, now: datetime) -> tuple[CompanyChange, ...]:
    """All of the last two weeks, oldest first."""
    recent = select(t.company_change).where(t.company_change.c.at > now - KEPT)
    rows = await conn.execute(recent.order_by(t.company_change.c.at, t.company_change.c.id))
    return tuple(CompanyChange(row.customer_id, row.at, _unpacked(row.news, row.employee_id)) for row in rows)


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


def _unpacked(row: Mapping[str, Any], whose: str | None) -> News:
    start, end = (datetime.fromisoformat(row[name]) if row[name] else None for name in ("start", "end"))
    return News(NewsKind(row["kind"]), row["about"], row["facts"], start, end, row["all_day"], whose or "")
