"""A supervisor on the page of what did not arrive; desks and floor while mail is down."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import Notification, State
from rules.model import Channel
from tests.browser.doorway import Doorway
from tests.browser.logged_in import logged_in
from tests.browser.test_floor import axe
from tests.desk_room import DeskRoom, desk_room
from tests.floor_room import noon, staffed
from tests.sample_company import SampleCompany
from tests.stuck_messages import STUCK, all_kinds

pytestmark = pytest.mark.browser
PATH = "/floor/undelivered"


@pytest.fixture
async def furnished(sqlite_db: Database) -> SampleCompany:
    return await staffed(sqlite_db, supervisor_is_agent=True)


@pytest.fixture
async def made(sqlite_db: Database, furnished: SampleCompany) -> dict[str, Notification]:
    return await all_kinds(sqlite_db, furnished)


@pytest.fixture
async def room(
    sqlite_url: str, furnished: SampleCompany, made: dict[str, Notification]
) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url, noon()) as opened:
        yield opened


async def open_page(room: DeskRoom, browser: Browser, way: Doorway, path: str, **options: Any) -> Page:
    return await logged_in(room, way, browser, "carla", path, reduced_motion="reduce", **options)


async def test_from_the_floor_to_the_message_and_out_it_goes(
    room: DeskRoom, browser: Browser, way: Doorway, sqlite_db: Database, made: dict[str, Notification]
) -> None:
    page = await open_page(room, browser, way, "/floor")
    await page.get_by_role("link", name=f"{len(STUCK)} Nachrichten nicht zugestellt").click()
    await expect(page.get_by_role("heading", name="Nicht zugestellt")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="no_answer_after_data")
    await row.get_by_text("Ist angekommen").first.click()
    await row.get_by_role("button", name="Ist angekommen").click()
    await expect(page.get_by_role("status")).to_have_text("Die Nachricht gilt als gesendet.")
    async with sqlite_db.read() as conn:
        known = await notifications.by_id(conn, made["uncertain"].id)
    assert known is not None
    assert known.state is State.SENT

    row = page.get_by_role("row").filter(has_text="smtp_554")
    await row.locator("summary").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_have_text("Die Nachricht geht jetzt noch einmal hinaus.")


@pytest.mark.parametrize(
    "look",
    [
        {"viewport": {"width": 360, "height": 720}},
        {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
        {"viewport": {"width": 1920, "height": 1080}},
    ],
    ids=["phone", "dark", "wide"],
)
async def test_axe_finds_nothing(room: DeskRoom, browser: Browser, way: Doorway, look: Any) -> None:
    page = await open_page(room, browser, way, PATH, **look)
    await page.locator("summary").first.click()
    await axe(page, str(look))


async def test_floor_and_desk_say_that_mail_is_down_and_since_when(
    room: DeskRoom, browser: Browser, way: Doorway
) -> None:
    """There is no mail server here. Of a moment's trouble nothing is made."""
    page = await open_page(room, browser, way, "/floor")
    desk = await logged_in(room, way, browser, "anna", "/desk", reduced_motion="reduce")
    await expect(page.locator("#services")).to_contain_text("E-Mail gestört seit")
    await expect(page.locator("#banner")).to_be_hidden()
    await expect(desk.locator("desk-banner")).to_be_hidden()

    room.rooms.outbox.worker.since[Channel.EMAIL] -= timedelta(minutes=2)  # as if that had been so long ago

    await expect(page.get_by_role("alert")).to_contain_text("Der Mailserver nimmt seit")
    await expect(desk.locator("desk-banner")).to_contain_text("Der Mailserver nimmt gerade nichts an.")
    await axe(page, "/floor")
