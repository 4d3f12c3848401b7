"""Debian's Chromium, driven by Playwright."""

from __future__ import annotations

from playwright.async_api import Browser, Playwright

from pbx_bridge.asterisk import tools


async def launch(playwright: Playwright, *arguments: str) -> Browser:
    """Headless; without its sandbox, which root does not get."""
    tool = tools.chromium()
    return await playwright.chromium.launch(
        executable_path=str(tool.program),
        args=["--no-sandbox", "--disable-gpu", *arguments],
        env={**tool.env},
    )
