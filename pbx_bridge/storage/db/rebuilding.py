"""Tables that are made anew in SQLite, which can change neither a CHECK nor a NOT NULL of one that stands."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncConnection


@contextlib.asynccontextmanager
async def unchecked_references(connection: AsyncConnection) -> AsyncIterator[None]:
    """Around a transaction in which tables may be dropped that others name: with references checked, dropping
    a table deletes the rows that name its rows."""
    if connection.dialect.name != "sqlite":
        yield
        return
    # Past SQLAlchemy, which would begin a transaction first.
    raw = await connection.get_raw_connection()
    assert raw.driver_connection is not None
    await raw.driver_connection.execute("PRAGMA foreign_keys = OFF")  # does nothing inside a transaction
    try:
        yield
    finally:
        # The connection goes back into the pool: the next writer must not find references unchecked.
        await raw.driver_connection.execute("PRAGMA foreign_keys = ON")


async def dangling(connection: AsyncConnection) -> list[str]:
    """Tables with rows that name a row which is not there; for the end of such a transaction."""
    if connection.dialect.name != "sqlite":
        return []
    return sorted({row[0] for row in await connection.exec_driver_sql("PRAGMA foreign_key_check")})
