"""What a company says about itself."""

from __future__ import annotations

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.field_columns import row_of
from rules.fields.customer import CUSTOMER
from rules.fields.declaration import on_form
from rules.model import Customer


async def update(conn: AsyncConnection, customer: Customer) -> None:
    """Store what its page shows."""
    values = row_of(on_form(CUSTOMER), customer)
    await conn.execute(t.customer.update().where(t.customer.c.id == customer.id).values(values))
