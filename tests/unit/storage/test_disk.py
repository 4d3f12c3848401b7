"""A disk that takes nothing is found out before a note finds it out, and without a writer's place."""

from __future__ import annotations

import ctypes
import os
import resource
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pbx_bridge.storage.db import disk
from pbx_bridge.storage.db.disk import Disk, fault_of
from pbx_bridge.storage.db.engine import Database
from tests.integration.test_faults_read_only import gone, out_of_reach, read_only

NOBODY = 65_534


def file_of(db: Database) -> Path:
    return Path(db.url.database or "")


@contextmanager
def full(_: Path) -> Iterator[None]:
    """A quota on every file of this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def nearly_full(file: Path) -> Iterator[None]:
    """The quota lets everything be rewritten and nothing grow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


FAULTS = {
    full: "disk_full",
    nearly_full: "disk_full",
    read_only: "read_only",
    out_of_reach: "unreachable",
    gone: "unreachable",
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
async def test_every_fault_is_found_and_goes_again(sqlite_db: Database, fault: object) -> None:
    file, look = file_of(sqlite_db), Disk(sqlite_db)
    assert await look.fault() == ""
    with fault(file):  # type: ignore[operator]
        assert await look.fault() == FAULTS[fault]  # type: ignore[index]
    assert await look.fault() == ""
    assert not list(file.parent.glob("*.probe"))


async def test_nobody_waits_and_nobody_is_waited_for(sqlite_db: Database) -> None:
    """While somebody writes, it can be written; and whoever wants to write meanwhile may."""
    file = file_of(sqlite_db)
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert fault_of(file) == ""
        writer.execute("ROLLBACK")
        fault_of(file)
        writer.execute("PRAGMA busy_timeout = 0")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("ROLLBACK")


async def test_a_disk_that_does_not_answer_is_asked_once(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answer = [0], threading.Event()

    def silent(_: Path) -> str:
        asked[0] += 1
        answer.wait(20)
        return ""

    monkeypatch.setattr(disk, "fault_of", silent)
    monkeypatch.setattr(disk, "PATIENCE_SECONDS", 0.01)
    look = Disk(sqlite_db)
    assert [await look.fault() for _ in range(3)] == ["disk_error"] * 3
    assert asked == [1]
    answer.set()
    monkeypatch.setattr(disk, "PATIENCE_SECONDS", 20)
    assert await look.fault() == ""


@pytest.mark.postgres
async def test_a_server_that_lets_nobody_write(postgres_url: str) -> None:
    db = Database(postgres_url)
    name = db.url.database
    assert await Disk(db).fault() == ""
    async with db.write() as conn:
        await conn.exec_driver_sql(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    await db.close()  # sessions that are open keep what they began with
    assert await Disk(db).fault() == "read_only"
    await db.close()


@contextmanager
def as_nobody() -> Iterator[None]:
    """Files are closed to this thread as to anybody else, also when root runs it."""
    libc = ctypes.CDLL(None, use_errno=True)
    before = libc.setfsuid(NOBODY) if os.geteuid() == 0 else None
    try:
        yield
    finally:
        if before is not None:
            libc.setfsuid(before)


def test_a_folder_that_is_closed_to_us() -> None:
    with TemporaryDirectory() as name:
        file = Path(name) / "bridge.db"
        file.touch()
        file.parent.chmod(0o555)
        try:
            with as_nobody():
                assert fault_of(file) == "read_only"
        finally:
            file.parent.chmod(0o700)
