"""The page on the real service, with a real database; only the telephones are played."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Page, async_playwright

from pbx_bridge.calls import events as ev
from pbx_bridge.storage import notes
from pbx_bridge.storage.engine import Database
from tests.browser.chromium import launch
from tests.databases import sqlite_db, sqlite_url
from tests.desk_room import ANNA, ORIGIN, DeskRoom, desk_room, leg
from tests.house import House, furnish
from tests.until import until

__all__ = ["sqlite_db", "sqlite_url"]
pytestmark = pytest.mark.browser
CALL = "1795429654.114"
EMPLOYEE = f"{CALL}-a1"
EMPLOYEE_LEG = "Local/493023125110@sec-target-1;1"


@pytest.fixture
async def furnished(sqlite_db: Database) -> House:
    return await furnish(sqlite_db)


@pytest.fixture
async def room(sqlite_url: str, furnished: House) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url) as opened:
        yield opened


@pytest.fixture
async def page(room: DeskRoom) -> AsyncIterator[Page]:
    """Anna's desk at the address that the service knows as its own."""
    async with desk_page(await room.log_in("anna"), room.url.removeprefix("http://")) as page:
        yield page


@asynccontextmanager
async def desk_page(cookie: str, here: str) -> AsyncIterator[Page]:
    """A desk with this log-in; `here`: host and port at which the service's own address is found."""
    name, _, value = cookie.partition("=")
    async with async_playwright() as playwright:
        browser = await launch(playwright, f"--host-resolver-rules=MAP {ORIGIN[7:]}:80 {here}")
        context = await browser.new_context(viewport={"width": 1280, "height": 800})
        await context.add_cookies([{"name": name, "value": value, "url": ORIGIN}])
        page = await context.new_page()
        await page.goto(f"{ORIGIN}/desk")
        await sees(page, "#desk[data-connection=up]")
        yield page
        await browser.close()


@dataclass
class Doorway:
    """An address that stays while services come and go behind it."""

    port: int = 0
    behind: int = 0
    open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner, outer = await asyncio.open_connection("127.0.0.1", self.behind)
        except OSError:
            writer.transport.abort()
            return
        self.open |= {writer, outer}
        await asyncio.gather(_pump(reader, outer), _pump(inner, writer))
        self.open -= {writer, outer}

    def cut(self) -> None:
        """As a killed server: nobody says good-bye, and nobody answers."""
        self.behind = 0
        for writer in self.open:
            writer.transport.abort()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def doorway() -> AsyncIterator[Doorway]:
    way = Doorway()
    async with await asyncio.start_server(way.pass_on, "127.0.0.1", 0) as server:
        way.port = server.sockets[0].getsockname()[1]
        yield way
        way.cut()


async def sees(page: Page, selector: str, text: str = "") -> None:
    await page.locator(selector, has_text=text or None).first.wait_for(timeout=10_000)


def consulting(room: DeskRoom) -> None:
    room.pbx.tell(
        ev.Bridged(CALL, CALL, f"PJSIP/trunk-{CALL}", "hold", holding=True),
        ev.TargetAnswered(CALL, EMPLOYEE),
        ev.Bridged(CALL, leg(CALL, ANNA), f"{ANNA}-{CALL}", "consult"),
        ev.Bridged(CALL, EMPLOYEE, EMPLOYEE_LEG, "consult"),
    )


def joined(room: DeskRoom) -> None:
    room.pbx.tell(
        ev.Bridged(CALL, CALL, f"PJSIP/trunk-{CALL}", "join"),
        ev.Bridged(CALL, EMPLOYEE, EMPLOYEE_LEG, "join"),
        ev.HungUp(CALL, leg(CALL, ANNA), f"{ANNA}-{CALL}"),
    )


async def test_from_the_first_ring_to_the_stored_note_by_keyboard(
    room: DeskRoom, page: Page, furnished: House, sqlite_db: Database
) -> None:
    room.pbx.arrive(CALL)
    room.pbx.offer(CALL)
    await sees(page, ".say", "Herzlich Willkommen bei der Mustermann AG, mein Name ist Anna Keller.")
    await sees(page, ".vip-box", "Hans Müller")
    room.pbx.answer(CALL)
    await sees(page, "#desk[data-phase=talking]")
    await page.keyboard.press("/")
    await page.keyboard.type("beisp")
    await page.keyboard.press("Enter")
    await page.keyboard.press("r")
    await until(room.pbx.rung, message="Erika's phone is rung")
    await sees(page, ".steps [aria-current]", "klingelt")
    consulting(room)
    await sees(page, ".say", "In der Leitung ist Hans Müller.")
    await page.keyboard.press("Space")
    await until(lambda: len(room.pbx.named("Redirect")) >= 2, message="the connect at the PBX")
    joined(room)
    await sees(page, ".steps", "Verbunden mit")
    await page.wait_for_function("() => document.activeElement.closest('desk-note')")
    await page.locator("[name=concern]").fill("Möchte ein Angebot.")
    await page.keyboard.press("Control+Enter")
    await sees(page, "desk-idle")
    await sees(page, "desk-notes .row", "Hans Müller")
    async with sqlite_db.read() as conn:
        (kept,) = await notes.last_of_agent(conn, furnished.anna)
    assert kept.caller_name == "Hans Müller"
    html = await page.content()
    assert "@" not in html


async def test_a_reload_in_mid_sentence_finds_the_draft_in_the_database(room: DeskRoom, page: Page) -> None:
    room.pbx.ring_and_answer(CALL)
    await sees(page, "#desk[data-phase=talking]")
    await page.keyboard.press("n")
    await page.keyboard.type("Bittet um Rückruf weg")
    await sees(page, ".note-kept", "Entwurf gesichert")
    await page.evaluate("localStorage.clear()")
    await page.reload()
    await sees(page, "#desk[data-phase=talking]")
    values = await page.locator("desk-note :is(input, textarea)").evaluate_all(
        "all => all.map((f) => f.value)"
    )
    assert "Bittet um Rückruf weg" in values


async def test_the_server_dies_in_mid_sentence_and_every_letter_is_there_when_another_one_is_up(
    sqlite_url: str, furnished: House
) -> None:
    concern = "document.querySelector('[name=concern]').value"
    async with doorway() as way, contextlib.AsyncExitStack() as life:
        room = await life.enter_async_context(desk_room(sqlite_url))
        way.behind = int(room.url.rpartition(":")[2])
        async with desk_page(await room.log_in("anna"), f"127.0.0.1:{way.port}") as page:
            room.pbx.ring_and_answer(CALL)
            await sees(page, "#desk[data-phase=talking]")
            await page.keyboard.press("n")
            await page.keyboard.type("Bittet um ")
            await sees(page, ".note-kept", "Entwurf gesichert")
            way.cut()
            await page.keyboard.type("Rückruf weg")
            await sees(page, "desk-banner", "jeder getippte Buchstabe ist auf diesem Rechner gesichert")
            await life.aclose()
            async with desk_room(sqlite_url) as second:
                way.behind = int(second.url.rpartition(":")[2])
                await sees(page, "#desk[data-connection=up]")
                await page.wait_for_function(f"() => {concern} === 'Bittet um Rückruf weg'")
                await sees(page, ".note-kept", "Entwurf gesichert")
                async with second.house.db.read() as conn:
                    (draft,) = await notes.drafts_of(conn, furnished.anna)
                assert draft.body["concern"] == "Bittet um Rückruf weg"


async def test_a_note_is_corrected_and_the_correction_is_on_its_way(
    room: DeskRoom, page: Page, sqlite_db: Database
) -> None:
    room.pbx.ring_and_answer(CALL, caller="491713920077")
    await sees(page, "#desk[data-phase=talking]")
    room.pbx.hang_up(CALL)
    await sees(page, "#desk[data-phase=ended]")
    await page.locator("[name=name]").fill("Sabine Krause")
    await page.locator("[name=concern]").fill("Bittet um Rückruf.")
    await page.locator("[name=art]").select_option("Neukunde")
    await page.locator("[name=callback_by]").fill("in 2 Stunden")
    await sees(page, "[data-name=callback_by] .field-reading", "bis ")
    await page.keyboard.press("Control+Enter")
    await sees(page, "desk-notes .row", "Sabine Krause")
    await sees(page, "desk-idle")
    await page.keyboard.press("l")
    await sees(page, ".note-versions li", "Anna Keller: Bittet um Rückruf.")
    await page.locator("[name=concern]").fill("Bittet um Rückruf bis Freitag.")
    await page.keyboard.press("Control+Enter")
    await sees(page, ".notice", "Die Berichtigung ist unterwegs.")
    async with sqlite_db.read() as conn:
        versions = await notes.versions(conn, room.id_of(CALL))
    assert [v.note.concern for v in versions] == ["Bittet um Rückruf.", "Bittet um Rückruf bis Freitag."]
