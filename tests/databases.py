"""Fixtures for tests that hold on both databases: `db` is a fresh, upgraded one, SQLite and PostgreSQL in
turn."""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from pbx_bridge.storage.engine import Database
from pbx_bridge.storage.migrate import upgrade
from tests import postgres

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a server of this test process, without a database name."""
    try:
        postgres.programs()
    except postgres.NoPostgres as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    with postgres.server() as url:
        yield url


@pytest.fixture
async def empty_postgres_url(postgres_server: str) -> str:
    """URL of a new database without tables."""
    return await _create(postgres_server, template="template0")


@pytest.fixture
async def postgres_url(postgres_server: str) -> str:
    """URL of a new database with our schema, copied from a template (a tenth of the time of making it)."""
    template = f"{postgres_server}/house_template"
    connection = await asyncpg.connect(f"{postgres_server}/postgres")
    known = await connection.fetchval("SELECT count(*) FROM pg_database WHERE datname = 'house_template'")
    await connection.close()
    if not known:
        await _create(postgres_server, template="template0", name="house_template")
        db = Database(template)
        await upgrade(db)
        await db.close()
    return await _create(postgres_server, template="house_template")


@pytest.fixture
async def sqlite_db(tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh SQLite database with our schema."""
    db = Database(f"sqlite:///{tmp_path}/house.db")
    await upgrade(db)
    yield db
    await db.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def db(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh database with our schema, of both kinds in turn."""
    if request.param == "sqlite":
        db = Database(f"sqlite:///{tmp_path}/house.db")
        await upgrade(db)
    else:
        db = Database(request.getfixturevalue("postgres_url"))
    yield db
    await db.close()


async def _create(server: str, *, template: str, name: str = "") -> str:
    name = name or f"test_{next(_numbers)}"
    connection = await asyncpg.connect(f"{server}/postgres")
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    await connection.close()
    return f"{server}/{name}"
