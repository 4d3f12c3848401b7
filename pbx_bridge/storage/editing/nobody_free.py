"""What happens to a company's callers when nobody is free."""

from __future__ import annotations

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.field_columns import row_of
from rules.fields.nobody_free import NOBODY_FREE
from rules.model import NobodyFree


async def keep(conn: AsyncConnection, customer_id: str, policy: NobodyFree | None) -> None:
    """Of its own, or None: as the house has it."""
    await conn.execute(t.nobody_free.delete().where(t.nobody_free.c.customer_id == customer_id))
    if policy is not None:
        values = {"customer_id": customer_id, **row_of(NOBODY_FREE, policy)}
        await conn.execute(t.nobody_free.insert().values(values))
