"""`pbx-bridge db restore`: a backup becomes the database, and nothing goes out twice because of it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, inspect, make_url, text

from pbx_bridge.settings.sections import DatabaseSettings
from pbx_bridge.storage import tables
from pbx_bridge.storage.db.engine import AsyncConnection, StorageUnavailable, database_of
from pbx_bridge.storage.db.lock import InUseError, alone
from pbx_bridge.storage.maintenance import backup, migrate
from pbx_bridge.storage.maintenance.backup import ChoreRefusal, ChoreRefusedError
from pbx_bridge.storage.outbox import held_messages

Found = TypeVar("Found")
PARTS = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup is the database now: of schema `version`, with so many messages `held` back. `aside`: where
    the database as it was is kept, if there was one."""

    source: Path
    version: int
    held: int
    aside: Path | None


def restore(settings: DatabaseSettings, source: Path) -> Restored:
    """Put the backup in the place of the database.

    Raises ChoreRefusedError; then the database is what it was.
    """
    url = make_url(settings.full_url())
    if not source.is_file():
        raise ChoreRefusedError(ChoreRefusal.NO_BACKUP, file=str(source))
    if url.get_backend_name() == "sqlite":
        return _restore_file(Path(url.database or ""), source)
    return _restore_server(settings, url, source)


def _restore_file(file: Path, source: Path) -> Restored:
    _not_newer(backup.check(source))
    try:
        with alone(file), backup.beside(file) as fresh:
            backup.copy(source, fresh)
            version, count = asyncio.run(_with(DatabaseSettings(url=f"sqlite:///{fresh}"), _made_safe))
            backup.at_rest(fresh)
            aside = _set_aside(file)
            backup.put(fresh, file)
    except InUseError:
        raise ChoreRefusedError(ChoreRefusal.IN_USE) from None
    except OSError as error:
        raise ChoreRefusedError(
            ChoreRefusal.FOLDER, folder=str(file.parent), error=str(error.strerror)
        ) from None
    return Restored(source, version, count, aside)


def _set_aside(file: Path) -> Path | None:
    """The database as it was, whole, under another name: its log belongs to it, and to no other file."""
    if not file.exists():
        for part in PARTS:
            file.with_name(file.name + part).unlink(missing_ok=True)  # of a database that is gone
        return None
    aside = file.with_name(f"{file.name}.before-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}")
    for part in reversed(PARTS):  # the file itself last: without it nobody takes the rest for a database
        with suppress(FileNotFoundError):
            file.with_name(file.name + part).rename(aside.with_name(aside.name + part))
    with suppress(sqlite3.Error), closing(sqlite3.connect(aside)) as old:
        old.execute("PRAGMA journal_mode = delete")
    return aside


async def _made_safe(conn: AsyncConnection) -> tuple[int, int]:
    """What must not happen again because the past is back: messages, and log-ins that had ended. Returns the
    schema version, and how many messages are held back."""
    await conn.execute(tables.session.delete())
    return await migrate.version(conn), await held_messages.hold(conn, datetime.now(UTC))


def _not_newer(version: int) -> None:
    if version > migrate.LATEST:
        raise ChoreRefusedError(ChoreRefusal.NEWER, found=version, needed=migrate.LATEST)


# ---- PostgreSQL


def _restore_server(settings: DatabaseSettings, url: URL, source: Path) -> Restored:
    backup.run(url, "pg_restore", "--list", str(source))
    aside: Path | None = None
    try:
        if not asyncio.run(_with(settings, _is_empty)):
            aside = source.with_name(f"before-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.dump")
            with backup.beside(aside) as fresh:
                backup.dump(url, fresh)
                backup.put(fresh, aside)
        asyncio.run(_with(settings, _emptied))
        try:
            backup.run(
                url, "pg_restore", "--single-transaction", "--no-owner", "--exit-on-error",
                f"--dbname={backup.without_password(url)}", str(source),
            )  # fmt: skip
        except ChoreRefusedError as error:
            if aside is None:
                raise
            raise ChoreRefusedError(ChoreRefusal.LEFT_EMPTY, **error.params, aside=str(aside)) from None
        version, count = asyncio.run(_with(settings, _made_safe))
    except StorageUnavailable as error:
        raise ChoreRefusedError(ChoreRefusal.DATABASE_DOWN, error=error.reason) from None
    return Restored(source, version, count, aside)


async def _with(settings: DatabaseSettings, deed: Callable[[AsyncConnection], Awaitable[Found]]) -> Found:
    db = database_of(settings, patient=True)
    try:
        async with db.write() as conn:
            return await deed(conn)
    finally:
        await db.close()


async def _is_empty(conn: AsyncConnection) -> bool:
    """Nobody else is there, and nothing is either."""
    if (await conn.execute(text(CONNECTED))).scalar_one():
        raise ChoreRefusedError(ChoreRefusal.IN_USE)
    return not await conn.run_sync(lambda sync: inspect(sync).get_table_names())


async def _emptied(conn: AsyncConnection) -> None:
    for table in tables.metadata.tables:
        await conn.execute(text(f'DROP TABLE IF EXISTS "{table}" CASCADE'))


CONNECTED = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'pbx-bridge' AND pid <> pg_backend_pid()"""
