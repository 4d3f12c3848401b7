"""Each word that an agent types is, whatever happens, in a saved note or still on a screen; generated."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from playwright.async_api import Browser

from pbx_bridge.desk import protocol as p
from pbx_bridge.storage import notes
from pbx_bridge.storage.engine import Database
from tests.browser.doorway import Doorway
from tests.browser.logged_in import logged_in
from tests.browser.screen import Screen
from tests.desk_world import World
from tests.house import furnish
from tests.lives import Life

pytestmark = pytest.mark.browser

SEEDS = range(6)
STEPS = 14
DELAY = 8  # ms between two letters
FIELDS = ("concern", "concern", "concern", "name", "company")
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
    """`anna` writes on her page, her colleague Ben through a desk without one; `words`: typed so far."""

    chance: random.Random
    life: Life
    way: Doorway
    anna: Screen
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
        if world.caller == "queue":
            return {
                "ben answers": lambda: self._answers("ben"),
                "anna answers": lambda: self._answers("anna"),
                "gives up": self._does(world.caller_hangs_up),
            }
        if not world.caller:
            return {}
        deeds = {"caller hangs up": self._does(world.caller_hangs_up)}
        if world.caller == "talk":
            deeds["hold"] = self._does(world.hold)
        else:
            deeds["falls back"] = self._does(world.agent_hangs_up)
        if world.agent == "ben":
            deeds |= {"ben types": self.ben_types, "ben saves": self.ben_saves}
        return deeds

    def _does(self, deed: Callable[[], None]) -> Deed:
        async def do() -> None:
            deed()

        return do

    async def _answers(self, name: str) -> None:
        self.world.offer(name)
        await asyncio.sleep(0)
        self.world.answer(name)

    # ---- what Anna does

    async def step(self) -> None:
        """Anna types a word; sometimes something happens under her fingers, or she saves."""
        deeds = self.possible()
        name = self.chance.choice(["type", "type", "save by key", "save by button", *deeds])
        self.done.append(name)
        if name.startswith("save"):
            await self.saves(by_key=name == "save by key")
        elif name == "type" or self.chance.random() < 0.5:
            await self.types(deeds.get(name))
        else:
            await deeds[name]()

    async def types(self, meanwhile: Deed | None = None) -> None:
        """A word, into a field as she finds it; `meanwhile`: what happens at some letter of it."""
        name, page = self.chance.choice(FIELDS), self.anna.page
        word = self._word()
        if not await self.anna.page.evaluate(FOCUS, name):
            if meanwhile:
                await meanwhile()
            return
        begun = self.chance.randrange(len(word))
        await page.keyboard.type(f" {word[:begun]}", delay=DELAY)
        if meanwhile:
            await asyncio.gather(meanwhile(), page.keyboard.type(word[begun:], delay=DELAY))
        else:
            await page.keyboard.type(word[begun:], delay=DELAY)
        there = await page.evaluate(UNDER_THE_FINGERS, name)
        if there is None:  # the page was loaded anew, or the form is gone: the word was not finished
            return
        assert word in there, f"{word} vanished under the fingers: {there} after {self.done}"
        self.words.append(word)

    async def saves(self, *, by_key: bool) -> None:
        """If there is a note."""
        page = self.anna.page
        art = page.locator("desk-note [name=art]")
        if await art.is_visible() and not await art.input_value():
            await art.select_option("Neukunde")
        button = page.locator("[data-act=save]")
        if by_key:
            await page.keyboard.press("Control+Enter")
        elif await button.is_visible() and await button.is_enabled():
            await page.evaluate("document.querySelector('[data-act=save]').click()")

    async def reloads(self) -> None:
        if not self.silent:  # else the browser shows its own page, on which nobody types
            await self.anna.page.reload()

    def _word(self) -> str:
        self.typed += 1
        return f"Wort{self.typed}x"

    # ---- what Ben does

    async def ben_types(self) -> None:
        body, revision = self._bens()
        if body is not None:
            word = self._word()
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
        await self.anna.sees("#desk[data-connection=up]")
        await self.nothing_is_lost("at the end")
        await self.anna.page.reload()
        await self.anna.sees("#desk[data-connection=up]")
        await self.nothing_is_lost("after a reload")

    async def nothing_is_lost(self, when: str) -> None:
        lost = self.words
        for _ in range(100):
            there = await self._there()
            lost = [word for word in self.words if word not in there]
            if not lost:
                return
            await asyncio.sleep(0.1)
        pytest.fail(f"{lost} of {self.words} {when}: {self.done}\n{there}")

    async def _there(self) -> str:
        """All that is saved, as it reads now, and all that is on a screen."""
        found = [await self.anna.page.evaluate(ON_THE_PAGE)]
        for tab in self.life.tabs.values():
            found += [str(msgspec.to_builtins(one.draft.body)) for one in tab.picture.calls if one.draft]
        async with self.life.room.house.db.read() as conn:
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
        told = Story(random.Random(seed), life, way, Screen(page=page))
        await told.anna.sees("#desk[data-connection=up]")
        life.world.arrive()
        await told._answers("anna")
        await told.anna.sees("#desk[data-phase=talking]")
        yield told
        assert not told.anna.faults, f"the page complained: {told.anna.faults}"
    finally:
        await life.end()


@pytest.mark.parametrize("seed", SEEDS)
async def test_no_word_is_lost(seed: int, sqlite_url: str, way: Doorway, browser: Browser) -> None:
    async with story(seed, sqlite_url, way, browser) as told:
        for _ in range(STEPS):
            await told.step()
        await told.ends()
