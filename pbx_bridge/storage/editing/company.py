"""What a company says about itself."""

from __future__ import annotations

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.field_columns import row_of
from pbx_bridge.storage.db.sql import insert_once
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
