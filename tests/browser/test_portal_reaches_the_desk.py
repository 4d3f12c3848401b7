"""Two people, one service: what the customer saves stands on the agent's open desk within a second."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, Page, Response

from pbx_bridge.storage.access import accounts
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.db.engine import Database
from rules.text.working_hours import DAYS
from tests.browser.doorway import Doorway
from tests.browser.logged_in import logged_in, sees
from tests.desk_room import ORIGIN, DeskRoom, desk_room
from tests.sample_company import SampleCompany, furnish

pytestmark = pytest.mark.browser
CALL = "1795429654.114"
LIMIT_MS = 1000
NOTICED = """words => new Promise(seen => {
  const look = () => document.querySelector("desk-employees")?.innerText.includes(words);
  const check = () => look() && (observer.disconnect(), seen(Date.now()));
  const observer = new MutationObserver(check);
  observer.observe(document.body, {childList: true, subtree: true, characterData: true});
  check();
})"""
"""Answers when (ms since 1970) the list of employees first says the words."""


@dataclass
class TwoScreens:
    """Anna's desk with a call of the company open, and the company's portal; one clock."""

    desk: Page
    portal: Page

    async def saved(self, words: str, button: str) -> float:
        """Save what the portal's page holds; milliseconds from the server's answer to `words` on the desk."""
        answers: list[Response] = []
        # A lambda, as Playwright marks its handlers, which a built-in does not let it do.
        self.portal.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108
        await self.desk.evaluate(f"void (window.noticed = ({NOTICED})({words!r}))")
        await self.portal.locator(button).first.click()
        await self.portal.locator("[data-flash]").wait_for(timeout=30_000)
        (save,) = [answer for answer in answers if answer.request.method == "POST" and answer.status == 303]
        timing = save.request.timing
        shown = float(await self.desk.evaluate("window.noticed"))
        return shown - (timing["startTime"] + timing["responseStart"])


@pytest.fixture
async def furnished(sqlite_db: Database) -> SampleCompany:
    house = await furnish(sqlite_db)
    async with sqlite_db.write() as conn:
        customer = Account("", "mustermann", Role.CUSTOMER, "de", house.customer_id)
        await accounts.insert(conn, customer, "no hash", datetime.now(UTC))
    return house


@pytest.fixture
async def room(sqlite_url: str, furnished: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url) as opened:
        yield opened


@pytest.fixture
async def screens(room: DeskRoom, way: Doorway, browser: Browser) -> TwoScreens:
    desk = await logged_in(room, way, browser, "anna")
    await sees(desk, "#desk[data-connection=up]")
    return TwoScreens(desk, await logged_in(room, way, browser, "mustermann", "/portal"))


async def test_what_a_customer_saves_is_on_the_open_desk_within_a_second(
    screens: TwoScreens, room: DeskRoom, furnished: SampleCompany
) -> None:
    room.pbx.ring_and_answer(CALL)
    await screens.desk.locator("#desk[data-phase=talking]").wait_for(timeout=30_000)
    await screens.desk.evaluate("window.opened_once = true")
    portal = screens.portal

    await portal.goto(f"{ORIGIN}/portal/abwesenheitsinfo")
    person = f"[id='{furnished.erika}']"
    await portal.locator(f"{person} textarea").fill("Nur vormittags im Haus.")
    info = await screens.saved("Nur vormittags im Haus.", f"{person} .save-bar button:visible")

    today = datetime.now(UTC).date()
    await portal.goto(f"{ORIGIN}/portal/termine/neu?mitarbeiter={furnished.erika}")
    await portal.get_by_label("Was wir ausrichten").fill("Auf der Messe in Köln")
    await portal.locator("#start_day").fill(str(today - timedelta(days=1)))
    await portal.locator("#end_day").fill(str(today + timedelta(days=1)))
    appointment = await screens.saved("Auf der Messe in Köln", ".save-bar button:visible")

    later = today + timedelta(days=2)
    await portal.goto(f"{ORIGIN}/portal/mitarbeiter/{furnished.jens}")
    await portal.locator("#hours").fill(f"{DAYS[later.weekday()]} 8–9")
    words = f"ab {DAYS[later.weekday()]} {later:%d.%m.}, 08:00 Uhr wieder erreichbar"
    await screens.saved(words, ".save-bar button:visible")

    assert (info <= LIMIT_MS, appointment <= LIMIT_MS) == (True, True), (info, appointment)
    assert "Nur vormittags" not in await screens.desk.locator("desk-employees").inner_text()
    assert await screens.desk.evaluate("window.opened_once"), "the desk was loaded again"
