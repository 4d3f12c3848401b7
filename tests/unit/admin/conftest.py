from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from pbx_bridge.storage.db.engine import Database
from tests.unit.admin.office_site import OfficeSite, office_site


@pytest.fixture
async def office(sqlite_db: Database) -> AsyncIterator[OfficeSite]:
    async with office_site(sqlite_db) as opened:
        yield opened
