from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from pbx_bridge.storage import tables
from pbx_bridge.storage.customers import customers, data_version
from pbx_bridge.storage.customers.data_version import Changes, Follower
from pbx_bridge.storage.db import engine, wake_up
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from tests.sample_company import NOW, furnish
from tests.until import PATIENCE


@contextlib.asynccontextmanager
async def _following(db: Database, seconds: float = 30) -> AsyncIterator[asyncio.Queue[Changes]]:
    """What a follower of `db` is told; it polls so rarely that only being told can wake it."""
    told: asyncio.Queue[Changes] = asyncio.Queue()
    follower = Follower(db, told.put, seconds=seconds)
    await follower.start()
    task = asyncio.create_task(follower.run())
    try:
        yield told
    finally:
        task.cancel()
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait({task})


async def _next(told: asyncio.Queue[Changes]) -> Changes:
    async with asyncio.timeout(PATIENCE):
        return await told.get()


async def test_versions_grow_with_every_change(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        assert await data_version.touch(conn, house.customer_id, NOW) == 2
        assert await data_version.touch(conn, None, NOW) == 3
    async with db.read() as conn:
        assert await data_version.current(conn) == 3
        assert await customers.versions(conn) == {house.customer_id: 2}


async def test_the_own_process_is_told_at_once(sqlite_db: Database) -> None:
    house = await furnish(sqlite_db)
    async with _following(sqlite_db) as told:
        await asyncio.sleep(0)
        async with sqlite_db.write() as conn:
            await data_version.touch(conn, house.customer_id, NOW)

        assert await _next(told) == Changes(
            2, frozenset({house.customer_id}), frozenset(), companies_only=True
        )


async def test_many_companies_at_once_are_told_with_lines_and_agents(sqlite_db: Database) -> None:
    """The operator's file may hold agents and lines beside companies: followers load all of it again."""
    house = await furnish(sqlite_db)
    async with _following(sqlite_db) as told:
        await asyncio.sleep(0)
        async with sqlite_db.write() as conn:
            await data_version.touch_all(conn, [house.customer_id], NOW)

        assert await _next(told) == Changes(3, frozenset({house.customer_id}), frozenset())


async def test_a_change_that_is_rolled_back_is_none(sqlite_db: Database) -> None:
    house = await furnish(sqlite_db)

    async def stumble() -> None:
        async with sqlite_db.write() as conn:
            await data_version.touch(conn, house.customer_id, NOW)
            raise RuntimeError

    async with _following(sqlite_db, seconds=0.05) as told:
        with pytest.raises(RuntimeError):
            await stumble()
        async with sqlite_db.write() as conn:
            await data_version.touch(conn, None, NOW)

        assert await _next(told) == Changes(2, frozenset(), frozenset())


async def test_sqlite_changes_of_another_process_are_found(sqlite_db: Database) -> None:
    house = await furnish(sqlite_db)
    other = Database(sqlite_db.url.render_as_string(hide_password=False))
    async with _following(sqlite_db, seconds=0.05) as told:
        async with other.write() as conn:
            await data_version.touch(conn, house.customer_id, NOW)

        assert (await _next(told)).changed == {house.customer_id}
    await other.close()


@pytest.mark.postgres
async def test_postgresql_tells_other_processes(postgres_url: str) -> None:
    db, other = Database(postgres_url), Database(postgres_url)
    house = await furnish(db)
    async with _following(db) as told:
        async with asyncio.timeout(PATIENCE):
            while told.empty():  # the listener may still be connecting
                async with other.write() as conn:
                    await data_version.touch(conn, house.customer_id, NOW)
                await asyncio.sleep(0.05)

        assert (await _next(told)).changed == {house.customer_id}
    await db.close()
    await other.close()


@pytest.mark.postgres
async def test_postgresql_tells_after_the_commit_and_never_inside_it(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inside it all writers would wait for one another's disk."""
    db, seen = Database(postgres_url), list[tuple[str, int]]()
    house = await furnish(db)
    listening = await db.listener()
    told: asyncio.Queue[str] = asyncio.Queue()
    await listening.add_listener(wake_up.CHANNEL, lambda *notice: told.put_nowait(str(notice[-1])))
    wake_others = wake_up.wake_others

    async def spied(connection: AsyncConnection) -> None:
        seen.append(("tells", await listening.fetchval("SELECT version FROM data_version")))
        await wake_others(connection)

    monkeypatch.setattr(engine, "wake_others", spied)
    async with db.write() as conn:
        await data_version.touch(conn, house.customer_id, NOW)
        await data_version.touch(conn, None, NOW)
    async with asyncio.timeout(PATIENCE):
        await told.get()

    assert seen == [("tells", 3)]  # everybody else sees the change when it is told, once for both
    assert told.empty()
    await listening.close()
    await db.close()


@pytest.mark.postgres
async def test_a_change_that_cannot_be_told_is_stored(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = Database(postgres_url)
    house = await furnish(db)
    for failing in ("SELECT no_such_function()", "SELECT pg_terminate_backend(pg_backend_pid())"):
        monkeypatch.setattr(wake_up, "TELL", failing)
        async with db.write() as conn:
            version = await data_version.touch(conn, house.customer_id, NOW)
        async with db.read() as conn:
            assert await data_version.current(conn) == version
    assert not db.down
    await db.close()


async def test_a_company_that_is_gone_is_named(db: Database) -> None:
    house = await furnish(db)
    async with _following(db, seconds=0.05) as told:
        async with db.write() as conn:
            await conn.execute(tables.customer.delete().where(tables.customer.c.id == house.customer_id))
            await data_version.touch(conn, None, NOW)

        assert await _next(told) == Changes(2, frozenset(), frozenset({house.customer_id}))


async def test_a_change_is_told_again_when_taking_it_failed(sqlite_db: Database) -> None:
    house = await furnish(sqlite_db)
    told: list[Changes] = []
    taken = asyncio.Event()

    async def take(change: Changes) -> None:
        told.append(change)
        if len(told) == 1:
            raise RuntimeError("index broken")
        taken.set()

    follower = Follower(sqlite_db, take, seconds=0.02)
    await follower.start()
    async with sqlite_db.write() as conn:
        await data_version.touch(conn, house.customer_id, NOW)
    task = asyncio.create_task(follower.run())
    async with asyncio.timeout(PATIENCE):
        await taken.wait()
    task.cancel()

    assert told[0] == told[1]


async def test_of_very_many_companies_some_are_told_at_once_and_a_new_change_goes_first(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a change of all holidays: until all are loaded again, nobody's absence waits."""
    monkeypatch.setattr(data_version, "AT_ONCE", 2)
    house = await furnish(sqlite_db)
    others = ["a1", "a2", "a3", "a4"]
    async with sqlite_db.write() as conn:
        row = dict((await conn.execute(tables.customer.select())).mappings().one())
        for one in others:
            await conn.execute(tables.customer.insert().values(row | {"id": one, "name": one}))
    told: list[set[str]] = []
    done = asyncio.Event()

    async def take(change: Changes) -> None:
        told.append(set(change.changed))
        if len(told) == 1:
            async with sqlite_db.write() as conn:
                await data_version.touch(conn, "a4", NOW)
        if len(told) == 3:
            done.set()

    follower = Follower(sqlite_db, take, seconds=30)
    await follower.start()
    async with sqlite_db.write() as conn:
        await data_version.touch_all(conn, [house.customer_id, *others], NOW)
    task = asyncio.create_task(follower.run())
    async with asyncio.timeout(PATIENCE):
        await done.wait()
    task.cancel()
    assert told == [{house.customer_id, "a1"}, {"a4"}, {"a2", "a3"}]
