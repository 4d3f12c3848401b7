"""Thirty-five thousand companies that change at once, on both databases: more than a statement may name."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from pbx_bridge.storage.access import accounts, agents
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.db.engine import Database
from rules.model import Customer
from tests.desk_room import desk_room
from tests.loop_watch import Watch
from tests.until import until

LONGEST = 300.0
"""Seconds that a crowded machine may need to follow them all."""
COMPANIES = 35_000
"""PostgreSQL takes 32,767 values in a statement, SQLite 32,766."""
NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)",
    "postgresql": "WITH n(i) AS (SELECT generate_series(1, :many))",
}


CHANGE = (
    "UPDATE customer SET greeting = 'Hallo, [Vorname, Nachname]',"
    " version = (SELECT version FROM data_version)"
)


async def furnish(db: Database) -> None:
    """Each with a line and an employee."""
    begin, now = NUMBERS[db.dialect], datetime.now(UTC)
    rows = (
        f"INSERT INTO customer (id, name, tariff_id, greeting) {begin}"  # noqa: S608 - begun by us
        " SELECT 'c' || i, 'Praxis ' || i, 't', 'Guten Tag, [Vorname, Nachname]' FROM n",
        f"INSERT INTO line (id, number, customer_id) {begin}"  # noqa: S608 - begun by us
        " SELECT 'l' || i, '+4930' || (10000000 + i), 'c' || i FROM n",
        f"INSERT INTO employee (id, customer_id, name, family_name, extension, put_through) {begin}"  # noqa: S608 - begun by us
        " SELECT 'e' || i, 'c' || i, 'Erika Beispiel', 'Beispiel', '+4930' || (20000000 + i), 'all' FROM n",
    )
    async with db.write() as conn:
        await conn.execute(text("INSERT INTO tariff (id, name, put_through) VALUES ('t', 'Premium', true)"))
        for statement in rows:
            await conn.execute(text(statement), {"many": COMPANIES})
        for name in ("anna", "ben"):
            account = await accounts.insert(conn, Account("", name, Role.AGENT), "no hash", now)
            await agents.insert(conn, account, "Anna", "Keller", f"PJSIP/{name}")


@pytest.fixture
async def crowded(database_url: str) -> str:
    db = Database(database_url)
    await furnish(db)
    await db.close()
    return database_url


async def test_all_may_change_and_many_go_at_once(crowded: str, loop_watch: Watch) -> None:
    async with desk_room(crowded) as room:
        index, db = room.rooms.directory.index, room.rooms.db
        assert len(index.customers) == COMPANIES
        loop_watch.clear()

        async with db.write() as conn:
            await conn.execute(text("UPDATE data_version SET version = version + 1"))
            await conn.execute(text(CHANGE))
        await until(lambda: _greeted(index.customers.values(), "Hallo"), LONGEST, "all are followed")

        async with db.write() as conn:
            await conn.execute(text("DELETE FROM line"))
            await conn.execute(text("DELETE FROM customer WHERE id LIKE 'c%99'"))
            await conn.execute(text("UPDATE data_version SET version = version + 1"))
        await until(lambda: len(index.customers) == COMPANIES * 99 // 100, LONGEST, "some are gone")
    loop_watch.check()


def _greeted(customers: Collection[Customer], word: str) -> bool:
    """Looks at the last one first, as everybody looks often."""
    return all(one.greeting.startswith(word) for one in reversed(tuple(customers)))
