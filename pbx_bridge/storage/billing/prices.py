"""What tariffs cost, version by version, and which of them held for a company."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import rows_of
from rules.billing.terms import CallTime, TariffSpan, Terms, in_force

_DAY = timedelta(days=1)


async def of_tariff(conn: AsyncConnection, tariff_id: str) -> tuple[Terms, ...]:
    """All versions, oldest first; none where nobody has said any price."""
    query = select(t.tariff_terms).where(t.tariff_terms.c.tariff_id == tariff_id)
    rows = await conn.execute(query.order_by(t.tariff_terms.c.first_day))
    return tuple([_terms(row) for row in rows])


async def of_all_tariffs(conn: AsyncConnection) -> dict[str, tuple[Terms, ...]]:
    """All versions by the tariff's id, oldest first."""
    found: dict[str, tuple[Terms, ...]] = {}
    query = select(t.tariff_terms).order_by(t.tariff_terms.c.tariff_id, t.tariff_terms.c.first_day)
    async for row in rows_of(conn, query):
        found[row.tariff_id] = (*found.get(row.tariff_id, ()), _terms(row))
    return found


async def of_company(conn: AsyncConnection, customer_id: str) -> tuple[Terms, ...]:
    """What has held for the company, holds and will, as far as it is known, oldest first."""
    former = select(t.former_tariff.c.last_day, t.former_tariff.c.tariff_id)
    mine = former.where(t.former_tariff.c.customer_id == customer_id).order_by(t.former_tariff.c.last_day)
    spans: list[TariffSpan] = []
    begin = date.min
    for row in (await conn.execute(mine)).all():
        last = date.fromisoformat(row.last_day)
        spans.append(TariffSpan(begin, last, await of_tariff(conn, row.tariff_id)))
        begin = last + _DAY
    will, has = t.coming_tariff.c, t.customer.c
    present = select(has.tariff_id, will.first_day, will.tariff_id.label("coming")).select_from(
        t.customer.outerjoin(t.coming_tariff, will.customer_id == has.id)
    )
    now_is = (await conn.execute(present.where(has.id == customer_id))).one_or_none()
    if now_is is not None:
        first = date.fromisoformat(now_is.first_day) if now_is.coming else None
        last = first - _DAY if first else date.max
        spans.append(TariffSpan(begin, last, await of_tariff(conn, now_is.tariff_id)))
        if first:
            spans.append(TariffSpan(first, date.max, await of_tariff(conn, now_is.coming)))
    return tuple(in_force(spans))


def _terms(row: Row[Any]) -> Terms:
    values = {name: getattr(row, name) for name in COLUMNS}
    counted = frozenset(CallTime(kind) for kind in row.counted.split())
    return Terms(date.fromisoformat(row.first_day), counted=counted, **values)


COLUMNS = tuple(
    column.name for column in t.tariff_terms.c if column.name not in {"tariff_id", "first_day", "counted"}
)
"""The fields of `Terms` that stand in the table as they are."""
