"""Tariffs, prices and corrections; nothing of a month that is over is written over."""

from __future__ import annotations

from datetime import date, datetime

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.billing import allowances
from pbx_bridge.storage.billing.prices import COLUMNS
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import changed, insert_once, upsert
from rules.billing.statement import Adjustment
from rules.billing.terms import Terms
from rules.fields.customer import Tariff


async def put_terms(conn: AsyncConnection, tariff_id: str, terms: Terms) -> None:
    """A version of the tariff; one that begins on the same day is replaced."""
    values = {name: getattr(terms, name) for name in COLUMNS}
    counted = " ".join(sorted(kind.value for kind in terms.counted))
    about = {"tariff_id": tariff_id, "first_day": terms.first_day.isoformat(), "counted": counted}
    await upsert(conn, t.tariff_terms, about | values)
    await allowances.mark_tariff(conn, tariff_id)


async def remove_terms(conn: AsyncConnection, tariff_id: str, first_day: date) -> bool:
    """The version of that day is gone, and the one before it holds on; False when there was none."""
    c = t.tariff_terms.c
    this = (c.tariff_id == tariff_id) & (c.first_day == first_day.isoformat())
    await allowances.mark_tariff(conn, tariff_id)
    return bool((await conn.execute(t.tariff_terms.delete().where(this))).rowcount)


async def tariff_left(conn: AsyncConnection, customer_id: str, tariff_id: str, last_day: date) -> bool:
    """The company had this tariff through that day; False when it is known which one it had then."""
    values = {"customer_id": customer_id, "tariff_id": tariff_id, "last_day": last_day.isoformat()}
    return await insert_once(conn, t.former_tariff, values)


async def signed(conn: AsyncConnection, customer_id: str, at: datetime) -> None:
    """A new company: it pays from that day on, and for no day before."""
    values = {"id": new_id(), "customer_id": customer_id, "until": at}
    await conn.execute(t.contract_gap.insert().values(values))


async def contract_ended(conn: AsyncConnection, customer_id: str, at: datetime) -> None:
    """It pays through that day."""
    values = {"id": new_id(), "customer_id": customer_id, "since": at}
    await conn.execute(t.contract_gap.insert().values(values))


async def contract_goes_on(conn: AsyncConnection, customer_id: str, at: datetime) -> None:
    """It pays again from that day on. The days since its end stay unpaid, as its statements said."""
    c = t.contract_gap.c
    still = (c.customer_id == customer_id) & c.until.is_(None)
    await conn.execute(t.contract_gap.update().where(still).values(until=at))


async def add_adjustment(
    conn: AsyncConnection, customer_id: str, adjustment: Adjustment, done_by: str, now: datetime
) -> bool:
    """One line more; False when it is there already. There is no way to change or to delete one."""
    values = {
        "id": adjustment.id,
        "customer_id": customer_id,
        "day": adjustment.day.isoformat(),
        "cents": adjustment.cents,
        "text": adjustment.text,
        "done_by": done_by,
        "at": now,
    }
    return await insert_once(conn, t.adjustment, values)


async def add_tariff(conn: AsyncConnection, tariff: Tariff) -> bool:
    """A new one; False: another one has its name."""
    values = {"id": tariff.id, "name": tariff.name, "put_through": tariff.put_through}
    return await insert_once(conn, t.tariff, values | {"sms_parts": tariff.sms_parts})


async def rename_tariff(conn: AsyncConnection, tariff: Tariff) -> None:
    """Its name is the only thing of it that changes."""
    await conn.execute(t.tariff.update().where(t.tariff.c.id == tariff.id).values(name=tariff.name))


async def retire_tariff(conn: AsyncConnection, tariff_id: str, *, retired: bool) -> bool:
    """No company gets it any more, or may again; False: it is so already."""
    other = (t.tariff.c.id == tariff_id) & t.tariff.c.retired.is_not(retired)
    return await changed(conn, t.tariff.update().where(other).values(retired=retired))


async def set_tariff(conn: AsyncConnection, customer_id: str, tariff_id: str) -> None:
    """What it has from now on; what it had before is `tariff_left`."""
    mine = t.customer.c.id == customer_id
    await conn.execute(t.customer.update().where(mine).values(tariff_id=tariff_id))


async def put_coming(conn: AsyncConnection, customer_id: str, tariff_id: str, first_day: date) -> None:
    """What it will have; another one to come is replaced."""
    values = {"customer_id": customer_id, "tariff_id": tariff_id, "first_day": first_day.isoformat()}
    await upsert(conn, t.coming_tariff, values)


async def remove_coming(conn: AsyncConnection, customer_id: str) -> bool:
    """It keeps the one it has; False: none was to come."""
    mine = t.coming_tariff.c.customer_id == customer_id
    return bool((await conn.execute(t.coming_tariff.delete().where(mine))).rowcount)
