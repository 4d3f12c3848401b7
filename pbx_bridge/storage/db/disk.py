"""Whether the database could be written right now, found out beside it: no writer waits for this.

A disk that is full, or has become read-only, is noticed by the next note otherwise.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import sqlite3
from pathlib import Path

from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.db.failures import StorageUnavailable, translated

ROOM = 1_000_000
"""Bytes that must be free: some hundred notes."""
PATIENCE_SECONDS = 5.0
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Disk:
    """What SQLite's file lies on; of PostgreSQL, whether the server lets anybody write."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._file = Path(db.url.database or "") if db.dialect == "sqlite" else None
        self._look: asyncio.Task[str] | None = None

    async def fault(self) -> str:
        """Why nothing can be written, as `StorageUnavailable` says it; empty when it can. A disk that does
        not answer is a fault, and is not asked again meanwhile. Raises StorageUnavailable."""
        if self._file is None:
            return "read_only" if await self._db.look(_is_read_only) else ""
        if self._look is None:
            self._look = asyncio.create_task(asyncio.to_thread(fault_of, self._file))
        done, _ = await asyncio.wait([self._look], timeout=PATIENCE_SECONDS)
        if not done:
            return "disk_error"
        found, self._look = self._look.result(), None
        return found


async def _is_read_only(conn: AsyncConnection) -> bool:
    """A stand-by, or a server that was told so."""
    asked = "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on'"
    return bool((await conn.exec_driver_sql(asked)).scalar_one())


def fault_of(file: Path) -> str:
    """The same, at once."""
    return _room_beside(file) or _locked_for_writing(file)


def _room_beside(file: Path) -> str:
    """A file of its own, as far out as the database reaches, so that quotas and limits count as they do for
    it. SQLite's own files are not touched: closing one would give up its locks."""
    probe = file.with_name(f"{file.name}.probe")
    reach = max((one.stat().st_size for one in (file, _log_of(file)) if one.exists()), default=0)
    try:
        opened = os.open(probe, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            os.posix_fallocate(opened, reach, ROOM)
        finally:
            os.close(opened)
            probe.unlink()
    except OSError as error:
        if error.errno in _FULL:
            return "disk_full"
        return "read_only" if error.errno in _READ_ONLY else "disk_error"
    return ""


def _locked_for_writing(file: Path) -> str:
    """Take the writer's place for a moment, unless somebody has it, and write nothing."""
    try:
        with (
            translated(),
            contextlib.closing(
                sqlite3.connect(
                    f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=0, isolation_level=None
                )
            ) as connection,
        ):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except StorageUnavailable as error:
        return "" if error.reason == "locked" else error.reason
    return ""


def _log_of(file: Path) -> Path:
    return file.with_name(f"{file.name}-wal")
