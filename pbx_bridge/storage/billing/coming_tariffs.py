"""Which company gets another tariff, and from which day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection


@dataclass(frozen=True, slots=True)
class ComingTariff:
    """`first_day`: on the clock of the company, whose `zone` that is."""

    customer_id: str
    tariff_id: str
    tariff: str
    first_day: date
    zone: str


async def of_company(conn: AsyncConnection, customer_id: str) -> ComingTariff | None:
    """None: it keeps the one it has."""
    return next(iter(await _found(conn, t.coming_tariff.c.customer_id == customer_id)), None)


async def until(conn: AsyncConnection, last: date) -> tuple[ComingTariff, ...]:
    """All that begin on this day or before."""
    return await _found(conn, t.coming_tariff.c.first_day <= last.isoformat())


async def _found(conn: AsyncConnection, wanted: ColumnElement[bool]) -> tuple[ComingTariff, ...]:
    c = t.coming_tariff.c
    query = (
        select(c.customer_id, c.tariff_id, c.first_day, t.tariff.c.name, t.customer.c.zone)
        .join(t.tariff, t.tariff.c.id == c.tariff_id)
        .join(t.customer, t.customer.c.id == c.customer_id)
        .where(wanted)
        .order_by(c.first_day, c.customer_id)
    )
    rows = (await conn.execute(query)).all()
    return tuple(
        ComingTariff(row.customer_id, row.tariff_id, row.name, date.fromisoformat(row.first_day), row.zone)
        for row in rows
    )
