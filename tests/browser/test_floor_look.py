"""The pages of supervisors and operators, and those before the log-in, measured at any width."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from pbx_bridge.storage.db.engine import Database
from tests.browser.doorway import Doorway
from tests.browser.geometry import faults
from tests.browser.logged_in import logged_in
from tests.desk_room import ORIGIN, desk_room
from tests.floor_room import noon, staffed
from tests.odd_company import fill
from tests.stuck_messages import all_kinds

pytestmark = pytest.mark.browser
SIZES = ((360, 740), (390, 844), (700, 900), (1024, 768), (1440, 900), (1920, 1080))
PAGES = {
    "carla": ("/floor", "/floor/wall", "/floor/undelivered", "/zugang"),
    "office": ("/zugaenge", "/anmeldeprotokoll"),
    "": ("/login", "/kennwort-vergessen", "/gibt-es-nicht"),
}
DRAWN = {"/floor": "#figures > div", "/floor/wall": "#wall[data-drawn]"}


async def test_no_page_of_the_house_tears_or_cuts(
    browser: Browser, way: Doorway, sqlite_db: Database, sqlite_url: str
) -> None:
    house, found = await staffed(sqlite_db), []
    await fill(sqlite_db, house)
    await all_kinds(sqlite_db, house)
    async with desk_room(sqlite_url, noon()) as room:
        for login, paths in PAGES.items():
            for path in paths:
                if login:
                    page = await logged_in(room, way, browser, login, path)
                else:
                    way.leads_to(room.url)
                    page = await browser.new_page()
                    await page.goto(ORIGIN + path)
                if path in DRAWN:
                    await page.locator(DRAWN[path]).first.wait_for(timeout=30_000)
                for width, height in SIZES:
                    await page.set_viewport_size({"width": width, "height": height})
                    found += [f"{path}: {one}" for one in await faults(page)]
                await page.context.close()
    assert not found, "\n".join(sorted(set(found)))
