from __future__ import annotations

import asyncio
import os
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from pbx_bridge.storage.db import closing
from pbx_bridge.storage.db.engine import Database, StorageUnavailable
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.maintenance.migrate import upgrade
from pbx_bridge.storage.tables import schema_version
from tests.until import PATIENCE

_ADD = text("INSERT INTO tariff (id, name, put_through) VALUES (:name, :name, TRUE)")


async def _count(db: Database) -> int:
    async with db.read() as conn:
        return int((await conn.execute(text("SELECT count(*) FROM tariff"))).scalar_one())


async def _add(db: Database, name: str) -> None:
    async with db.write() as conn:
        await conn.execute(_ADD, {"name": name})


def test_ids_grow_and_are_version_7() -> None:
    ids = [new_id() for _ in range(2000)]

    assert len(set(ids)) == 2000
    assert {(one[14], one[19] in "89ab") for one in ids} == {("7", True)}
    assert [one[:18] for one in ids] == sorted(one[:18] for one in ids)


async def _add_and_stumble(db: Database, name: str) -> None:
    async with db.write() as conn:
        await conn.execute(_ADD, {"name": name})
        raise RuntimeError("midway")


async def test_a_block_is_stored_whole_or_not_at_all(db: Database) -> None:
    with pytest.raises(RuntimeError, match="midway"):
        await _add_and_stumble(db, "Basis")
    assert await _count(db) == 0

    await _add(db, "Basis")
    assert await _count(db) == 1


async def test_a_violated_constraint_stays_a_surprise(db: Database) -> None:
    await _add(db, "Basis")

    with pytest.raises(IntegrityError):
        await _add(db, "Basis")


async def test_readers_cannot_write(db: Database) -> None:
    with pytest.raises(StorageUnavailable) as refused:
        async with db.read() as conn:
            await conn.execute(_ADD, {"name": "Basis"})

    assert refused.value.reason == "read_only"


async def test_readers_see_one_state_and_do_not_wait_for_the_writer(db: Database) -> None:
    await _add(db, "Basis")
    async with db.read() as reader:
        before = (await reader.execute(text("SELECT count(*) FROM tariff"))).scalar_one()
        async with asyncio.timeout(PATIENCE):
            await _add(db, "Premium")
        assert (await reader.execute(text("SELECT count(*) FROM tariff"))).scalar_one() == before
    assert await _count(db) == 2


async def test_many_writers_all_get_their_turn_also_when_some_are_cancelled(db: Database) -> None:
    writers = [asyncio.create_task(_add(db, f"tariff {number}")) for number in range(40)]
    await asyncio.wait(writers[:5], return_when=asyncio.FIRST_COMPLETED)
    for writer in writers[1::3]:
        writer.cancel()
    results = await asyncio.gather(*writers, return_exceptions=True)

    assert {type(result) for result in results} <= {type(None), asyncio.CancelledError}
    assert await _count(db) >= sum(result is None for result in results) >= 26
    await _add(db, "afterwards")


async def test_whoever_is_cancelled_twice_leaves_no_task_that_never_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of the process would wait for it. Twice, as an orderly end cancels until it is heard."""
    monkeypatch.setattr(closing, "CLOSING_SECONDS", 0.02)
    for step in range(60):
        db = Database(f"sqlite:///{tmp_path}/{step}.db")
        connecting = asyncio.create_task(_nothing(db))
        await asyncio.sleep(step // 15 * 0.0007)
        connecting.cancel()
        for _ in range(step % 15):
            await asyncio.sleep(0)
        connecting.cancel()
        await asyncio.wait([connecting])
        await db.close()
        assert asyncio.all_tasks() == {asyncio.current_task()}


_LONG = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT sum(i) FROM n"
)


@pytest.mark.parametrize("writing", [True, False])
async def test_whoever_is_cancelled_in_the_middle_of_rows_keeps_no_lock(
    tmp_path: Path, writing: bool
) -> None:
    """However long somebody holds on to these rows, as a traceback does."""
    db = Database(f"sqlite:///{tmp_path / 'house.db'}", busy_seconds=0.5)
    await upgrade(db)
    held: list[object] = []
    under_way = asyncio.Event()

    async def cancelled() -> None:
        async with db.write() if writing else db.read() as conn:
            raw = await conn.get_raw_connection()
            assert raw.driver_connection is not None
            held.append(await raw.driver_connection.execute("SELECT type FROM sqlite_schema"))
            under_way.set()
            await conn.execute(_LONG)

    task = asyncio.create_task(cancelled())
    await under_way.wait()
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})

    assert task.cancelled()
    assert held
    await _add(db, "Basis")
    await db.empty_log()
    assert (tmp_path / "house.db-wal").stat().st_size == 0
    await db.close()


async def _nothing(db: Database) -> None:
    async with db.write() as conn:
        await conn.execute(text("SELECT 1"))


async def test_naive_moments_are_refused_and_given_back_in_utc(db: Database) -> None:
    with pytest.raises(Exception, match="naive datetimes are refused"):
        async with db.write() as conn:
            await conn.execute(schema_version.update().values(applied_at=datetime(2026, 11, 23, 9, 0)))  # noqa: DTZ001 - the point
    async with db.write() as conn:
        cet = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
        await conn.execute(schema_version.update().values(applied_at=cet))
    async with db.read() as conn:
        stored = (await conn.execute(schema_version.select())).one().applied_at

    assert stored == cet
    assert stored.tzinfo is UTC


async def test_sqlite_is_set_up_on_every_connection(sqlite_db: Database) -> None:
    async def pragmas(writing: bool) -> dict[str, object]:
        async with sqlite_db.write() if writing else sqlite_db.read() as conn:
            names = (
                "journal_mode",
                "synchronous",
                "foreign_keys",
                "secure_delete",
                "busy_timeout",
                "query_only",
            )
            return {name: (await conn.execute(text(f"PRAGMA {name}"))).scalar() for name in names}

    same = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 5000,
    }
    assert await pragmas(writing=True) == same | {"query_only": 0}
    assert await pragmas(writing=False) == same | {"query_only": 1}


async def test_a_lock_of_another_process_is_not_now_and_heals(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/house.db", busy_seconds=0.2)
    await upgrade(db)
    other = sqlite3.connect(tmp_path / "house.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageUnavailable) as locked:
        await _add(db, "Basis")
    assert locked.value.reason == "locked"
    assert locked.value.status == 503

    other.execute("ROLLBACK")
    other.close()
    await _add(db, "Basis")
    assert await _count(db) == 1
    await db.close()


async def test_a_full_disk_is_not_now_and_heals(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/house.db")
    await upgrade(db)
    async with db.write() as conn:
        pages = (await conn.execute(text("PRAGMA page_count"))).scalar()
        await conn.execute(text(f"PRAGMA max_page_count = {pages}"))

    with pytest.raises(StorageUnavailable) as full:
        await _add(db, "x" * 100_000)
    assert full.value.reason == "disk_full"

    async with db.write() as conn:
        await conn.execute(text("PRAGMA max_page_count = 100000"))
    await _add(db, "Basis")
    await db.close()


@pytest.mark.parametrize("place", ["missing-folder-that-is-a-file/house.db", "house.db"])
async def test_a_file_that_is_no_database_is_not_now(tmp_path: Path, place: str) -> None:
    (tmp_path / "missing-folder-that-is-a-file").mkdir()
    path = tmp_path / place
    path.write_bytes(os.urandom(8192))
    db = Database(f"sqlite:///{path}")

    with pytest.raises(StorageUnavailable) as broken:
        await _count(db)

    assert broken.value.reason == "disk_error"
    await db.close()


async def test_a_dead_postgresql_is_not_now() -> None:
    db = Database("postgresql://nobody@127.0.0.1:1/none")

    with pytest.raises(StorageUnavailable) as dead:
        await _count(db)

    assert dead.value.reason == "unreachable"


@pytest.mark.postgres
async def test_a_connection_lost_in_the_middle_is_not_now_and_heals(postgres_url: str) -> None:
    db = Database(postgres_url)

    async def robbed() -> None:
        async with db.write() as conn:
            pid = (await conn.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            async with db.write() as robber:
                await robber.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            await conn.execute(_ADD, {"name": "Basis"})

    with pytest.raises(StorageUnavailable) as lost:
        await robbed()
    assert lost.value.reason == "unreachable"

    await _add(db, "Basis")
    assert await _count(db) == 1
    await db.close()


def test_other_urls_are_refused() -> None:
    with pytest.raises(ValueError, match="must begin with sqlite"):
        Database("mysql://host/name")
    with pytest.raises(ValueError, match="must name a file"):
        Database("sqlite://")


def test_a_password_does_not_show() -> None:
    db = Database("postgresql://user@host/name", password="geheim")

    assert "geheim" not in repr(db)
    assert db.url.password == "geheim"


async def test_a_log_that_somebody_reads_is_emptied_later_and_says_so(tmp_path: Path) -> None:
    """Whoever writes does not wait for a reader, however long that one takes."""
    db = Database(f"sqlite:///{tmp_path / 'house.db'}")
    await upgrade(db)
    log = tmp_path / "house.db-wal"
    async with db.read() as conn:
        await conn.execute(schema_version.select())
        await _add(db, "Basis")
        assert not await db.empty_log()
        assert db.log_is_full
        assert log.stat().st_size > 0
        await _add(db, "Mehr")
    assert await db.empty_log()
    assert not db.log_is_full
    assert log.stat().st_size == 0
    async with db.write() as conn:
        assert await conn.scalar(text("PRAGMA busy_timeout")) == 5000
    await db.close()
