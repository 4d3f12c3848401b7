"""Those who sit in front of a page in the stories, and the few words for what they do there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pbx_bridge.asterisk.far_end import FarEnd, Handset
from tests.browser.screen import Screen
from tests.until import eventually

PATIENCE = 30.0
"""Nothing happens by itself because this machine was busy."""


@dataclass(kw_only=True)
class Person(Screen):
    """Somebody who is logged in and sits in front of a page."""

    patience: ClassVar[float] = PATIENCE * 1000

    async def opens(self, path: str, sees: str) -> None:
        await self.page.goto(path)
        await self.sees(sees)

    async def leaves(self) -> None:
        """The window is closed."""
        await self.context.close()
        assert not self.faults, f"the page complained: {self.faults}"


@dataclass(kw_only=True)
class AtForms(Person):
    """… which has forms, whose links and buttons are found by what they say."""

    async def follows(self, link: str) -> None:
        """Links are clicked whole: "Tarife" is not "Alle Tarife"."""
        await self.page.get_by_role("link", name=link, exact=True).first.click()

    async def presses(self, button: str) -> None:
        await self.page.get_by_role("button", name=button, exact=True).first.click()

    async def fills(self, **fields: str) -> None:
        """Fields by the names under which forms send them."""
        for name, text in fields.items():
            await self.page.fill(f"[name={name}]", text)

    async def is_told(self, words: str) -> None:
        """What a page says of what was just done."""
        await self.sees("[data-flash]", words)

    async def sees_after_a_while(self, selector: str, text: str) -> None:
        """On a page that does not follow by itself: opened anew until it is there."""

        async def there() -> bool:
            await self.page.reload()
            return await self.page.locator(selector, has_text=text).count() > 0

        await eventually(there, f"{selector} {text}")


@dataclass(kw_only=True)
class Agent(Person):
    """… with a telephone beside it."""

    phone: str
    far: FarEnd

    async def is_ready(self) -> None:
        """And from here on the keys are counted."""
        await self.press("b")
        await self.sees("desk-me .chip[data-state=talking]", "bereit")
        self.strokes = 0

    async def rings(self) -> Handset:
        """The phone rings, and so does the page."""
        await self.sees("#desk[data-phase=offered]")
        return await self.far.rang(self.phone, PATIENCE)

    async def picks_up(self) -> None:
        """Who talks to the caller from now on; the keys for the telephone work."""
        await self.rings()
        await self.far.pick_up(self.phone)
        await self.sees("#desk[data-phase=talking]")
        await self.sees(".foot-key", "halten")

    async def writes(self, words: str) -> None:
        """Into the field that asks what it is about."""
        await self.press("n")
        await self.page.locator("[name=concern]").focus()
        await self.type(words)

    async def concern_becomes(self, words: str) -> None:
        await self.becomes(f"document.querySelector('[name=concern]')?.value === {words!r}")
