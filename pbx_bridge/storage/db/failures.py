"""Which errors of a database mean "not now": they become one exception, so that nobody acknowledges what was
not stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from pbx_bridge.errors import StorageDownError

# Beginnings of SQLite's result codes (sqlite.org/rescode.html) and of PostgreSQL's SQLSTATE
# (postgresql.org/docs/current/errcodes-appendix.html); the longest match counts.
_CODES = {
    "SQLITE_BUSY": "locked",
    "SQLITE_LOCKED": "locked",
    "SQLITE_FULL": "disk_full",
    "SQLITE_READONLY": "read_only",
    "SQLITE_CANTOPEN": "unreachable",
    "SQLITE_IOERR": "disk_error",
    "SQLITE_CORRUPT": "disk_error",
    "SQLITE_NOTADB": "disk_error",
    "SQLITE_PERM": "unreachable",
    "SQLITE_PROTOCOL": "locked",
    "SQLITE_NOMEM": "unreachable",
    "53100": "disk_full",
    "25006": "read_only",
    "55P03": "locked",
    "40": "locked",  # deadlock, serialization
    "53": "unreachable",  # too many connections, out of memory
    "57": "unreachable",  # shutting down, starting up
    "58": "disk_error",
    "08": "unreachable",
    "28": "unreachable",  # wrong user or password
    "3D": "unreachable",  # no such database
}


class StorageUnavailable(StorageDownError):
    """The database cannot do it now; nothing was stored. `reason`: locked, disk_full, read_only, disk_error,
    unreachable; deposed: another service leads."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason=reason)
        self.reason, self.detail = reason, detail

    def __str__(self) -> str:
        return f"storage unavailable: {self.reason}" + (f" ({self.detail})" if self.detail else "")


@contextmanager
def translated() -> Iterator[None]:
    """Turn what means "not now" into `StorageUnavailable`; let all other errors (bugs, violated constraints)
    pass."""
    try:
        yield
    except TimeoutError as error:
        raise StorageUnavailable("unreachable", "no answer in time") from error
    except PoolTimeout as error:
        raise StorageUnavailable("locked", "no free connection") from error
    except DBAPIError as error:
        reason = _reason(error.orig) or ("unreachable" if error.connection_invalidated else None)
        if reason is None:
            raise _without_values(error) from None
        raise StorageUnavailable(reason, type(error.orig).__name__) from None
    except sqlite3.Error as error:  # of the driver itself, where SQLAlchemy was passed by
        if (reason := _reason(error)) is None:
            raise
        raise StorageUnavailable(reason, type(error).__name__) from error


class Unfit(Exception):
    """What the database would not do: its code, and the constraint, table and column concerned."""


def _without_values(error: DBAPIError) -> DBAPIError:
    """The same error without what was to be stored: PostgreSQL and its driver quote whole rows, and a log
    keeps what it is told."""
    return type(error)(error.statement, None, Unfit(_bare(error.orig)), hide_parameters=True)


def _bare(error: BaseException | None) -> str:
    """The driver's error in words that quote no value; SQLite's own messages name only tables and columns."""
    known: dict[str, None] = {}
    kind, found = type(error).__name__, error
    while found is not None:
        if isinstance(found, sqlite3.Error):
            return str(found)
        parts = (getattr(found, name, None) for name in _NAMES)
        known |= {part: None for part in parts if part}
        found = found.__cause__
    return " ".join(known) or kind


_NAMES = ("sqlstate", "constraint_name", "table_name", "column_name")
"""What asyncpg's errors tell beside the values; SQLAlchemy's adapters hide them one or two causes deeper."""


def _reason(error: BaseException | None) -> str | None:
    """Our word for a driver's error; SQLAlchemy's adapters hide the driver's own error one or two causes
    deeper."""
    while error is not None:
        name = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None) or ""
        matches = [start for start in _CODES if name.startswith(start)]
        if matches:
            return _CODES[max(matches, key=len)]
        error = error.__cause__
    return None
