"""One secretariat for all stories, which play one after the other; each begins with nobody at the desks."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from pbx_bridge.asterisk.locate import AsteriskTree
from tests.browser.stories.secretariat import Secretariat
from tests.integration.test_pbx_nobody_free import spool
from tests.integration.whole_house import open_house
from tests.pbx.room import open_room


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def building(asterisk_tree: AsteriskTree) -> AsyncIterator[Secretariat]:
    """Service, PBX, telephones and mail, for as long as stories are told."""
    ami = {"ping_seconds": 5, "dead_after_seconds": 20}
    async with open_room(asterisk_tree) as room:
        phones = {"phone_server": f"127.0.0.1:{room.config.sip_port}"}
        spoken = {"recordings": str(spool(room))}
        async with open_house(
            room, calls={"wrap_up_seconds": 60}, ami=ami, pbx=phones, nobody_free=spoken
        ) as house:
            await room.far.behave("default", "ring")
            yield Secretariat(house)


@pytest.fixture
async def secretariat(building: Secretariat, browser: Browser) -> AsyncIterator[Secretariat]:
    """Open; a page that complained fails its story."""
    building.browser = browser
    yield building
    await building.tidy()
