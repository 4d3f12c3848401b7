"""The wire of one window, on which a frame moves only when the test lets it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Page, WebSocketRoute

from tests.until import eventually, until

TYPED = {"save_draft", "save_note"}
VALUES = """() => Object.fromEntries(
  [...document.querySelectorAll("desk-note input[name], desk-note textarea[name], desk-note select[name]")]
    .map((field) => [field.name, field.value]))"""
FOCUS = """(name) => {
  const field = document.querySelector(`desk-note [name=${name}]`);
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}"""
FLUSH = "window.dispatchEvent(new Event('pagehide'))"


@dataclass
class Window:
    """`up` and `down`: what the page and the service have said and the other has not heard."""

    page: Page
    held: bool = False
    up: list[str] = field(default_factory=list)
    down: list[str] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    near: WebSocketRoute | None = None
    far: WebSocketRoute | None = None

    async def follow(self) -> None:
        """From the next load on."""
        await self.page.route_web_socket("**/desk/socket*", self._opened)

    def _opened(self, near: WebSocketRoute) -> None:
        far = near.connect_to_server()
        self.near, self.far = near, far
        self.up.clear()
        self.down.clear()
        near.on_message(lambda text: self._says(near, str(text)))
        far.on_message(lambda text: self._hears(far, str(text)))

    def _says(self, near: WebSocketRoute, text: str) -> None:
        if near is not self.near or self.far is None:
            return
        if self.held and json.loads(text)["type"] in TYPED:
            self.up.append(text)
        else:
            self.far.send(text)

    def _hears(self, far: WebSocketRoute, text: str) -> None:
        if far is not self.far or self.near is None or (self.held and json.loads(text).get("type") == "beat"):
            return
        if self.held:
            self.down.append(text)
        else:
            self.near.send(text)

    # ---- what the test does

    async def types(self, name: str, word: str) -> None:
        """A word at the end of this field, and off with it if nothing is on its way yet."""
        await self.page.evaluate(FOCUS, name)
        await self.page.keyboard.type(f" {word}")
        await self.page.evaluate(FLUSH)

    async def lets_up(self) -> None:
        """What the page has said is done; what comes of it waits."""
        await until(lambda: self.up, message="something to say")
        ids = {json.loads(text)["id"] for text in self.up}
        self._send_up()
        await until(lambda: ids <= {json.loads(text).get("id") for text in self.down}, message="the answer")

    def _send_up(self) -> None:
        assert self.far is not None
        for text in self.up:
            self.far.send(text)
        self.up.clear()

    def lets_down(self, most: int = 1_000) -> None:
        """The page hears what it has not heard yet, the oldest first."""
        assert self.near is not None
        for text in self.down[:most]:
            self.near.send(text)
        del self.down[:most]

    def lets_all(self) -> None:
        """Nothing is held any longer."""
        self.held = False
        self._send_up()
        self.lets_down()

    async def cut(self) -> None:
        """The connection is gone, with all that was on its way; the page makes another."""
        near, far, self.near, self.far = self.near, self.far, None, None
        assert near is not None
        assert far is not None
        self.up.clear()
        self.down.clear()
        await far.close()
        await near.close(code=4008)
        await until(lambda: self.near, message="another connection")

    async def becomes(self, name: str, text: str) -> None:
        async def it_is() -> bool:
            return (await self.values()).get(name) == text

        await eventually(it_is, f"{name} is {text}")

    async def values(self) -> dict[str, str]:
        """What stands in the fields."""
        found: dict[str, str] = await self.page.evaluate(VALUES)
        return found
