"""The supervisor's morning: pages on the real service and a real database; only the telephones are played.

With real telephones, and with a text for an agent: stories/test_together.py.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from pbx_bridge.calls import events as ev
from pbx_bridge.settings import DeskSettings
from pbx_bridge.storage.access import accounts
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.web.i18n import catalogue
from tests.browser.doorway import Doorway
from tests.browser.logged_in import logged_in
from tests.desk_room import DeskRoom, desk_room
from tests.floor_room import TALK, WAIT, busy, noon, staffed
from tests.sample_company import SampleCompany
from tests.until import until

pytestmark = pytest.mark.browser
GAP = re.compile(r"\{(\w+)\}")
OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture
async def furnished(sqlite_db: Database) -> SampleCompany:
    return await staffed(sqlite_db, supervisor_is_agent=True)


@pytest.fixture
async def room(sqlite_url: str, furnished: SampleCompany) -> AsyncIterator[DeskRoom]:
    often = replace(DeskSettings(), beat_seconds=1)
    async with desk_room(sqlite_url, noon(), desk=often) as opened:
        yield opened


@pytest.fixture
async def open_page(room: DeskRoom, browser: Browser, way: Doorway) -> AsyncIterator[OpenPage]:
    """`await open_page("/floor", login="carla", color_scheme="dark")`; errors of the page fail the test."""
    faults: list[str] = []

    async def open_(path: str, login: str = "carla", **options: Any) -> Page:
        page = await logged_in(room, way, browser, login, path, reduced_motion="reduce", **options)
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.locator("[data-connection=up]").wait_for()
        return page

    yield open_
    assert faults == []


async def axe(page: Page, where: str) -> None:
    found = (await Axe().run(page)).response["violations"]
    assert not found, (where, [(v["id"], [node["html"][:160] for node in v["nodes"]]) for v in found])
    over = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert over <= 0, f"{where}: {over} px too wide"


def gaps(sentence: str) -> set[str]:
    """Those of a sentence; a month is a figure in some languages and a name in others."""
    return {gap.removesuffix("_name") for gap in GAP.findall(sentence)}


def test_german_and_english_have_the_same_texts_with_the_same_gaps() -> None:
    german, english = catalogue("floor", "de"), catalogue("floor", "en")
    assert german.keys() == english.keys()
    differing = [key for key in german if gaps(german[key]) != gaps(english[key])]
    assert not differing, f"gaps differ: {differing}"


async def test_a_supervisor_sees_who_does_what_without_touching_the_page(
    room: DeskRoom, open_page: OpenPage, furnished: SampleCompany
) -> None:
    page = await open_page("/floor")
    ben = page.get_by_role("row", name="Ben Vogt")
    await expect(ben).to_contain_text("bereit")
    await expect(page.locator("#nobody-waits")).to_be_visible()
    await busy(room, furnished)
    await expect(ben).to_contain_text("Mustermann AG")
    await expect(ben).to_contain_text("Rücksprache")
    waiting = page.locator(".waiting li")
    await expect(waiting).to_have_count(2)
    await expect(waiting.first).to_contain_text("Praxis Dr. Sommer")
    await expect(waiting.last).to_contain_text("VIP")
    await expect(page.locator("[data-kind=waiting] dd")).to_have_text("2")
    await expect(page.locator("[data-kind=in-time] dd")).to_have_text("100\u00a0%")
    await expect(page.get_by_role("row", name="Praxis Dr. Sommer")).to_contain_text("–")
    room.pbx.tell(ev.HungUp(WAIT, WAIT, f"PJSIP/trunk-{WAIT}"))
    await expect(waiting).to_have_count(1)


async def test_an_agent_in_a_call_is_logged_out_after_it(room: DeskRoom, open_page: OpenPage) -> None:
    desk = await open_page("/desk", login="anna")
    room.pbx.ring_and_answer(TALK)
    await desk.locator("#desk[data-phase=talking]").wait_for()
    page = await open_page("/floor")
    await page.get_by_role("button", name="Anna Keller abmelden").click()
    await expect(page.locator("#leave-words")).to_contain_text("wird danach abgemeldet")
    await page.get_by_role("button", name="Nach dem Gespräch abmelden").click()
    row = page.get_by_role("row", name="Anna Keller")
    await expect(row).to_contain_text("wird nach dem Gespräch abgemeldet")
    room.pbx.hang_up(TALK)
    await expect(row).to_contain_text("Nacharbeit")
    await desk.get_by_role("button", name="O ohne Notiz").click()
    await desk.get_by_role("menuitem", name="Werbeanruf").click()
    await desk.wait_for_url("**/login")
    await expect(row).to_contain_text("abgemeldet")
    assert len(room.pbx.named("QueueRemove")) == 1


async def test_the_page_says_that_it_is_cut_off_and_comes_back_by_itself(
    room: DeskRoom, open_page: OpenPage
) -> None:
    page = await open_page("/floor")
    await page.locator("[data-drawn]").wait_for()
    await page.context.set_offline(True)
    await room.rooms.floor.sockets.close()
    await expect(page.locator("#banner")).to_contain_text("Keine Verbindung zum Server")
    room.pbx.arrive(WAIT)
    await page.context.set_offline(False)
    await expect(page.locator("#banner")).to_be_hidden(timeout=30_000)
    await expect(page.locator(".waiting li")).to_have_count(1)
    room.pbx.tell(ev.LinkDown("lost"))
    await expect(page.locator("#banner")).to_contain_text("Die Telefonanlage antwortet nicht")


@pytest.mark.parametrize("path", ["/floor", "/floor/wall"])
async def test_a_network_that_falls_silent_is_noticed_and_nothing_stays_green(
    room: DeskRoom, open_page: OpenPage, way: Doorway, furnished: SampleCompany, path: str
) -> None:
    page = await open_page(path)
    await page.locator("[data-drawn]").wait_for()
    await busy(room, furnished)
    await expect(page.locator("[data-kind=waiting] dd")).to_have_text("2", timeout=30_000)
    green = page.locator(":is(.services, .states, .agents) .shape:is(.is-talking, .is-done):visible")
    await expect(green).not_to_have_count(0)
    way.freeze()
    await expect(page.locator("#banner")).to_contain_text("Keine Verbindung zum Server", timeout=30_000)
    await expect(green).to_have_count(0)
    if path == "/floor":
        await expect(page.get_by_role("row", name="Anna Keller")).to_contain_text("zuletzt im Gespräch")
        await expect(page.locator("#services")).to_contain_text("Telefonanlage unbekannt")
    way.thaw()
    await expect(page.locator("#banner")).to_be_hidden(timeout=30_000)
    await expect(green).not_to_have_count(0)


async def test_a_floor_is_dark_at_once_when_the_browser_has_no_network(
    room: DeskRoom, open_page: OpenPage
) -> None:
    page = await open_page("/floor")
    await page.locator("[data-drawn]").wait_for()
    told = "window.dispatchEvent(new Event('offline')); document.getElementById('floor').dataset.connection"
    assert await page.evaluate(told) == "down"
    await expect(page.locator("#floor[data-connection=up]")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["de", "en"])
async def test_axe_finds_nothing(
    room: DeskRoom,
    open_page: OpenPage,
    furnished: SampleCompany,
    sqlite_db: Database,
    locale: str,
    theme: str,
) -> None:
    async with sqlite_db.write() as conn:
        found = await accounts.by_login(conn, "carla")
        assert found
        account = found[0]
        await accounts.update(conn, accounts.Account(account.id, account.login, account.role, locale))
    page = await open_page("/floor", color_scheme=theme)
    await page.locator("[data-drawn]").wait_for()
    await axe(page, "quiet")
    await busy(room, furnished)
    await expect(page.locator(".waiting li")).to_have_count(2)
    await axe(page, "busy")
    row = page.get_by_role("row", name="Ben Vogt")
    for button, dialog in (
        (row.get_by_role("button").first, "text"),
        (row.get_by_role("button").last, "leave"),
    ):
        await button.click()
        await axe(page, dialog)
        await page.keyboard.press("Escape")
    await page.set_viewport_size({"width": 360, "height": 740})
    await axe(page, "phone")
    words = set((await page.evaluate("document.body.innerText")).split())
    assert not words & catalogue("floor", locale).keys(), "keys instead of words"


async def test_the_wall_board_reads_from_five_metres_and_has_no_controls(
    room: DeskRoom, open_page: OpenPage, furnished: SampleCompany
) -> None:
    wall = await open_page("/floor/wall", color_scheme="light", viewport={"width": 1280, "height": 720})
    await busy(room, furnished)
    await expect(wall.locator("[data-kind=waiting] dd")).to_have_text("2")
    await expect(wall.locator("#states div", has_text="im Gespräch").locator("dd")).to_have_text("2")
    assert await wall.locator("a, button, input, select, textarea, [tabindex]").count() == 0
    words = wall.locator("main dt, main dd")
    sizes = await words.evaluate_all("all => all.map((n) => parseFloat(getComputedStyle(n).fontSize))")
    assert len(sizes) == 18
    assert min(sizes) >= 34
    assert await wall.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    inside = "innerHeight - document.getElementById('states').getBoundingClientRect().bottom"
    assert await wall.evaluate(inside) >= 0
    await axe(wall, "wall")
    assert "Keller" not in await wall.evaluate("document.body.innerText")
    room.pbx.tell(ev.LinkDown("lost"))
    await expect(wall.locator("#banner")).to_contain_text("Die Telefonanlage antwortet nicht")
    await until(lambda: not room.rooms.calls.registry.link.up, message="the link to be down")
