"""Screenshots of every scene: `python -m tests.desk_face.look FOLDER [scene …]`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from tests.browser.chromium import launch
from tests.desk_face import sample_views
from tests.desk_face.played_server import PlayedServer
from tests.desk_face.scenes import SCENES
from tests.desk_face.server import serving

VIEWS = {
    "1280": {"viewport": {"width": 1280, "height": 800}},
    "720": {"viewport": {"width": 1280, "height": 720}},
    "phone": {"viewport": {"width": 390, "height": 844}},
    "1920": {"viewport": {"width": 1920, "height": 1080}},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "en": {"viewport": {"width": 1280, "height": 800}},
}


async def shoot(browser: Browser, scene: str, view: str, folder: Path) -> None:
    stage = PlayedServer(sample_views.quiet(), "en" if view == "en" else "de")
    async with serving(stage) as address:
        page = await browser.new_page(reduced_motion="reduce", **VIEWS[view])  # type: ignore[arg-type]
        page.on("console", lambda message: print(scene, view, message.type, message.text))
        page.on("pageerror", lambda error: print(scene, view, error))
        await page.goto(address)
        await page.wait_for_selector("#desk[data-connection=up]")
        await SCENES[scene](stage)
        await page.wait_for_timeout(700)
        await page.screenshot(path=folder / f"{scene}-{view}.png")
        await page.close()


async def main(folder: Path, views: list[str], scenes: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        for view in views:
            for scene in scenes:
                await shoot(browser, scene, view, folder)
        await browser.close()


if __name__ == "__main__":
    wanted = sys.argv[2:]
    views = [name for name in wanted if name in VIEWS] or list(VIEWS)
    scenes = [name for name in wanted if name in SCENES] or list(SCENES)
    asyncio.run(main(Path(sys.argv[1]), views, scenes))
