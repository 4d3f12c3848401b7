"""The way in, and one's own log-in, in a real browser: every button pressed, on a phone and a wide screen."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from pbx_bridge.storage.access import accounts
from pbx_bridge.storage.db.engine import Database
from rules.access import one_time
from tests.browser.portal.fixtures import PHONE
from tests.browser.test_portal_for_everybody import SMALL
from tests.house_door import BETTER, PASSWORD, Door, house_door

pytestmark = pytest.mark.browser
WIDE = {"width": 1280, "height": 800}
LOCALES = pytest.mark.parametrize("locale,viewport", [("de", PHONE), ("en", WIDE)], ids=["de", "en"])


@dataclass
class Guest:
    """One person, one page, in one language. `faults`: whatever the browser complained about."""

    door: Door
    page: Page
    locale: str
    faults: list[str] = field(default_factory=list)

    def says(self, german: str, english: str) -> str:
        return german if self.locale == "de" else english

    async def opens(self, path: str) -> None:
        await self.page.goto(self.door.url + path)

    async def clicks(self, german: str, english: str) -> None:
        name = self.says(german, english)
        button = self.page.get_by_role("button", name=name, exact=True)
        await button.or_(self.page.get_by_role("link", name=name, exact=True)).first.click()

    async def fills(self, name: str, text: str) -> None:
        await self.page.locator(f"[name={name}]:visible").fill(text)

    async def sees(self, selector: str, german: str = "", english: str = "") -> None:
        text = self.says(german, english) or None
        await self.page.locator(selector, has_text=text).first.wait_for(timeout=30_000)

    async def is_fine(self, where: str) -> None:
        """Nothing keeps anybody out, is too wide for the window, or too low for a thumb."""
        found = (await Axe().run(self.page)).response["violations"]
        assert not found, (where, [(v["id"], [node["html"][:160] for node in v["nodes"]]) for v in found])
        over = await self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{where}: {over} px too wide"
        assert await self.page.evaluate(SMALL) == [], where

    async def enters(self, login: str, password: str = PASSWORD) -> None:
        await self.opens("/login")
        await self.fills("login", login)
        await self.fills("password", password)
        await self.clicks("Anmelden", "Log in")

    async def secret(self) -> bytes:
        """The key that the page shows."""
        words = await self.page.locator(".secret").inner_text()
        return base64.b32decode(words.replace(" ", ""))

    async def gives(self, secret: bytes, german: str, english: str) -> None:
        """The code of now."""
        step = one_time.step_of(self.door.clock().timestamp())
        await self.fills("code", one_time.code_at(secret, step))
        await self.clicks(german, english)
        self.door.clock.wind(seconds=60)


Open = Callable[..., Awaitable[Guest]]


@pytest.fixture
async def guest(browser: Browser, sqlite_db: Database) -> AsyncIterator[Open]:
    """`await guest("de", PHONE)`; everybody of the house reads that language from then on."""
    guests: list[Guest] = []
    async with AsyncExitStack() as stack:
        door = await stack.enter_async_context(house_door(sqlite_db, "required"))

        async def come(locale: str, viewport: dict[str, int]) -> Guest:
            async with sqlite_db.write() as conn:
                for account in await accounts.load_all(conn):
                    await accounts.set_locale(conn, account.id, locale)
            made = await browser.new_context(viewport=viewport, locale=locale)  # type: ignore[arg-type]
            stack.push_async_callback(made.close)
            one = Guest(door, await made.new_page(), locale)
            guests.append(one)
            one.page.on("pageerror", lambda error: one.faults.append(str(error)))
            return one

        yield come
    assert [fault for one in guests for fault in one.faults] == []


@LOCALES
async def test_a_second_factor_is_set_up_and_asked_for(
    guest: Open, locale: str, viewport: dict[str, int]
) -> None:
    office = await guest(locale, viewport)
    await office.enters("office")
    await office.sees("h1", "Zweiten Faktor einrichten", "Set up a second factor")
    await office.is_fine("set up")
    secret = await office.secret()
    await office.fills("code", "000000")
    await office.clicks("Code bestätigen", "Confirm code")
    await office.sees("[role=alert]", "Dieser Code gilt nicht", "This code is not good")
    await office.is_fine("wrong code")
    await office.gives(secret, "Code bestätigen", "Confirm code")
    await office.sees("h1", "Ihre Ersatzcodes", "Your recovery codes")
    await office.is_fine("recovery codes")
    recovery = await office.page.locator(".codes code").first.inner_text()
    await office.clicks("Notiert, weiter", "Noted, continue")
    await office.page.wait_for_url("**/admin")
    await office.opens("/zugang")
    await office.is_fine("their own log-in")

    again = await guest(locale, viewport)
    await again.enters("office")
    await again.sees("h1", "Zweiter Faktor", "Second factor")
    await again.is_fine("code")
    await again.gives(secret, "Anmelden", "Log in")
    await again.page.wait_for_url("**/admin")

    lost = await guest(locale, viewport)
    await lost.enters("office")
    await lost.fills("code", recovery.lower())
    await lost.page.keyboard.press("Enter")
    await lost.page.wait_for_url("**/admin")


@LOCALES
async def test_the_own_log_in_is_looked_after(guest: Open, locale: str, viewport: dict[str, int]) -> None:
    elsewhere, here = await guest(locale, viewport), await guest(locale, viewport)
    await elsewhere.enters("kunde")
    await here.enters("kunde")
    await here.opens("/zugang")
    await here.sees("h1", "Mein Zugang", "My log-in")
    await here.is_fine("own log-in")
    await here.fills("password_old", "falsch")
    await here.fills("password_new", BETTER)
    await here.fills("password_again", BETTER)
    await here.clicks("Kennwort ändern", "Change password")
    await here.sees(
        "[role=alert]", "Das bisherige Kennwort stimmt nicht.", "The present password is not right."
    )
    await here.is_fine("wrong password")
    await here.fills("password_old", PASSWORD)
    await here.fills("password_new", BETTER)
    await here.fills("password_again", BETTER)
    await here.clicks("Kennwort ändern", "Change password")
    await here.sees(".flash", "Das neue Kennwort gilt.", "The new password is valid.")
    await elsewhere.opens("/zugang")
    await elsewhere.sees("h1", "Anmelden", "Log in")

    await here.fills("email", "kunde@example.org")
    await here.fills("password_now", BETTER)
    await here.clicks("E-Mail-Adresse speichern", "Save e-mail address")
    await here.sees("#email-hint", "kunde@example.org", "kunde@example.org")

    await elsewhere.enters("kunde", BETTER)
    await elsewhere.sees(".head h1")
    await here.opens("/zugang")
    await here.is_fine("two sessions")
    await here.page.get_by_role("button", name=here.says("Anmeldung beenden:", "End session:")).click()
    await here.sees(".flash", "Die Anmeldung ist beendet.", "The session has ended.")
    await elsewhere.opens("/zugang")
    await elsewhere.sees("h1", "Anmelden", "Log in")


@LOCALES
async def test_whoever_wants_a_second_factor_has_one(
    guest: Open, locale: str, viewport: dict[str, int]
) -> None:
    here = await guest(locale, viewport)
    await here.enters("kunde")
    await here.opens("/zugang/zweiter-faktor")
    await here.is_fine("no second factor")
    await here.fills("password_now", PASSWORD)
    await here.clicks("Einrichten", "Set up")
    await here.is_fine("second factor")
    await here.gives(await here.secret(), "Code bestätigen", "Confirm code")
    await here.sees(".codes code")
    await here.is_fine("recovery codes")
    await here.clicks("Notiert, weiter", "Noted, continue")
    await here.is_fine("with a second factor")
    await here.page.locator("form[action$=entfernen] [name=password_now]").fill(PASSWORD)
    await here.clicks("Zweiten Faktor entfernen", "Remove second factor")
    await here.sees(".flash", "ist entfernt", "is removed")


@LOCALES
async def test_a_forgotten_password_is_set_anew(guest: Open, locale: str, viewport: dict[str, int]) -> None:
    jens = await guest(locale, viewport)
    await jens.opens("/login")
    await jens.clicks("Kennwort vergessen?", "Forgotten your password?")
    await jens.is_fine("forgotten")
    await jens.fills("login", "jens@example.org")
    await jens.clicks("Link senden", "Send link")
    await jens.sees("[role=status]", "ist der Link unterwegs", "the link is on its way")
    await jens.is_fine("on its way")
    await jens.opens(await jens.door.link())
    await jens.fills("password", "jens@example.org")
    await jens.fills("again", "jens@example.org")
    await jens.clicks("Speichern und anmelden", "Save and log in")
    await jens.sees("[role=alert]", "leicht zu erraten", "easy to guess")
    await jens.is_fine("weak")
    await jens.fills("password", BETTER)
    await jens.fills("again", BETTER)
    await jens.clicks("Speichern und anmelden", "Save and log in")
    await jens.enters("jens@example.org", BETTER)
    await jens.sees(".head h1")


@LOCALES
async def test_the_operator_sees_who_logs_in(guest: Open, locale: str, viewport: dict[str, int]) -> None:
    office, anna = await guest(locale, viewport), await guest(locale, viewport)
    await anna.enters("anna")
    await office.enters("office")
    await office.gives(await office.secret(), "Code bestätigen", "Confirm code")
    await office.opens("/zugaenge")
    await office.is_fine("people")
    await office.page.get_by_role(
        "link", name=office.says("Überall abmelden: anna", "Log out everywhere: anna")
    ).click()
    await office.is_fine("asked once more")
    await office.clicks("Überall abmelden", "Log out everywhere")
    await office.sees(".flash", "Alle Anmeldungen sind beendet.", "All sessions have ended.")
    await anna.opens("/zugang")
    await anna.sees("h1", "Anmelden", "Log in")
    await office.page.get_by_role("link", name=office.says("Sperren: anna", "Lock: anna"), exact=True).click()
    await office.clicks("Sperren", "Lock")
    await office.sees(".flash", "gesperrt", "locked")
    await office.clicks("Entsperren: anna", "Unlock: anna")
    await office.sees(".flash", "wieder offen", "open again")
    await office.opens("/anmeldeprotokoll")
    await office.is_fine("access log")
    await office.page.locator("#art").select_option("locked")
    await office.clicks("Suchen", "Search")
    await office.sees("caption", "1 Eintrag", "1 entry")
    await office.is_fine("one kind")
