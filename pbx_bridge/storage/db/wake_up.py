"""PostgreSQL tells other processes that something changed, once it is on disk.

A notice inside the transaction that it is about makes all writers wait for one another until each is on disk:
with sixteen of them a seventh of the commits. So it is a transaction of its own, which waits for no disk.
It is never the truth: whoever misses it finds the change at the next look.
"""

from __future__ import annotations

import asyncpg
import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

CHANNEL = "pbx_bridge_changes"
TELL = f"SELECT set_config('synchronous_commit', 'off', true), pg_notify('{CHANNEL}', '')"
"""One statement is one transaction; the setting ends with it."""

_log = structlog.get_logger(__name__)


async def wake_others(connection: AsyncConnection) -> None:
    """After the commit, on the same connection of PostgreSQL. Whatever fails here fails nobody's write."""
    try:
        raw = await connection.get_raw_connection()
        assert raw.driver_connection is not None
        await raw.driver_connection.execute(TELL)
    except (OSError, TimeoutError, DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        _log.info("others_not_woken", error=type(error).__name__)
