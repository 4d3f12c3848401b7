"""Debian's Chromium, driven by Playwright."""

from __future__ import annotations

from playwright.async_api import Browser, Playwright

from pbx_bridge.pbx import tools


async def launch(playwright: Playwright) -> Browser:
    """Headless; without its sandbox, which root does not get."""
    program = str(tools.chromium().program)
    return await playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
