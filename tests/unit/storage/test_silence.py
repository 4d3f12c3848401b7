"""PostgreSQL falls silent: connections stand, and nothing is answered."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url, text

from pbx_bridge.storage.db.engine import Database, StorageUnavailable
from pbx_bridge.storage.db.ids import new_id
from tests.ami_proxy import Proxy, proxy_to
from tests.until import PATIENCE, until

pytestmark = pytest.mark.postgres

LIMIT = 0.4
"""Seconds that the database has for an answer in these tests."""
ADD = text("INSERT INTO tariff (id, name, put_through) VALUES (:name, :name, TRUE)")


@pytest.fixture
async def wire(postgres_url: str) -> AsyncIterator[Proxy]:
    port = make_url(postgres_url).port
    assert port
    async with proxy_to(port) as wire:
        yield wire
        wire.thaw()


@pytest.fixture
async def postgres_pid(postgres_url: str) -> int:
    """Of the server itself."""
    connection = await asyncpg.connect(postgres_url)
    folder = await connection.fetchval("SHOW data_directory")
    await connection.close()
    return int((Path(folder) / "postmaster.pid").read_text().split()[0])


@pytest.fixture
async def db(postgres_url: str, wire: Proxy) -> AsyncIterator[Database]:
    url = make_url(postgres_url).set(port=wire.port)
    db = Database(url.render_as_string(hide_password=False), busy_seconds=1, answer_seconds=LIMIT)
    yield db
    await db.close()


async def read(db: Database) -> int:
    async with db.read() as conn:
        return int((await conn.execute(text("SELECT count(*) FROM tariff"))).scalar_one())


async def write(db: Database) -> None:
    async with db.write() as conn:
        await conn.execute(ADD, {"name": new_id()})


async def answered(db: Database, deed: Callable[[Database], Awaitable[object]]) -> object:
    """What it comes to as soon as an answer is quick enough, which it need not be on a crowded machine."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with contextlib.suppress(StorageUnavailable):
                return await deed(db)


async def refused(work: Awaitable[object]) -> str:
    """Why it was refused, in good time."""
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(StorageUnavailable) as error:
            await work
    return error.value.reason


@contextmanager
def frozen(wire: Proxy) -> Iterator[None]:
    wire.freeze()
    try:
        yield
    finally:
        wire.thaw()


@pytest.mark.parametrize("warm", [True, False], ids=["connected", "not yet connected"])
@pytest.mark.parametrize("deed", [read, write])
async def test_every_command_and_connect_has_an_end(
    db: Database, wire: Proxy, deed: Callable[[Database], Awaitable[object]], warm: bool
) -> None:
    if warm:
        await answered(db, read)
    with frozen(wire):
        assert await refused(deed(db)) == "unreachable"
    assert await answered(db, read) in (0, 1), "and after it there is a fresh connection"


async def begun(db: Database, at: str, wire: Proxy) -> None:
    """Silence falls in the middle of a transaction."""
    async with db.write() as conn:
        await conn.execute(ADD, {"name": "Basis"})
        wire.freeze()
        if at == "statement":
            await conn.execute(ADD, {"name": "Premium"})
        elif at == "error":
            raise RuntimeError("so that it is rolled back")


@pytest.mark.parametrize("at", ["statement", "commit", "error"])
async def test_in_the_middle_of_a_transaction(db: Database, wire: Proxy, at: str) -> None:
    async with asyncio.timeout(PATIENCE):
        with pytest.raises((StorageUnavailable, RuntimeError)):
            await begun(db, at, wire)
    wire.thaw()
    await answered(db, write)


async def test_many_at_once_are_all_refused_and_leave_no_connection_behind(
    db: Database, wire: Proxy, postgres_url: str
) -> None:
    with frozen(wire):
        reasons = await asyncio.gather(*(refused(read(db)) for _ in range(30)))
    assert set(reasons) <= {"unreachable", "locked"}
    await asyncio.gather(*(answered(db, read) for _ in range(30)))
    await db.close()
    await until(lambda: not wire.connections, message="no connection is left")


async def test_whoever_stops_waiting_leaves_no_connection_behind(db: Database, wire: Proxy) -> None:
    await answered(db, read)
    with frozen(wire):
        for _ in range(10):
            waiting = asyncio.create_task(read(db))
            await asyncio.sleep(LIMIT / 8)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
    assert await answered(db, read) == 0
    await db.close()
    await until(lambda: not wire.connections, message="no connection is left")


async def test_it_can_be_closed_in_the_silence(db: Database, wire: Proxy) -> None:
    await asyncio.gather(*(answered(db, read) for _ in range(5)))
    with frozen(wire):
        async with asyncio.timeout(PATIENCE):
            await db.close()


async def test_a_transaction_that_the_silence_cut_off_blocks_nobody(db: Database, wire: Proxy) -> None:
    """The server does not hear that we have given up: it keeps the locks, but not for long."""
    with pytest.raises(StorageUnavailable):
        await begun(db, "statement", wire)
    # The server's side of the old connections is still there, as after a broken network: nobody has told it.
    other = Database(f"{db.url.set(port=wire.target_port).render_as_string(hide_password=False)}")
    try:
        await answered(other, write)
    finally:
        await other.close()


@contextmanager
def stopped(server: int) -> Iterator[None]:
    """SIGSTOP for the server and all its processes."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    everybody = [server, *map(int, children)]
    try:
        for pid in everybody:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in everybody:
            os.kill(pid, signal.SIGCONT)


async def test_the_server_itself_stands_still(db: Database, postgres_pid: int) -> None:
    await answered(db, read)
    with stopped(postgres_pid):
        assert await refused(read(db)) == "unreachable"
        assert await refused(write(db)) == "unreachable"
    await answered(db, write)
    assert await answered(db, read)
