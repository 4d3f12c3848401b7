"""Two windows of one agent write at once, and each frame moves when it is let: no word is lost or doubled."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Browser

from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.notes import notes
from tests.browser.doorway import Doorway
from tests.browser.logged_in import logged_in, sees
from tests.browser.wire import Window
from tests.desk_room import ORIGIN, DeskRoom, desk_room
from tests.note_room import texts
from tests.sample_company import SampleCompany
from tests.until import eventually, until

pytestmark = pytest.mark.browser

SEEDS = range(4)
STEPS = 16
FIELDS = ("concern", "concern", "company", "name")


@dataclass
class Two:
    """Anna's windows a and b, in a call with a note that can be saved. `words`: typed so far."""

    room: DeskRoom
    windows: dict[str, Window]
    call: str
    db: Database
    words: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    async def do(self, step: str) -> None:
        """`a.concern`: a word there; `a up`, `a down`: held frames move; `a cut`, `a save`, `a open`."""
        self.done.append(step)
        who, dot, name = step.partition(".") if "." in step else step.partition(" ")
        window = self.windows[who]
        match name:
            case _ if dot == ".":
                self.words.append(f"wort{len(self.words)}x" if who == "a" else f"anderes{len(self.words)}x")
                await window.types(name, self.words[-1])
            case "up":
                await window.lets_up()
            case "down":
                window.lets_down()
            case "cut":
                await window.cut()
            case "save":
                await window.page.keyboard.press("Control+Enter")
            case "open":
                window.lets_all()
                window.held = True

    async def calm(self) -> dict[str, str]:
        """All has arrived everywhere: what both windows show, and what is stored."""
        for window in self.windows.values():
            window.lets_all()
        shown: list[dict[str, str]] = []

        async def agree() -> bool:
            shown[:] = [await _values(window) for window in self.windows.values()]
            return shown[0] == shown[1] == await self._stored(shown[0]) and self._whole(shown[0])

        try:
            await eventually(agree, f"the same note everywhere after {self.done}")
        except BaseException:
            print(self.words, *shown, await self._stored({}), sep="\n")
            raise
        return shown[0]

    def _whole(self, shown: dict[str, str]) -> bool:
        text = " ".join(shown.values())
        return all(text.count(word) == 1 for word in self.words)

    async def _stored(self, like: dict[str, str]) -> dict[str, str]:
        """The fields of the draft, or of the note when there is none."""
        async with self.db.read() as conn:
            drafts = [one for one in await notes.drafts_of(conn, self.anna) if one.call_id == self.call]
            saved = await notes.versions(conn, self.call)
        if drafts:
            return like | {name: drafts[-1].body[name].strip() for name in ("concern", "company", "name")}
        note = saved[-1].note
        return like | {"concern": note.concern, "company": note.caller_company, "name": note.caller_name}

    @property
    def anna(self) -> str:
        return next(
            agent.id for agent in self.room.rooms.desks.screens.staff.all() if agent.name.startswith("Anna")
        )


async def _values(window: Window) -> dict[str, str]:
    """A note is saved without blanks at its edges."""
    return {name: text.strip() for name, text in (await window.values()).items()}


@asynccontextmanager
async def two_windows(url: str, db: Database, way: Doorway, browser: Browser) -> AsyncIterator[Two]:
    async with desk_room(url) as room:
        page = await logged_in(room, way, browser, "anna", reduced_motion="reduce")
        windows = {"a": Window(page), "b": Window(await page.context.new_page())}
        room.pbx.ring_and_answer("1.1")
        for window in windows.values():
            await window.follow()
            await window.page.goto(f"{ORIGIN}/desk")
            await sees(window.page, "#desk[data-phase=talking][data-connection=up]")
        await page.select_option("desk-note [name=art]", "Neukunde")
        await page.fill("desk-note [name=name]", "Krause")
        await windows["b"].becomes("name", "Krause")
        await sees(page, "[data-state=kept]")
        for window in windows.values():
            window.held = True
        yield Two(room, windows, room.id_of("1.1"), db)


@pytest.fixture
async def two(
    sqlite_url: str, sqlite_db: Database, furnished: SampleCompany, way: Doorway, browser: Browser
) -> AsyncIterator[Two]:
    async with two_windows(sqlite_url, sqlite_db, way, browser) as opened:
        yield opened


STORIES = {
    "different fields": "a.concern b.company a up b up",
    "different fields, and the second types on": "a.concern b.company b.company a up b up b.name",
    "the same field": "a.concern b.concern a up b up",
    "the same short field": "a.company b.company a up b up",
    "the same field, and both type on": "a.concern b.concern a up b up b down b.concern a.concern b up",
    "a window that was asleep": "a.concern a up a down a.company a up a down b.concern b.company b up",
    "an answer that was lost": "a.concern a up a cut b.company b up a.concern",
    "letters that were lost": "a.concern a cut b.company b up b.concern",
    "saved while the other's letters are on their way": "b.company a.concern a up a down b up a save a up",
    "saved while the own letters are on their way": "a.concern a save a up a down",
    "saved, and the other has not heard": "a.concern a up a down a save a up b.company b up",
    "both saved": "a.concern b.company a up a down a save a up b save b up",
}


@pytest.mark.parametrize("story", STORIES)
async def test_no_word_is_lost_between_two_windows(two: Two, story: str) -> None:
    steps = STORIES[story].replace(" up", "_up").replace(" down", "_down").replace(" save", "_save")
    for step in steps.replace(" cut", "_cut").split():
        await two.do(step.replace("_", " "))
    await two.calm()


async def test_both_texts_of_one_field_are_shown_and_said(two: Two) -> None:
    for step in ("a.concern", "b.concern", "a up", "b up", "b down"):
        await two.do(step)
    await sees(two.windows["b"].page, ".notice", "Jetzt stehen beide Texte darin")
    assert (await two.calm())["concern"].split("\n ") == ["anderes1x", "wort0x"]


async def test_whoever_saves_does_not_take_back_what_the_other_window_has_saved(two: Two) -> None:
    for step in ("a.concern", "a up", "a down", "a save", "a up", "b.company", "b save", "b up"):
        await two.do(step)
    await two.calm()
    assert await texts(two.db, two.call) == [["wort0x"]], "one note, and no correction that lacks its words"


@pytest.mark.parametrize("seed", SEEDS)
async def test_whatever_order_frames_move_in_no_word_is_lost(
    seed: int, sqlite_url: str, sqlite_db: Database, furnished: SampleCompany, way: Doorway, browser: Browser
) -> None:
    chance = random.Random(seed)
    async with two_windows(sqlite_url, sqlite_db, way, browser) as two:
        for _ in range(STEPS):
            who = chance.choice("ab")
            window = two.windows[who]
            moves = [f"{who}.{chance.choice(FIELDS)}"] * 3
            moves += [f"{who} up"] * 3 if window.up else []
            moves += [f"{who} down"] * 3 if window.down else []
            moves += [f"{who} cut", f"{who} save"]
            await two.do(chance.choice(moves))
        await until(lambda: True)
        await two.calm()
