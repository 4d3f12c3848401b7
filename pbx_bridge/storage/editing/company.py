"""What a company says about itself."""

from __future__ import annotations

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.field_columns import row_of
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import changed, insert_once
from rules.fields.customer import CUSTOMER
from rules.fields.declaration import on_form
from rules.model import Customer


async def update(conn: AsyncConnection, customer: Customer) -> None:
    """Store what its page shows."""
    values = row_of(on_form(CUSTOMER), customer)
    await conn.execute(t.customer.update().where(t.customer.c.id == customer.id).values(values))


async def set_confidential(conn: AsyncConnection, customer_id: str, *, confidential: bool) -> None:
    """§ 203 StGB or not."""
    mine = t.customer.c.id == customer_id
    await conn.execute(t.customer.update().where(mine).values(confidential=confidential))


async def insert(conn: AsyncConnection, customer: Customer) -> bool:
    """A new one, with its id: what it has once, not its lists. False: another one has its name."""
    named = {"id": customer.id, "name": customer.name, "tariff_id": customer.tariff.id}
    named["service"] = customer.service.value
    return await insert_once(conn, t.customer, named | row_of(CUSTOMER, customer))


async def move_line(conn: AsyncConnection, number: str, owner: str, customer: Customer) -> str:
    """A line of the company of this name is this company's; returns the id of the one that had it, "" if it
    has it no more."""
    had = (await conn.execute(select(t.customer.c.id).where(t.customer.c.name == owner))).scalar_one_or_none()
    theirs = (t.line.c.number == number) & (t.line.c.customer_id == had)
    moved = had and await changed(conn, t.line.update().where(theirs).values(customer_id=customer.id))
    return str(had) if moved else ""


async def take_line(conn: AsyncConnection, number: str, customer: Customer) -> bool:
    """A line (E.164) that is new, or nobody's, is this company's. False: meanwhile it is somebody else's."""
    new = {"id": new_id(), "number": number, "region": customer.region, "customer_id": customer.id}
    if await insert_once(conn, t.line, new):
        return True
    free = (t.line.c.number == number) & t.line.c.customer_id.is_(None)
    return await changed(conn, t.line.update().where(free).values(customer_id=customer.id))
