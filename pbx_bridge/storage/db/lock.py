"""Nobody puts another database under a service that runs."""

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


class InUseError(Exception):
    """Somebody else has it."""


class BeingRestoredError(Exception):
    """A backup is just being put in the place of the database."""


@contextmanager
def in_use(settings: DatabaseSettings) -> Iterator[None]:
    """While the service runs. Raises BeingRestoredError.

    Gone with the process, however it ends. PostgreSQL needs none: it knows who is connected.
    """
    url = make_url(settings.full_url())
    if url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    try:
        held = _held(Path(url.database), fcntl.LOCK_SH)
    except InUseError:
        raise BeingRestoredError from None
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
    held = _held(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(held)


def _held(file: Path, kind: int) -> int:
    """Not the database itself: closing it would end the locks that SQLite has on it."""
    path = file.with_name(f"{file.name}.lock")
    private_file(path)
    handle = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise InUseError from None
    return handle
