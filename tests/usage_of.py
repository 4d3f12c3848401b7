"""What a company has used, for tests that look at what is billed."""

from __future__ import annotations

from datetime import datetime, timedelta

from pbx_bridge.storage.billing import usage
from pbx_bridge.storage.db.engine import AsyncConnection
from rules.billing.usage import Usage, UsageKind

DAY = timedelta(days=1)


async def used(conn: AsyncConnection, customer_id: str | None, start: datetime) -> list[Usage]:
    """In the day from `start` on."""
    return [one async for one in usage.used(conn, customer_id or "", start, start + DAY)]


async def sms_parts(conn: AsyncConnection, customer_id: str | None, start: datetime) -> int:
    """Of all SMS in that day."""
    found = await used(conn, customer_id, start)
    return sum(one.parts for one in found if one.kind is UsageKind.SMS)
