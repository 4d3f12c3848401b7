"""Somebody in front of a page: the few words in which the stories are told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest
from playwright.async_api import BrowserContext, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout


@dataclass(kw_only=True)
class Screen:
    """One page. `strokes`: keys pressed, typed text not included; `faults`: what the page complained of."""

    page: Page
    strokes: int = 0
    faults: list[str] = field(default_factory=list)
    patience: ClassVar[float] = 30_000  # ms

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self._hear(said.text))

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    async def press(self, *keys: str) -> None:
        for key in keys:
            self.strokes += 1
            await self.page.keyboard.press(key)

    async def type(self, text: str) -> None:
        await self.page.keyboard.type(text)

    async def sees(self, selector: str, text: str = "") -> None:
        """Waits until `selector` is visible and says `text`."""
        try:
            await self.page.locator(selector, has_text=text or None).first.wait_for(timeout=self.patience)
        except PlaywrightTimeout:
            shown = await self.page.locator("body").inner_text()
            pytest.fail(f"not on the page: {selector} {text}\n{shown}")

    async def gone(self, selector: str) -> None:
        await self.page.locator(selector).first.wait_for(state="hidden", timeout=self.patience)

    async def says(self, script: str) -> Any:
        return await self.page.evaluate(script)

    async def becomes(self, script: str) -> None:
        """Waits until the script is true in the page."""
        await self.page.wait_for_function(f"() => {script}", timeout=self.patience, polling=50)

    def _hear(self, said: str) -> None:
        if "Security Policy" in said:
            self.faults.append(said)
