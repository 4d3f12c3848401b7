"""`pbx-bridge db backup`: a copy of the database in one file, taken while the house runs."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import URL, make_url

from pbx_bridge.private_files import private_file
from pbx_bridge.settings.sections import DatabaseSettings

BUSY_SECONDS = 60.0


class ChoreRefusal(StrEnum):
    """Why a chore was not done, with the params that its sentence has (`pbx_bridge.cli_db`)."""

    IS_DATABASE = "is_database"  # file
    NO_DATABASE = "no_database"  # file
    DAMAGED = "damaged"  # file, found
    ROW_ALONE = "row_alone"  # file, table
    NOT_OURS = "not_ours"  # file, error
    NOT_COPIED = "not_copied"  # file, error
    NO_ROOM = "no_room"  # folder, error
    NO_TOOL = "no_tool"  # program, url
    TOOL_FAILED = "tool_failed"  # program, error; "" when it said nothing
    NO_BACKUP = "no_backup"  # file
    IN_USE = "in_use"
    FOLDER = "folder"  # folder, error
    NEWER = "newer"  # found, needed
    LEFT_EMPTY = "left_empty"  # program, error, aside
    DATABASE_DOWN = "database_down"  # error


class ChoreRefusedError(Exception):
    """It was not done, and nothing is different but where `LEFT_EMPTY` says so."""

    def __init__(self, why: ChoreRefusal, **params: str | int) -> None:
        super().__init__(why)
        self.why, self.params = why, MappingProxyType(params)


@dataclass(frozen=True, slots=True)
class BackupWritten:
    """A copy that is complete and checked; `size` in bytes."""

    file: Path
    size: int


def backup(settings: DatabaseSettings, target: Path) -> BackupWritten:
    """Write the copy. Raises ChoreRefusedError.

    `target` is there when it is complete and checked, never before; until then an older one stays.
    """
    url = make_url(settings.full_url())
    if url.get_backend_name() == "sqlite" and target.resolve() in _parts(database_file(url).resolve()):
        raise ChoreRefusedError(ChoreRefusal.IS_DATABASE, file=str(target))
    with beside(target) as fresh:
        if url.get_backend_name() == "sqlite":
            copy(database_file(url), fresh)
            at_rest(fresh)
        else:
            dump(url, fresh)
        size = fresh.stat().st_size
        put(fresh, target)
    return BackupWritten(target, size)


def database_file(url: URL) -> Path:
    """The file of a SQLite database. Raises ChoreRefusedError when there is none."""
    file = Path(url.database or "")
    if not file.is_file():
        raise ChoreRefusedError(ChoreRefusal.NO_DATABASE, file=str(file))
    return file


def _parts(file: Path) -> set[Path]:
    """A database, its log and its lock."""
    return {file.with_name(file.name + part) for part in ("", "-wal", "-shm", "-journal", ".lock")}


def check(file: Path) -> int:
    """The schema version of a SQLite file that is whole and ours; raises ChoreRefusedError for any other."""
    try:
        with closing(_opened(file)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if found != "ok":
                raise ChoreRefusedError(ChoreRefusal.DAMAGED, file=str(file), found=found)
            if lost := connection.execute("PRAGMA foreign_key_check").fetchone():
                raise ChoreRefusedError(ChoreRefusal.ROW_ALONE, file=str(file), table=lost[0])
            (version,) = connection.execute("SELECT version FROM schema_version").fetchone()
            return int(version)
    except (sqlite3.Error, TypeError) as error:
        raise ChoreRefusedError(ChoreRefusal.NOT_OURS, file=str(file), error=str(error)) from None


def copy(source: Path, fresh: Path) -> None:
    """By SQLite itself: one consistent state, with what still stands in the write-ahead log."""
    try:
        with closing(_opened(source)) as live, closing(_opened(fresh)) as into:
            live.backup(into)
    except sqlite3.Error as error:
        raise ChoreRefusedError(ChoreRefusal.NOT_COPIED, file=str(source), error=str(error)) from None
    check(fresh)


def at_rest(file: Path) -> None:
    """One file, complete without a log beside it."""
    with closing(_opened(file)) as connection:
        connection.execute("PRAGMA journal_mode = delete")


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS)


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """An empty private file in the same folder, gone if it was not taken away by the end."""
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        private_file(fresh)
    except OSError as error:
        raise ChoreRefusedError(
            ChoreRefusal.NO_ROOM, folder=str(target.parent), error=str(error.strerror)
        ) from None
    try:
        yield fresh
    finally:
        for left in fresh.parent.glob(f"{fresh.name}*"):
            left.unlink()


def put(fresh: Path, target: Path) -> None:
    """On disk, in its place, and the place on disk."""
    _to_disk(fresh)
    fresh.replace(target)
    _to_disk(target.parent)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# ---- PostgreSQL


def dump(url: URL, fresh: Path) -> None:
    """By PostgreSQL's own tool, which has to be as new as the server."""
    run(url, "pg_dump", "--format=custom", f"--file={fresh}", f"--dbname={without_password(url)}")
    run(url, "pg_restore", "--list", str(fresh))


def run(url: URL, program: str, *arguments: str) -> None:
    """A tool of PostgreSQL's, with the password where nobody sees it. Raises ChoreRefusedError."""
    if shutil.which(program) is None:
        raise ChoreRefusedError(ChoreRefusal.NO_TOOL, program=program, url=without_password(url))
    done = subprocess.run(
        [program, *arguments], env=os.environ | _password(url), capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.splitlines()
        raise ChoreRefusedError(ChoreRefusal.TOOL_FAILED, program=program, error=said[-1] if said else "")


def without_password(url: URL) -> str:
    """The address as it may be shown."""
    bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return bare.render_as_string(hide_password=False)


def _password(url: URL) -> dict[str, str]:
    return {"PGPASSWORD": str(url.password)} if url.password else {}
