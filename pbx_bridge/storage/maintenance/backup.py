"""`pbx-bridge db backup`: a copy of the database in one file, taken while the house runs."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, make_url

from pbx_bridge.private import private_file
from pbx_bridge.settings.sections import DatabaseSettings

BUSY_SECONDS = 60.0


class ChoreRefusedError(Exception):
    """It was not done, and nothing is different; the message says why, in words for the operator."""


def backup(settings: DatabaseSettings, target: Path) -> str:
    """Write the copy; returns what to tell the operator. Raises ChoreRefusedError.

    `target` is there when it is complete and checked, never before; until then an older one stays.
    """
    url = make_url(settings.full_url())
    if url.get_backend_name() == "sqlite" and target.resolve() in _parts(database_file(url).resolve()):
        raise ChoreRefusedError(f"{target} is the database itself.")
    with beside(target) as fresh:
        if url.get_backend_name() == "sqlite":
            copy(database_file(url), fresh)
            at_rest(fresh)
        else:
            dump(url, fresh)
        size = fresh.stat().st_size
        put(fresh, target)
    return f"Backup written and checked: {target} ({size / 1_000_000:.1f} MB).\n"


def database_file(url: URL) -> Path:
    """The file of a SQLite database. Raises ChoreRefusedError when there is none."""
    file = Path(url.database or "")
    if not file.is_file():
        raise ChoreRefusedError(f"There is no database at {file}.")
    return file


def _parts(file: Path) -> set[Path]:
    """A database, its log and its lock."""
    return {file.with_name(file.name + part) for part in ("", "-wal", "-shm", "-journal", ".lock")}


def check(file: Path) -> int:
    """The schema version of a SQLite file that is whole and ours; raises ChoreRefusedError for any other."""
    try:
        with closing(_opened(file)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if found == "ok" and (lost := connection.execute("PRAGMA foreign_key_check").fetchone()):
                found = f"a row of {lost[0]} without the one it belongs to"
            if found != "ok":
                raise ChoreRefusedError(f"{file} is damaged: {found}.")
            (version,) = connection.execute("SELECT version FROM schema_version").fetchone()
            return int(version)
    except (sqlite3.Error, TypeError) as error:
        raise ChoreRefusedError(f"{file} is no database of pbx-bridge ({error}).") from None


def copy(source: Path, fresh: Path) -> None:
    """By SQLite itself: one consistent state, with what still stands in the write-ahead log."""
    try:
        with closing(_opened(source)) as live, closing(_opened(fresh)) as into:
            live.backup(into)
    except sqlite3.Error as error:
        raise ChoreRefusedError(f"{source} cannot be copied: {error}.") from None
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
        raise ChoreRefusedError(f"{target.parent} takes no file: {error.strerror}.") from None
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
        raise ChoreRefusedError(WORDS.format(program=program, url=without_password(url)))
    done = subprocess.run(
        [program, *arguments], env=os.environ | _password(url), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ChoreRefusedError(f"{program}: {_last(done.stderr.splitlines())}")


WORDS = """{program} is not installed here. Install PostgreSQL's client programs in the server's version
(apt-get install postgresql-client), or run on the database's own machine:
  umask 077; pg_dump --format=custom --file=FILE '{url}'
and bring it back, with the service stopped, by
  pg_restore --single-transaction --clean --if-exists --no-owner --exit-on-error --dbname='{url}' FILE
  pbx-bridge db held --hold"""


def without_password(url: URL) -> str:
    bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return bare.render_as_string(hide_password=False)


def _password(url: URL) -> dict[str, str]:
    return {"PGPASSWORD": str(url.password)} if url.password else {}


def _last(lines: Sequence[str]) -> str:
    return lines[-1] if lines else "it failed without a word"
