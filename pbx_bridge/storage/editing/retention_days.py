"""How long a company's data stay, where it is not as long as the house keeps them."""

from __future__ import annotations

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import upsert
from rules.office.retention_days import BOUNDS, RetentionDays


async def save(conn: AsyncConnection, customer_id: str, days: RetentionDays) -> None:
    """From the next round on."""
    values = {name: getattr(days, name) for name in BOUNDS}
    await upsert(conn, t.company_retention, {"customer_id": customer_id} | values)
