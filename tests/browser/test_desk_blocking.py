"""An advertising caller is blocked with one key and let in again with another, on the real service."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page

from pbx_bridge.storage.db.engine import Database
from tests.browser.conftest import OpenDesk
from tests.browser.doorway import Doorway
from tests.browser.logged_in import logged_in, sees
from tests.desk_face import scenes
from tests.desk_room import LINE, DeskRoom, desk_room
from tests.sample_company import furnish
from tests.until import until

pytestmark = pytest.mark.browser

CALL = "1795429654.115"
PUSHY = "491713920077"


@pytest.fixture
async def room(sqlite_url: str, sqlite_db: Database) -> AsyncIterator[DeskRoom]:
    await furnish(sqlite_db)
    async with desk_room(sqlite_url) as opened:
        yield opened


@pytest.fixture
async def page(room: DeskRoom, way: Doorway, browser: Browser) -> Page:
    page = await logged_in(room, way, browser, "anna")
    await sees(page, "#desk[data-connection=up]")
    return page


async def advertised(room: DeskRoom, page: Page, caller: str = PUSHY) -> None:
    """The caller has said their piece; Anna closes the call as what it was, by keys alone."""
    room.pbx.ring_and_answer(CALL, caller=caller)
    await sees(page, "#desk[data-phase=talking]")
    room.pbx.hang_up(CALL)
    await sees(page, "desk-note [data-act=close]")
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("Alt+o")
    await sees(page, "desk-note [role=menu]")
    await page.keyboard.press("3")


async def test_one_key_blocks_and_one_key_takes_it_back(room: DeskRoom, page: Page) -> None:
    await advertised(room, page)
    words = "Anrufe von +49 171 3920077 an Mustermann AG"
    await sees(page, "desk-block", f"{words} ab jetzt abweisen?")

    await page.keyboard.press("s")
    await sees(page, "desk-block", f"{words} werden ab jetzt abgewiesen.")
    await until(lambda: room.pbx.walls.turned_away(LINE) == {PUSHY}, message="the PBX knows")
    await sees(page, "#live", "werden ab jetzt abgewiesen")

    await page.reload()
    await sees(page, "desk-block", f"{words} werden ab jetzt abgewiesen.")
    await page.keyboard.press("z")
    await sees(page, "desk-block", f"{words} ab jetzt abweisen?")
    await until(lambda: room.pbx.walls.turned_away(LINE) == set(), message="the PBX forgot")
    await page.keyboard.press("Escape")
    await page.locator("desk-block").wait_for(state="hidden")


@pytest.mark.parametrize(
    "caller,why", [("", "die Rufnummer ist unterdrückt"), ("491713920042", "Hans Müller ist VIP-Kunde")]
)
async def test_who_cannot_be_blocked_is_said_in_words(
    room: DeskRoom, page: Page, caller: str, why: str
) -> None:
    await advertised(room, page, caller)
    await sees(page, "desk-block", f"Dieser Anrufer lässt sich nicht sperren: {why}.")
    assert await page.locator("desk-block [data-act=block]").is_hidden()
    await page.keyboard.press("s")
    assert await page.locator("desk-block").get_attribute("data-state") == "refused"


async def test_the_offer_covers_nothing_that_is_needed_when_the_phone_rings(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.not_blocked(desk.stage)
    await desk.sees("#desk[data-phase=offered]")
    covered = """(() => {
        const offer = document.querySelector("desk-block").getBoundingClientRect();
        const greeting = document.querySelector("desk-speech").getBoundingClientRect();
        return offer.top < greeting.bottom;
    })()"""
    assert not await desk.says(covered)
