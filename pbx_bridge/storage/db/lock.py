"""One service on a file of SQLite, and nobody puts another database under it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from sqlalchemy import make_url

from pbx_bridge.private_files import private_file
from pbx_bridge.settings.sections import DatabaseSettings

log = structlog.get_logger(__name__)

SERVICE, RESTORE = b"service\n", b"restore\n"
"""What stands in the lock: who has it now, or had it last."""


class InUseError(Exception):
    """Somebody else has it: a service, or whoever brings it to another schema. `file`: the database."""

    def __init__(self, file: Path) -> None:
        super().__init__(str(file))
        self.file = file


class BeingRestoredError(Exception):
    """A backup is just being put in the place of the database."""


@contextmanager
def in_use(settings: DatabaseSettings) -> Iterator[None]:
    """While a service runs, or the schema is changed. Raises InUseError while somebody else does, and
    BeingRestoredError.

    Gone with the process, however it ends. PostgreSQL needs none: there one leads and others stand by.
    """
    url = make_url(settings.full_url())
    if url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    file = Path(url.database)
    try:
        held = _held(file, SERVICE)
    except OSError as error:  # a folder that takes no file takes no notes either; that is told elsewhere
        log.warning("database_not_locked", reason=error.strerror)
        yield
        return
    try:
        yield
    finally:
        os.close(held)


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """While this SQLite file is replaced. Raises InUseError while a service runs on it, and OSError."""
    try:
        held = _held(file, RESTORE)
    except BeingRestoredError:
        raise InUseError(file) from None
    try:
        yield
    finally:
        os.close(held)


def _held(file: Path, who: bytes) -> int:
    """Not the database itself: closing it would end the locks that SQLite has on it. Beside the file that
    a link leads to, as SQLite's own log: two names of one database are one."""
    real = file.resolve()
    path = real.with_name(f"{real.name}.lock")
    private_file(path)
    handle = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(handle, 0)
        os.pwrite(handle, who, 0)
    except BlockingIOError:
        holder = os.pread(handle, len(RESTORE), 0)
        os.close(handle)
        if holder == RESTORE:
            raise BeingRestoredError from None
        raise InUseError(file) from None
    except BaseException:
        os.close(handle)
        raise
    return handle
