"""Pages of the whole service, which Chromium finds at the address that the service knows as its own."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Browser, Page

from tests.browser.doorway import Doorway
from tests.desk_room import ORIGIN, DeskRoom


async def logged_in(
    room: DeskRoom, way: Doorway, browser: Browser, login: str, path: str = "/desk", **options: Any
) -> Page:
    """A window of its own, opened by somebody with a new session. `options`: of the browser's context."""
    way.leads_to(room.url)
    name, _, value = (await room.log_in(login)).partition("=")
    context = await browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | options))
    await context.add_cookies([{"name": name, "value": value, "url": ORIGIN}])
    page = await context.new_page()
    await page.goto(ORIGIN + path)
    return page


async def sees(page: Page, selector: str, text: str = "") -> None:
    """Waits until `selector` is visible and says `text`."""
    await page.locator(selector, has_text=text or None).first.wait_for(timeout=30_000)
