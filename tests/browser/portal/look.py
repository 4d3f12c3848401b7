"""Screenshots of pages: `python -m tests.browser.portal.look FOLDER PATH …` ({erika}, {jens}: their ids)."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance.migrate import upgrade
from tests.browser.chromium import launch
from tests.unit.portal.serving import serving

VIEWS: dict[str, dict[str, Any]] = {
    "360": {"viewport": {"width": 360, "height": 740}},
    "1280": {"viewport": {"width": 1280, "height": 800}},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "en": {"viewport": {"width": 1280, "height": 800}},
}


async def main(folder: Path, paths: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        db = Database(f"sqlite:///{temporary}/house.db")
        await upgrade(db)
        async with serving(db) as served, async_playwright() as playwright:
            browser = await launch(playwright)
            for view, options in VIEWS.items():
                context = await browser.new_context(**options)
                token = await served.cookie(locale="en" if view == "en" else "de")
                await context.add_cookies([{"name": "session", "value": token, "url": served.address}])
                page = await context.new_page()
                page.on("console", lambda line: print(line.type, line.text))
                for path in paths:
                    where = path.format(erika=served.house.erika, jens=served.house.jens)
                    await page.goto(served.address + where)
                    name = path.strip("/").replace("/", "-").replace("?", "-")
                    await page.screenshot(path=folder / f"{name}-{view}.png", full_page=True)
                await context.close()
            await browser.close()
        await db.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2:]))
