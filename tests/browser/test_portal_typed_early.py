"""Whoever types before the scripts of a page have come is followed all the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Route

from tests.browser.portal.fixtures import OpenPortal, Visitor, open_portal

__all__ = ["open_portal"]
pytestmark = pytest.mark.browser


@asynccontextmanager
async def before_the_scripts(visitor: Visitor, path: str) -> AsyncIterator[None]:
    """The page is there, and its scripts come when the block ends."""
    come = asyncio.Event()

    async def late(route: Route) -> None:
        await come.wait()
        await route.continue_()

    await visitor.page.route("**/*.js*", late)
    await visitor.page.goto(visitor.served.address + path, wait_until="commit")
    yield
    assert await visitor.page.locator("html[data-scripts]").count() == 0, "the scripts were there already"
    come.set()


async def test_a_number_is_explained(open_portal: OpenPortal) -> None:
    visitor = await open_portal("/portal")
    async with before_the_scripts(visitor, "/portal/vip-kunden/neu"):
        await visitor.fills("Rufnummer", "0171 / 39200-42")
    await visitor.sees("[data-spoken]", "Wir verstehen: +49 171 3920042")


async def test_a_greeting_is_spoken(open_portal: OpenPortal) -> None:
    visitor = await open_portal("/portal")
    async with before_the_scripts(visitor, "/portal/unternehmen"):
        await visitor.page.locator("#greeting").fill("Guten Tag, hier ist [Vorname].")
    await visitor.sees("[data-spoken]", "Guten Tag, hier ist Anna.")


async def test_a_list_is_searched(open_portal: OpenPortal) -> None:
    visitor = await open_portal("/portal")
    async with before_the_scripts(visitor, "/portal/vip-kunden"):
        await visitor.fills("Name, Hinweis oder Nummer suchen", "vogt")
    await visitor.sees("caption", "1 VIP-Kunde")


async def test_leaving_asks_first(open_portal: OpenPortal) -> None:
    visitor = await open_portal("/portal")
    asked: list[str] = []

    async with before_the_scripts(visitor, "/portal/unternehmen"):
        await visitor.page.locator("#greeting").fill("Guten Tag, hier ist [Vorname].")
    await visitor.sees("[data-unsaved]")
    await visitor.sees(".save-bar")

    async def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        await dialog.dismiss()  # type: ignore[attr-defined]

    visitor.page.on("dialog", stay)
    await visitor.page.mouse.click(5, 5)
    await visitor.page.close(run_before_unload=True)
    async with asyncio.timeout(30):
        while asked != ["beforeunload"]:
            await asyncio.sleep(0.01)
