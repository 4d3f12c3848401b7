"""What is billed: every SMS handed to the gateway, at the price of that moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import insert_once


@dataclass(frozen=True, slots=True)
class SmsUsage:
    """A number of SMS, each part counted, and their price together, in millionths of a euro."""

    count: int
    price_micros: int


async def meter_sms(
    conn: AsyncConnection,
    notification_id: str,
    customer_id: str | None,
    price_micros: int,
    now: datetime,
    parts: int = 1,
) -> bool:
    """Write one SMS on the bill, each of its parts at this price; False when it is there already: a
    notification is billed once."""
    values = {
        "notification_id": notification_id,
        "customer_id": customer_id,
        "price_micros": price_micros * parts,
        "parts": parts,
        "at": now,
    }
    return await insert_once(conn, t.sms_usage, values)


async def sms_price(conn: AsyncConnection, customer_id: str | None) -> int:
    """What one SMS costs this customer at this moment, in millionths of a euro."""
    query = select(t.tariff.c.sms_price_micros).join(t.customer).where(t.customer.c.id == customer_id)
    return int((await conn.execute(query)).scalar_one())


async def sms_of(conn: AsyncConnection, customer_id: str | None, start: datetime, end: datetime) -> SmsUsage:
    """A company's SMS from `start` until before `end`."""
    price = func.coalesce(func.sum(t.sms_usage.c.price_micros), 0).label("price")
    query = select(func.coalesce(func.sum(t.sms_usage.c.parts), 0).label("number"), price).where(
        t.sms_usage.c.customer_id == customer_id, t.sms_usage.c.at >= start, t.sms_usage.c.at < end
    )
    row = (await conn.execute(query)).one()
    return SmsUsage(int(row.number), int(row.price))
