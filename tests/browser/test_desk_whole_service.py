"""The page on the real service, with a real database; only the telephones are played."""

from __future__ import annotations

from collections.abc import AsyncIterator

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
    name, _, value = (await room.log_in("anna")).partition("=")
    here = room.url.removeprefix("http://")
    async with async_playwright() as playwright:
        browser = await launch(playwright, f"--host-resolver-rules=MAP {ORIGIN[7:]}:80 {here}")
        context = await browser.new_context(viewport={"width": 1280, "height": 800})
        await context.add_cookies([{"name": name, "value": value, "url": ORIGIN}])
        page = await context.new_page()
        await page.goto(f"{ORIGIN}/desk")
        await sees(page, "#desk[data-connection=up]")
        yield page
        await browser.close()


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
