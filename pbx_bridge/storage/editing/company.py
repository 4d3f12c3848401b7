"""What a company says about itself."""

from __future__ import annotations

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.engine import AsyncConnection
from rules.model import Customer


async def update(conn: AsyncConnection, customer: Customer) -> None:
    """Store greeting, instruction, default address, spoken name and state."""
    values = {
        "greeting": customer.greeting,
        "instruction": customer.instruction,
        "default_email": customer.default_email,
        "spoken_name": customer.spoken_name,
        "state": customer.state,
    }
    await conn.execute(t.customer.update().where(t.customer.c.id == customer.id).values(values))
