"""A browser, a page on a stage, and the few words in which the stories are told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from pbx_bridge.pbx.tools import ToolMissing
from tests.browser.chromium import launch
from tests.desk_face import cast
from tests.desk_face.server import serving
from tests.desk_face.stage import Stage


@dataclass
class Desk:
    """One agent in front of one page. `strokes` counts keys pressed, typed text not included."""

    stage: Stage
    page: Page
    address: str
    context: BrowserContext
    strokes: int = 0
    faults: list[str] = field(default_factory=list)

    async def press(self, *keys: str) -> None:
        for key in keys:
            self.strokes += 1
            await self.page.keyboard.press(key)

    async def type(self, text: str) -> None:
        await self.page.keyboard.type(text)

    async def sees(self, selector: str, text: str = "") -> None:
        """Waits until `selector` is visible and says `text`."""
        await self.page.locator(selector, has_text=text or None).first.wait_for(timeout=5000)

    async def gone(self, selector: str) -> None:
        await self.page.locator(selector).first.wait_for(state="hidden", timeout=5000)

    async def says(self, script: str) -> Any:
        return await self.page.evaluate(script)

    async def becomes(self, script: str) -> None:
        """Waits until the script is true in the page."""
        await self.page.wait_for_function(f"() => {script}", timeout=5000)


OpenDesk = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def browser(need: Callable[[object, str], None]) -> AsyncIterator[Browser]:
    """Chromium, one per test: parallel tests share nothing."""
    async with async_playwright() as playwright:
        try:
            browser = await launch(playwright)
        except ToolMissing as missing:
            need(None, f"Chromium ({missing})")
            raise
        yield browser
        await browser.close()


@pytest.fixture
async def open_desk(browser: Browser) -> AsyncIterator[OpenDesk]:
    """`await open_desk(locale="en", color_scheme="dark")`: a page with a stage; its errors fail the test."""
    async with AsyncExitStack() as stack:
        desks: list[Desk] = []

        async def open_(locale: Literal["de", "en"] = "de", **options: Any) -> Desk:
            stage = Stage(cast.quiet(), locale)
            address = await stack.enter_async_context(serving(stage))
            options = {"viewport": {"width": 1280, "height": 800}, **options}
            context = await browser.new_context(**options)
            desk = Desk(stage, await context.new_page(), address, context)
            desk.page.on("pageerror", lambda error: desk.faults.append(str(error)))
            desk.page.on(
                "console",
                lambda said: desk.faults.append(said.text) if "Security Policy" in said.text else None,
            )
            await desk.page.goto(address)
            await desk.sees("#desk[data-connection=up]")
            desks.append(desk)
            return desk

        yield open_
        for desk in desks:
            await desk.context.close()
            assert not desk.faults, f"the page complained: {desk.faults}"
