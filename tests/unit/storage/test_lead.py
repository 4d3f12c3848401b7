"""On PostgreSQL one service leads: the next one comes when it is dead or hangs, and nothing of an earlier
term is written after that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text

from pbx_bridge.metrics import REGISTRY
from pbx_bridge.storage.db.engine import AsyncConnection, Database, StorageUnavailable
from pbx_bridge.storage.db.fence import Fence
from pbx_bridge.storage.maintenance import migrate
from pbx_bridge.storage.maintenance.lead import Lead
from rules.presence.lead import LeadSeen
from tests.until import until

pytestmark = pytest.mark.postgres

SHORT, LONG = 0.2, 600.0
Make = Callable[..., Lead]


@pytest.fixture
async def service(postgres_url: str) -> AsyncIterator[Make]:
    """`service(pbx, lease)`: one more, which has not looked yet."""
    async with AsyncExitStack() as stack:

        def make(pbx: str = "berlin", lease: float = LONG) -> Lead:
            db = Database(postgres_url)
            one = Lead(db, pbx, lease)
            stack.push_async_callback(db.close)
            stack.push_async_callback(one.leave)
            return one

        yield make


@pytest.fixture
async def opened(postgres_url: str) -> AsyncIterator[Callable[[Fence | None], Database]]:
    """A database of whoever leads by this."""
    made: list[Database] = []

    def make(fence: Fence | None) -> Database:
        made.append(Database(postgres_url, fence=fence))
        return made[-1]

    yield make
    for db in made:
        await db.close()


def standbys() -> float:
    """As `/metrics` says it."""
    return REGISTRY.get_sample_value("pbx_standbys") or 0


async def admin(url: str, query: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(query)
    await connection.close()


async def add(conn: AsyncConnection, name: str) -> None:
    await conn.execute(
        text("INSERT INTO tariff (id, name, put_through) VALUES (:name, :name, TRUE)"), {"name": name}
    )


async def written(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch("SELECT name FROM tariff ORDER BY name")
    await connection.close()
    return [row["name"] for row in rows]


async def test_one_leads_and_the_next_comes_when_it_leaves(service: Make) -> None:
    first, second = service(), service()
    assert await first.taken() == Fence("berlin", 1)
    assert await second.taken() is None
    assert await service("hamburg").taken() == Fence("hamburg", 1), "another PBX is another matter"
    await first.leave()
    assert await second.wait() == Fence("berlin", 2)


async def test_whoever_has_died_is_followed_however_long_its_lease(service: Make) -> None:
    first, second = service(), service()
    await first.taken()
    assert first._conn is not None
    first._conn.terminate()  # as the kernel does for a process that was killed
    assert await second.wait() == Fence("berlin", 2)


async def test_whoever_hangs_is_deposed_and_writes_nothing_more(
    service: Make, opened: Callable[[Fence | None], Database], postgres_url: str
) -> None:
    first, second = service(lease=SHORT), service()
    old = opened(await first.wait())
    async with old.write() as conn:
        await add(conn, "before")

    async def hangs_in_a_transaction() -> None:
        async with old.write() as conn:
            await add(conn, "in between")
            fence = await second.wait()  # the lease is over, and this connection is ended
            assert fence == Fence("berlin", 2)

    with pytest.raises(StorageUnavailable):
        await hangs_in_a_transaction()
    with pytest.raises(StorageUnavailable, match="deposed"):
        async with old.write() as conn:
            await add(conn, "after")
    await first.keep()  # it wakes up, and sees that it leads no more
    new = opened(second._fence)
    async with new.write() as conn:
        await add(conn, "by the next")
    assert await written(postgres_url) == ["before", "by the next"]


async def test_a_connection_that_comes_amid_a_take_over_is_not_let_in(
    service: Make, opened: Callable[[Fence | None], Database]
) -> None:
    """Its lock is there, its term is of before: whoever takes over has not seen it."""
    await service().taken()
    late = opened(Fence("berlin", 0))
    with pytest.raises(StorageUnavailable, match="deposed"):
        async with late.read():
            pass


async def test_a_lead_goes_on_while_it_is_renewed(service: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rules.presence.lead.renewed_every", lambda _lease: 0.01)
    first, second = service(), service()
    await first.taken()
    keeping = asyncio.create_task(first.keep())
    for _ in range(3):
        assert await second.taken() is None
    await until(lambda: standbys() == 1, message="it is counted")
    await second.leave()
    await until(lambda: standbys() == 0, message="nobody stands by any more")
    assert not keeping.done()
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


@pytest.mark.parametrize("wakes_up", [True, False])
async def test_after_the_whole_machine_stood_still_the_same_one_leads(
    service: Make, postgres_url: str, caplog: pytest.LogCaptureFixture, *, wakes_up: bool
) -> None:
    """Both slept, the database on another machine did not: who stands by looks first, and waits."""
    first, second = service(), service(lease=5)
    await first.taken()
    assert await second.taken() is None
    assert second._before is not None
    second._before = long_ago = replace(second._before, at=second._before.at - 60)
    await admin(postgres_url, "UPDATE pbx SET lease_until = now() - interval '30 seconds'")
    leads = asyncio.create_task(second.wait())
    await until(lambda: "standby_held_up" in caplog.text, message="it waits")
    if wakes_up:
        assert first._conn is not None
        await first._renewed(first._conn)
        await until(
            lambda: second._before is not long_ago and second._before == LeadSeen(1, over=False),
            message="it has looked once more",
        )
        assert await first._renewed(first._conn), "nobody has ended it"
        leads.cancel()
        await asyncio.gather(leads, return_exceptions=True)
    else:
        assert await leads == Fence("berlin", 2), "one that hangs is waited for once"


async def test_the_schema_is_not_changed_under_whoever_leads(
    service: Make, opened: Callable[[Fence | None], Database], tmp_path: Path
) -> None:
    one, db = service(), opened(None)
    await one.taken()
    assert await migrate.upgrade(db) == migrate.LATEST, "nothing is to be done"
    (tmp_path / "9999_next.sql").write_text("UPDATE schema_version SET version = 9999;")
    with pytest.raises(migrate.ServedError):
        await migrate.upgrade(db, folder=tmp_path)
    await one.leave()
    assert await migrate.upgrade(db, folder=tmp_path) == migrate.LATEST
    assert await migrate.upgrade(db, folder=tmp_path) == 9999


async def test_after_the_database_was_away_the_same_one_leads(service: Make, postgres_url: str) -> None:
    first, second = service(lease=5), service(lease=5)
    await first.taken()
    keeping, waiting = asyncio.create_task(first.keep()), asyncio.create_task(second.wait())
    await until(lambda: second._before is not None, message="it stands by")
    cut = first._conn, second._conn
    await admin(
        postgres_url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    await until(
        lambda: first._locked and first._conn is not cut[0] and not second._trouble, message="both are back"
    )
    assert not waiting.done()
    assert not keeping.done()
    for task in (keeping, waiting):
        task.cancel()
    await asyncio.gather(keeping, waiting, return_exceptions=True)
