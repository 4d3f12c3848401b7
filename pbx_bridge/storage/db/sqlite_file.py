"""Connections to a file of SQLite: what each is set to, how its transactions begin and end."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import PoolResetState

from pbx_bridge.private_files import close_to_others, private_file
from pbx_bridge.storage.db.closing import EndedConnection
from pbx_bridge.storage.db.failures import StorageUnavailable


class SqliteFile:
    """One file, of which several engines hold connections. `busy_seconds`: how long a statement waits for
    another process's lock."""

    def __init__(self, url: URL, busy_seconds: float) -> None:
        self._url, self._busy_seconds = url, busy_seconds
        self._met = False

    def engine(self, *, begin: str, size: int) -> AsyncEngine:
        """At most `size` connections whose transactions start with `begin`: `BEGIN` only reads."""
        engine = create_async_engine(
            self._url,
            pool_size=size,
            max_overflow=0,
            pool_timeout=self._busy_seconds,
            connect_args={"timeout": self._busy_seconds, "factory": EndedConnection},
            pool_reset_on_return=None,  # see `_reset`
            hide_parameters=True,
        )
        pragmas: dict[str, str | int] = {
            "busy_timeout": int(self._busy_seconds * 1000),
            "journal_mode": "wal",
            "synchronous": 2,  # FULL: what is acknowledged is on disk; NORMAL may lose it when the power goes
            "foreign_keys": 1,
            "secure_delete": 1,  # what is erased is overwritten
            "query_only": int(begin == "BEGIN"),
        }
        event.listen(engine.sync_engine, "do_connect", self._nothing_new)
        event.listen(engine.sync_engine, "connect", partial(self._configure, pragmas))
        event.listen(engine.sync_engine, "begin", partial(_begin, begin))
        event.listen(engine.sync_engine, "reset", _reset)
        return engine

    def _nothing_new(self, _dialect: object, _record: object, args: list[Any], named: dict[str, Any]) -> None:
        """A file that was there and is gone (moved, not mounted) is not replaced by an empty one: that would
        refuse for good what waits to be stored. A new one is closed to others, as is its log."""
        if not self._met:
            private_file(Path(args[0]))
            for part in ("-wal", "-shm"):
                close_to_others(Path(f"{args[0]}{part}"))
        else:
            args[0], named["uri"] = f"{Path(args[0]).absolute().as_uri()}?mode=rw", True

    def _configure(self, pragmas: dict[str, str | int], connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; `_begin` does
        cursor = connection.cursor()
        for name, value in pragmas.items():
            cursor.execute(f"PRAGMA {name} = {value}")
            cursor.execute(f"PRAGMA {name}")
            (actual,) = cursor.fetchone()
            if actual != value:
                raise StorageUnavailable("disk_error", f"{name} is {actual}, not {value}")
        cursor.close()
        self._met = True


async def log_emptied(driver: Any) -> bool:
    """Whether the write-ahead log is empty now; False at once, and not after a wait for its lock, while
    somebody reads what stands in it."""
    (waits,) = await _pragma(driver, "busy_timeout")
    await _pragma(driver, "busy_timeout = 0")
    try:
        (busy, *_) = await _pragma(driver, "wal_checkpoint(TRUNCATE)")
    finally:
        await _pragma(driver, f"busy_timeout = {waits}")
    return not busy


async def _pragma(driver: Any, said: str) -> tuple[Any, ...]:
    """Its answer, read to the end: what is left of one would hold a lock."""
    async with driver.execute(f"PRAGMA {said}") as cursor:
        (row,) = await cursor.fetchall()
    return tuple(row)


# Each way into the thread of a connection costs more than a small statement: no cursor is made and closed for
# the one that begins a transaction, and one that has ended is not rolled back.


def _begin(statement: str, connection: Connection) -> None:
    adapted: Any = connection.connection.dbapi_connection
    try:
        adapted.run_async(lambda driver: driver.execute(statement))
    except asyncio.CancelledError:
        connection.invalidate()  # it may begin yet, and nobody would end it
        raise


def _reset(adapted: Any, _record: object, state: PoolResetState) -> None:
    if not state.terminate_only and adapted.driver_connection.in_transaction:
        adapted.rollback()
