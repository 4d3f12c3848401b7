"""Fixtures for tests that hold on both databases: `db` is a fresh, upgraded one, SQLite and PostgreSQL in
turn."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance.migrate import upgrade
from tests import postgres
from tests.sample_company import SampleCompany, furnish

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
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of a new database without tables."""
    url = asyncio.run(create(postgres_server, template="template0"))
    yield url
    asyncio.run(drop(url))


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """Name of a database with our schema: copying it takes a tenth of the time of making it."""
    url = asyncio.run(create(postgres_server, template="template0", name="house_template"))
    asyncio.run(upgraded(url))
    return "house_template"


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """URL of a new database with our schema."""
    url = asyncio.run(create(postgres_server, template=postgres_template))
    yield url
    asyncio.run(drop(url))


@pytest.fixture
def sqlite_url(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> str:
    """URL of a new SQLite database with our schema: a copy of the one that is made once per test process."""
    template = tmp_path_factory.getbasetemp() / "house_template.db"
    if not template.exists():
        asyncio.run(upgraded(f"sqlite:///{template}"))
    shutil.copyfile(template, tmp_path / "house.db")
    return f"sqlite:///{tmp_path}/house.db"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of a new database with our schema, of both kinds in turn."""
    kind = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(kind))


@pytest.fixture
async def sqlite_db(sqlite_url: str) -> AsyncIterator[Database]:
    """A fresh SQLite database with our schema."""
    db = Database(sqlite_url)
    yield db
    await db.close()


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """A fresh database with our schema, of both kinds in turn."""
    db = Database(database_url)
    yield db
    await db.close()


async def create(server: str, *, template: str, name: str = "") -> str:
    """Make a database and return its URL."""
    name = name or f"test_{next(_numbers)}"
    connection = await asyncpg.connect(f"{server}/postgres")
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    await connection.close()
    return f"{server}/{name}"


async def drop(url: str) -> None:
    """Whoever is still connected to it is sent away."""
    server, name = url.rsplit("/", 1)
    connection = await asyncpg.connect(f"{server}/postgres")
    await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await connection.close()


async def upgraded(url: str) -> None:
    db = Database(url)
    await upgrade(db)
    await db.close()


@pytest.fixture
async def furnished(sqlite_db: Database) -> SampleCompany:
    """Mustermann AG with its people, in the SQLite database of this test."""
    return await furnish(sqlite_db)
