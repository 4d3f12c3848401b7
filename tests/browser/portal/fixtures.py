"""A customer in front of the portal, in a real browser."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.db.engine import Database
from tests.unit.portal.serving import Served, serving

__all__ = ["PHONE", "OpenPortal", "Visitor", "open_portal"]

PHONE = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 800}


@dataclass
class Visitor:
    """One person, one page. `faults`: whatever the browser complained about."""

    served: Served
    page: Page
    faults: list[str] = field(default_factory=list)

    async def opens(self, path: str) -> None:
        await self.page.goto(self.served.address + path)

    async def sees(self, selector: str, text: str = "") -> None:
        """Waits until `selector` is visible and says `text`."""
        await self.page.locator(selector, has_text=text or None).first.wait_for(timeout=30_000)

    async def gone(self, selector: str) -> None:
        await self.page.locator(selector).first.wait_for(state="hidden", timeout=30_000)

    async def fills(self, label: str, text: str) -> None:
        await self.page.get_by_label(label).fill(text)

    async def clicks(self, name: str) -> None:
        """A button or link by its words."""
        page = self.page
        await (
            page.get_by_role("button", name=name, exact=True)
            .or_(page.get_by_role("link", name=name, exact=True))
            .first.click()
        )

    async def axe(self, where: str) -> None:
        """The page has nothing that keeps anybody out, and is no wider than the window."""
        found = (await Axe().run(self.page)).response["violations"]
        assert not found, (where, [(v["id"], [node["html"][:160] for node in v["nodes"]]) for v in found])
        over = await self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{where}: {over} px too wide"

    async def focused(self) -> str:
        """The name of the field that has the focus."""
        return str(await self.page.evaluate("document.activeElement.name"))


OpenPortal = Callable[..., Awaitable[Visitor]]


@pytest.fixture
async def open_portal(browser: Browser, sqlite_db: Database) -> AsyncIterator[OpenPortal]:
    """`await open_portal("/portal/…", role=…, locale=…, viewport=PHONE)`; several calls share the company."""
    visitors: list[Visitor] = []
    async with AsyncExitStack() as stack:
        served = await stack.enter_async_context(serving(sqlite_db))

        async def open_it(
            path: str = "/portal", role: Role = Role.CUSTOMER, locale: str = "de", **context: Any
        ) -> Visitor:
            made = await browser.new_context(**({"viewport": WIDE} | context))
            stack.push_async_callback(made.close)
            token = await served.cookie(role, locale)
            await made.add_cookies([{"name": "session", "value": token, "url": served.address}])
            visitor = Visitor(served, await made.new_page())
            visitors.append(visitor)
            visitor.page.on("pageerror", lambda error: visitor.faults.append(str(error)))
            visitor.page.on(
                "console",
                lambda line: (
                    visitor.faults.append(line.text)
                    if line.type == "error" and "422" not in line.text
                    else None
                ),
            )
            await visitor.opens(path)
            return visitor

        yield open_it
    assert [fault for visitor in visitors for fault in visitor.faults] == []
