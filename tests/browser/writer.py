"""An agent who writes while all kinds of things happen; generated."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from playwright.async_api import Browser, Page

from pbx_bridge.desk import protocol as p
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.notes import notes
from tests.browser.doorway import Doorway
from tests.browser.logged_in import logged_in
from tests.browser.screen import Screen
from tests.desk_room import ORIGIN
from tests.desk_world import World
from tests.lives import Life
from tests.sample_company import furnish
from tests.until import until

DELAY = 8  # ms between two letters
TOGETHER = 0.6  # so often something happens in mid-word
FIELDS = (("concern", "concern", "name"), ("company", "concern"))
"""Of the first window, and of the second."""
FOCUS = """(name) => {
  const field = document.querySelector(`desk-note [name=${name}]`);
  if (!field?.checkVisibility()) return false;
  field.focus();
  field.setSelectionRange?.(field.value.length, field.value.length);
  return true;
}"""
UNDER_THE_FINGERS = """(name) => {
  const field = document.activeElement;
  return field?.name === name && field.checkVisibility() ? field.value : null;
}"""
ON_THE_PAGE = """() => [
  ...[...document.querySelectorAll("desk-note input, desk-note textarea")]
    .filter((field) => field.checkVisibility()).map((field) => field.value),
  ...[...document.querySelectorAll("desk-left")]
    .filter((left) => left.checkVisibility()).map((left) => left.innerText),
].join(" ")"""

Deed = Callable[[], Awaitable[None]]


@dataclass
class Story:
    """Anna writes in her `windows`, her colleague Ben at a desk without one; `words`: typed so far."""

    chance: random.Random
    life: Life
    way: Doorway
    windows: list[Screen]
    words: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    typed: int = 0
    silent: bool = False  # the network of Anna's page

    @property
    def world(self) -> World:
        return self.life.world

    # ---- what may happen now

    def possible(self) -> dict[str, Deed]:
        deeds: dict[str, Deed] = {"reload": self.reloads, "restart": self._restart, "kill": self._kill}
        if self.silent:
            deeds |= {"network back": self.network_back}
        else:
            deeds |= {"network cut": self.network_cut, "network silent": self.network_silent}
        if "employee" not in self.done:
            deeds["employee"] = self.life._employee_leaves
        return deeds | self._telephones()

    def _telephones(self) -> dict[str, Deed]:
        world = self.world
        deeds: dict[str, Deed] = {}
        match world.caller, world.employee:
            case "queue", _:
                deeds |= {"ben answers": self._answers("ben"), "anna answers": self._answers("anna")}
            case "talk", _:
                deeds |= {"hold": self._does(world.hold), "ask": self._ask}
            case "hold", "consult":
                deeds |= {
                    "falls back": self._does(world.agent_hangs_up),
                    "connect": self._does(world.connect),
                }
            case "hold", _:
                deeds |= {"falls back": self._does(world.agent_hangs_up), "ask": self._ask}
            case "joined", _:
                deeds |= {"given back": self._does(world.employee_hangs_up)}
            case _:
                return {}
        if world.agent == "ben" and world.caller != "queue":
            deeds |= {"ben types": self.ben_types, "ben saves": self.ben_saves}
        return deeds | {"caller hangs up": self._does(world.caller_hangs_up)}

    def _does(self, deed: Callable[[], None]) -> Deed:
        async def do() -> None:
            deed()

        return do

    def _answers(self, name: str) -> Deed:
        async def do() -> None:
            self.world.offer(name)
            self.world.answer(name)

        return do

    async def _ask(self) -> None:
        """Erika is rung, and picks up."""
        pbx, desk = self.life.room.pbx, self.life.tabs[self.world.agent]
        rung = len(pbx.rung())
        if (await desk.ask("ring", call=self.life.id, employee=self.life.house.erika)).ok:
            await until(lambda: len(pbx.rung()) > rung, message="Erika's phone")
            self.world.ring(pbx.last_attempt())
            self.world.pick_up()

    # ---- what Anna does

    async def step(self) -> None:
        """A word is typed; sometimes something happens under the fingers; or it is saved."""
        deeds, window = self.possible(), self.chance.randrange(len(self.windows))
        name = self.chance.choice(["type", "save by key", "save by button", "correct", *deeds])
        self.done.append(f"{name} {window}")
        match name:
            case "type":
                await self.types(window)
            case "save by key" | "save by button":
                await self.saves(self.windows[window].page, by_key=name == "save by key")
            case "correct":
                await self.windows[window].press("Alt+l")
            case _ if self.chance.random() < TOGETHER:
                await self.types(window, deeds[name])
            case _:
                await deeds[name]()

    async def types(self, window: int, meanwhile: Deed | None = None) -> None:
        """A word, into a field as it is; `meanwhile`: what happens at some letter of it."""
        name, page, word = self.chance.choice(FIELDS[window]), self.windows[window].page, self.word()
        if not await page.evaluate(FOCUS, name):
            return await meanwhile() if meanwhile else None
        begun = self.chance.randrange(len(word))
        await page.keyboard.type(f" {word[:begun]}", delay=DELAY)
        goes_on = [page.keyboard.type(word[begun:], delay=DELAY)]
        await asyncio.gather(*goes_on, *([meanwhile()] if meanwhile else []))
        there = await page.evaluate(UNDER_THE_FINGERS, name)
        if there is None:  # loaded anew, or the form is gone: the word was not finished
            return None
        assert word in there, f"{word} vanished under the fingers: {there} after {self.done}"
        self.words.append(word)
        return None

    async def saves(self, page: Page, *, by_key: bool) -> None:
        """If there is a note."""
        art, button = page.locator("desk-note [name=art]"), page.locator("[data-act=save]")
        if await art.is_visible() and not await art.input_value():
            await art.select_option("Neukunde")
        if by_key:
            await page.keyboard.press("Control+Enter")
        elif await button.is_visible():
            await button.evaluate("(button) => button.click()")

    async def reloads(self) -> None:
        if not self.silent:  # else the browser shows its own page, on which nobody types
            await self.chance.choice(self.windows).page.reload()

    def word(self) -> str:
        """Each begins otherwise: half a word that stands in the other window's is taken for the same one."""
        self.typed += 1
        return f"{chr(ord('a') + self.typed)}Wort{self.typed}x"

    # ---- what Ben does

    async def ben_types(self) -> None:
        body, revision = self._bens()
        if body is not None:
            word = self.word()
            body = body | {"concern": f"{body['concern']} {word}"}
            ask = self.life.tabs["ben"].ask
            if (await ask("save_draft", call=self.life.id, revision=revision + 1, body=body)).ok:
                self.words.append(word)

    async def ben_saves(self) -> None:
        body, revision = self._bens()
        if body is not None:
            body = body | {"fields": {"art": "Neukunde"}, "name": body["name"] or "Sabine Krause"}
            await self.life.tabs["ben"].ask("save_note", call=self.life.id, revision=revision, body=body)

    def _bens(self) -> tuple[dict[str, Any] | None, int]:
        shown = self.life.tabs["ben"].call(self.life.id)
        if shown is None:
            return None, 0
        draft = shown.draft or p.DraftView(self.life.id, 0, p.NoteBody())
        return msgspec.to_builtins(draft.body), draft.revision

    # ---- what happens to machines

    async def network_cut(self) -> None:
        self.silent = True
        self.way.cut()

    async def network_silent(self) -> None:
        self.silent = True
        self.way.freeze()

    async def network_back(self) -> None:
        self.silent = False
        self.way.thaw()
        self.way.leads_to(self.life.room.url)

    async def _restart(self) -> None:
        await self._again(self.life._restart)

    async def _kill(self) -> None:
        await self._again(self.life._kill)

    async def _again(self, deed: Deed) -> None:
        self.way.thaw()
        self.way.cut()
        await deed()
        await self.network_back()

    # ---- the end

    async def ends(self) -> None:
        """All is calm again: nobody is on the line, and nothing is broken."""
        await self.network_back()
        if self.world.caller:
            self.world.caller_hangs_up()
        await self.nothing_is_lost("at the end")
        for window in self.windows:
            await window.page.reload()
        await self.nothing_is_lost("after a reload")

    async def nothing_is_lost(self, when: str) -> None:
        for window in self.windows:
            await window.sees("#desk[data-connection=up]")
        for _ in range(300):
            there = await self._there()
            lost = [word for word in self.words if word not in there]
            if not lost:
                return
            await asyncio.sleep(0.1)
        pytest.fail(f"{lost} of {self.words} {when}: {self.done}\n{there}")

    async def _there(self) -> str:
        """All that is saved, as it reads now, and all that is on a screen."""
        found = [await window.page.evaluate(ON_THE_PAGE) for window in self.windows]
        for tab in self.life.tabs.values():
            found += [str(msgspec.to_builtins(one.draft.body)) for one in tab.picture.calls if one.draft]
        async with self.life.room.rooms.db.read() as conn:
            for chain in await notes.chains(conn, self.life.id):
                found.append(str(chain[-1].note))
        return " ".join(found)


@asynccontextmanager
async def story(seed: int, url: str, way: Doorway, browser: Browser) -> AsyncIterator[Story]:
    """Anna talks to a caller, and has begun to write."""
    db = Database(url)
    house = await furnish(db)
    await db.close()
    life = Life(url, house, World())
    await life.begin()
    try:
        page = await logged_in(life.room, way, browser, "anna", reduced_motion="reduce")
        windows = [Screen(page=page)]
        if seed % 2:
            windows.append(Screen(page=await page.context.new_page()))
            await windows[1].page.goto(f"{ORIGIN}/desk")
        told = Story(random.Random(seed), life, way, windows)
        life.world.arrive()
        await told._answers("anna")()
        for window in windows:
            await window.sees("#desk[data-phase=talking]")
        yield told
        assert not [window.faults for window in windows if window.faults]
    finally:
        await life.end()
