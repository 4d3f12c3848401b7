"""One Chromium for all stories of a test process, a fresh page for each, and the played stage behind it."""

from __future__ import annotations

from asyncio import Runner
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from pbx_bridge.asterisk.tools import ToolMissing
from tests.browser.chromium import launch
from tests.browser.doorway import Doorway, doorway
from tests.browser.screen import Screen
from tests.desk_face import sample_views
from tests.desk_face.played_server import PlayedServer
from tests.desk_face.server import serving
from tests.desk_room import ORIGIN

expect.set_options(timeout=30_000)  # ms; as long as all else is waited for


@pytest.fixture
def _function_scoped_runner(_session_scoped_runner: Runner) -> Runner:
    """All of this folder runs in one loop, the one in which Chromium is driven; pytest-asyncio asks by this
    name."""
    return _session_scoped_runner


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def way() -> AsyncIterator[Doorway]:
    """Where Chromium finds the service whose own address is `ORIGIN`."""
    async with doorway() as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(need: Callable[[object, str], None], way: Doorway) -> AsyncIterator[Browser]:
    """Starting it takes longer than most stories."""
    async with async_playwright() as playwright:
        try:
            browser = await launch(
                playwright, f"--host-resolver-rules=MAP {ORIGIN[7:]}:80 127.0.0.1:{way.port}"
            )
        except ToolMissing as missing:
            need(None, f"Chromium ({missing})")
            raise
        yield browser
        await browser.close()


@pytest.fixture
async def browser(chromium: Browser, way: Doorway) -> AsyncIterator[Browser]:
    """Chromium; whatever a test leaves open in it is closed."""
    yield chromium
    way.thaw()
    for context in chromium.contexts:
        await context.close()
    way.cut()


@dataclass(kw_only=True)
class Desk(Screen):
    """One agent in front of one page, with a stage behind it."""

    stage: PlayedServer
    address: str


OpenDesk = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def open_desk(browser: Browser) -> AsyncIterator[OpenDesk]:
    """`await open_desk(locale="en", color_scheme="dark")`: a page with a stage; its errors fail the test."""
    async with AsyncExitStack() as stack:
        desks: list[Desk] = []

        async def open_(locale: str = "de", **options: Any) -> Desk:
            stage = PlayedServer(sample_views.quiet(), locale)
            address = await stack.enter_async_context(serving(stage))
            options = {"viewport": {"width": 1280, "height": 800}, **options}
            context = await browser.new_context(**options)
            desk = Desk(page=await context.new_page(), stage=stage, address=address)
            await desk.page.goto(address)
            await desk.sees("#desk[data-connection=up]")
            desks.append(desk)
            return desk

        yield open_
        for desk in desks:
            await desk.context.close()
            assert not desk.faults, f"the page complained: {desk.faults}"
