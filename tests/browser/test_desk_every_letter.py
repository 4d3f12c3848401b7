"""Whatever happens between two words: each is in the saved note, in the draft, or on the screen."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Browser, Page

from pbx_bridge.calls import events as ev
from pbx_bridge.desk.connection import CloseCode
from pbx_bridge.storage import notes
from tests.browser.doorway import Doorway
from tests.browser.logged_in import logged_in
from tests.desk_room import ANNA, DeskRoom, desk_room, leg
from tests.house import House

pytestmark = pytest.mark.browser

STORIES, STEPS = 8, 9
PATIENCE = 15.0
CALL = "1795429654.7"
FIELDS = ("concern", "company")
"""What each of the two windows writes into; both may be open at once."""


WRITE = """([name, ...letters]) => {
    const box = document.querySelector(`desk-note [name=${name}]`);
    if (!box.checkVisibility()) return "";
    box.focus();
    for (const letter of letters) {
        box.setRangeText(letter, box.value.length, box.value.length, "end");
        box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
    return letters.join("");
}"""
"""At the end of a field, and what of it found one."""


@pytest.fixture
async def room(sqlite_url: str, furnished: House) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url) as opened:
        yield opened


@dataclass
class Scribe:
    """Anna with two windows, who writes numbered words and never looks back."""

    room: DeskRoom
    way: Doorway
    browser: Browser
    chance: random.Random
    windows: list[Page] = field(default_factory=list)
    words: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in FIELDS})
    did: list[str] = field(default_factory=list)
    held: bool = False

    async def opens(self, first: bool = True) -> None:
        page = await logged_in(self.room, self.way, self.browser, "anna")
        await page.locator("#desk[data-connection=up]" if first else "#desk[data-phase]").wait_for()
        self.windows.append(page)

    @property
    def window(self) -> int:
        return self.chance.randrange(len(self.windows))

    # ---- what can happen

    async def types(self) -> None:
        """A word, as far as there is a field to write it into: what is saved meanwhile may be closed."""
        window = self.window
        name = FIELDS[window]
        word = f"{name}{sum(map(len, self.words.values()))}"
        written = await self.windows[window].evaluate(WRITE, [name, " ", word[0]])
        for letter in word[1:] if written else "":
            if await self.windows[window].evaluate(WRITE, [name, letter]):
                written += letter
        if written:
            self.words[name].append(written.strip())

    async def saves(self) -> None:
        await self.windows[self.window].keyboard.press("Control+Enter")

    async def saves_and_types_on(self) -> None:
        await self.saves()
        await self.types()

    async def holds(self) -> None:
        self.held = not self.held
        bridge = ev.Bridged(
            CALL, CALL, f"PJSIP/trunk-{CALL}", "hold" if self.held else "talk", holding=self.held
        )
        self.room.pbx.tell(bridge)

    async def reloads(self) -> None:
        await self.windows[self.window].reload()

    async def loses_the_socket(self) -> None:
        for session in self.room.house.sockets.sessions():
            self.room.house.sockets.end_session(session, CloseCode.GOING_AWAY)

    async def has_no_network(self) -> None:
        self.way.cut()
        await self.types()
        self.way.leads_to(self.room.url)

    async def waits(self) -> None:
        await asyncio.sleep(self.chance.random() * 0.5)

    async def lives(self, steps: int) -> None:
        for _ in range(steps):
            deed = self.chance.choice(
                [self.types] * 4
                + [self.saves_and_types_on] * 3
                + [
                    self.saves,
                    self.holds,
                    self.reloads,
                    self.loses_the_socket,
                    self.has_no_network,
                    self.waits,
                ]
            )
            self.did.append(deed.__name__)
            await deed()
            if self.chance.random() < 0.5:
                await self.waits()

    # ---- where the words are

    async def stored(self) -> str:
        """In the draft, or in a version of the note: who saves in two windows at once makes two of them."""
        async with self.room.house.db.read() as conn:
            call = self.room.id_of(CALL)
            versions, draft = await notes.versions(conn, call), await notes.draft(conn, call)
        saved = " ".join(f"{one.note.concern} {one.note.caller_company}" for one in versions)
        body = draft.body if draft else {}
        return f"{saved} {body.get('concern', '')} {body.get('company', '')}"

    async def seen(self) -> str:
        """In a field of a note that is open, or among what only this machine has."""
        script = """() => [...document.querySelectorAll("desk-note [name=concern], desk-note [name=company]")]
            .filter((box) => box.checkVisibility()).map((box) => box.value)
            .concat([...document.querySelectorAll("desk-left")].filter((left) => left.checkVisibility())
            .map((left) => left.textContent)).join(" ")"""
        return " ".join([await page.evaluate(script) for page in self.windows])

    async def lost(self) -> list[str]:
        there = (await self.stored() + " " + await self.seen()).split()
        return [word for words in self.words.values() for word in words if word not in there]


@pytest.mark.parametrize("seed", range(STORIES))
async def test_no_word_is_lost(room: DeskRoom, way: Doorway, browser: Browser, seed: int) -> None:
    scribe = Scribe(room, way, browser, random.Random(seed))
    await scribe.opens()
    await scribe.opens()
    room.pbx.ring_and_answer(CALL)
    for page in scribe.windows:
        await page.locator("#desk[data-phase=talking]").wait_for()
    await scribe.windows[0].locator("[name=art]").select_option("Neukunde")
    await scribe.lives(STEPS)
    room.pbx.tell(
        ev.HungUp(CALL, leg(CALL, ANNA), f"{ANNA}-{CALL}"), ev.HungUp(CALL, CALL, f"PJSIP/trunk-{CALL}")
    )
    await scribe.lives(2)
    for page in scribe.windows:
        await page.locator("#desk[data-connection=up]").wait_for()
    lost = await scribe.lost()
    end = asyncio.get_running_loop().time() + PATIENCE
    while lost and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(0.1)
        lost = await scribe.lost()
    told = f"{scribe.did}; stored: {await scribe.stored()}; seen: {await scribe.seen()}"
    assert not lost, f"{lost} after {told}"
