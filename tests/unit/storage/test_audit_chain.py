"""The access log's chain as it is stored: linked by whoever writes, forgotten from its beginning, emptied,
adopted; on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from pbx_bridge.settings import RetentionSettings
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import access_log, audit_chain
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance import migrate
from pbx_bridge.storage.maintenance.retention import Retention
from rules.access.audit_chain import Breach, ChainState, Head
from tests.sample_company import NOW


async def happened(db: Database, *logins: str, days_ago: float = 0) -> None:
    """Each of them logged in, in one transaction."""
    async with db.write() as conn:
        await access_log.write_all(conn, AccessEvent.LOG_IN, logins, NOW - timedelta(days=days_ago))


async def checked(db: Database, noted: Head | None = None) -> ChainState:
    async with db.read() as conn:
        return await audit_chain.check(conn, noted)


async def test_entries_of_many_transactions_are_one_chain(db: Database) -> None:
    for login in ("anna", "ben"):
        await happened(db, login, "erika")
    state = await checked(db)
    assert (state.count, state.first, state.head.place, state.breach) == (4, 1, 4, None)


async def test_two_writers_at_once_make_one_chain(database_url: str) -> None:
    first, second = Database(database_url), Database(database_url)
    inside = asyncio.Barrier(2 if first.dialect == "postgresql" else 1)

    async def several(db: Database, login: str) -> None:
        for _ in range(5):
            async with db.write() as conn:
                await access_log.write_all(conn, AccessEvent.LOG_IN, [login, login], NOW)
                await inside.wait()  # on PostgreSQL both are in their transactions now

    await asyncio.gather(several(first, "anna"), several(second, "ben"))
    state = await checked(first)
    assert (state.count, state.breach) == (20, None)
    await first.close()
    await second.close()


async def test_what_is_rolled_back_leaves_nothing_for_the_next_transaction(db: Database) -> None:
    async def broken_off() -> None:
        async with db.write() as conn:
            await access_log.write_all(conn, AccessEvent.LOG_IN, ["anna"], NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await broken_off()
    await happened(db, "ben")
    async with db.read() as conn:
        entries, count = await access_log.listed(conn)
    assert ([one.login for one in entries], count) == (["ben"], 1)
    assert (await checked(db)).breach is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_log SET login = 'ben' WHERE place = 2",
        "UPDATE access_log SET at = (SELECT max(at) FROM access_log) WHERE place = 1",
        "DELETE FROM access_log WHERE place = 1",
        "DELETE FROM access_log WHERE place = 2",
        "DELETE FROM access_log WHERE place = 3",
        "DELETE FROM access_log",
        "UPDATE access_log SET place = 0 WHERE place = 2",
        "UPDATE audit_head SET place = 2",
        "INSERT INTO access_log (id, at, deed) SELECT 'x', at, deed FROM access_log WHERE place = 1",
    ],
)
async def test_what_is_done_to_the_database_is_found(db: Database, statement: str) -> None:
    for number, login in enumerate(("anna", "anna", "erika")):
        await happened(db, login, days_ago=3 - number)
    async with db.write() as conn:
        await conn.execute(text(statement))
    assert (await checked(db)).breach


async def test_entries_whose_time_is_over_go_and_the_rest_can_be_looked_over(db: Database) -> None:
    await happened(db, "anna", "ben", days_ago=100)
    await happened(db, "erika", days_ago=95)
    await happened(db, "jens", days_ago=5)
    noted = (await checked(db)).head
    keep = RetentionSettings(access_days=90)

    await Retention(db, keep, lambda: NOW).round()
    await Retention(db, keep, lambda: NOW + timedelta(hours=1)).round()

    state = await checked(db, noted)
    assert (state.first, state.count, state.breach) == (4, 2, None), "the last, and the one that says so"
    await Retention(db, keep, lambda: NOW + timedelta(days=100)).round()
    await Retention(db, keep, lambda: NOW + timedelta(days=200)).round()
    state = await checked(db)
    assert (state.count, state.breach) == (1, None)


async def test_the_service_looks_over_the_chain_itself_and_keeps_what_it_found(db: Database) -> None:
    await happened(db, "anna")
    await Retention(db, RetentionSettings(), lambda: NOW).round()
    async with db.write() as conn:
        assert (await audit_chain.last_check(conn)).breach == ""
        await conn.execute(t.access_log.update().values(login="ben"))
    await Retention(db, RetentionSettings(), lambda: NOW + timedelta(days=1)).round()
    async with db.read() as conn:
        last = await audit_chain.last_check(conn)
    assert (last.at, last.breach, last.broken) == (NOW + timedelta(days=1), Breach.CHANGED, 1)


async def test_what_is_said_of_somebody_is_emptied_and_the_chain_holds(db: Database) -> None:
    await happened(db, "anna", "erika@example.org", "ben", "erika@example.org")
    async with db.write() as conn:
        assert await audit_chain.empty(conn, ["erika@example.org"], NOW, "chefin") == 2
    state = await checked(db)
    assert (state.emptied, state.breach) == (2, None)
    async with db.read() as conn:
        entries, _ = await access_log.listed(conn)
    assert [one.login for one in entries if one.event == "log_in" and one.login] == ["ben", "anna"]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/older.db"
    return str(request.getfixturevalue("empty_postgres_url"))


@pytest.fixture
async def older(empty_url: str) -> AsyncIterator[Database]:
    """A database of the version before."""
    db = Database(empty_url)
    async with db.write() as conn:
        for number, script in migrate.scripts(migrate.MIGRATIONS, db.dialect):
            if number < migrate.CHAINED:
                await migrate.run_script(conn, script)
    yield db
    await db.close()


async def test_entries_of_before_become_the_beginning_of_the_chain(older: Database) -> None:
    entry = (
        "INSERT INTO access_log (id, at, deed, login) VALUES ('{}', '2026-11-{} 09:00:00', 'log_in', '{}')"
    )
    async with older.write() as conn:
        for row in (("b", 22, "ben"), ("a", 21, "anna"), ("c", 23, "erika")):
            await conn.exec_driver_sql(entry.format(*row))

    await migrate.upgrade(older)
    await happened(older, "jens")

    state = await checked(older)
    assert (state.count, state.breach) == (5, None)
    async with older.read() as conn:
        logins = [link.texts[0] async for link in audit_chain.links(conn)]
    assert logins == ["anna", "ben", "erika", "", "jens"]
