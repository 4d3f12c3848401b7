"""The portal of Mustermann AG, for tests that walk through all that is declared."""

from __future__ import annotations

from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession

from pbx_bridge.storage import tables
from pbx_bridge.storage.db.engine import Database
from rules.text.phone_numbers import to_e164
from tests.unit.portal.conftest import Client, jar
from tests.unit.portal.serving import Served, serving


@pytest.fixture(scope="session", autouse=True)
def _numbers_and_zones() -> None:
    """Read from files when they are first asked for, which takes longer than a step may."""
    to_e164("030 23125100", "DE")
    ZoneInfo("Europe/Berlin")


@pytest.fixture
async def served(sqlite_db: Database) -> AsyncIterator[Served]:
    """Erika has a mobile, so that SMS can be wished."""
    async with serving(sqlite_db) as running:
        async with sqlite_db.write() as conn:
            await conn.execute(tables.employee.update().values(mobile="+491713920001"))
        yield running


@pytest.fixture
async def client(served: Served) -> AsyncIterator[Client]:
    async with ClientSession(cookies={"session": await served.cookie()}, cookie_jar=jar()) as session:
        yield Client(served, session)
