"""A newcomer's first five minutes: the demo's page, a call, a put-through, the mail; all of it real."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page

from tests.demo_process import DemoProcess, running_demo
from tests.pbx.room import open_folder

pytestmark = [pytest.mark.browser, pytest.mark.asterisk, pytest.mark.usefixtures("asterisk_tree")]
PATIENCE = 30_000  # ms


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def demo(root: Path) -> AsyncIterator[DemoProcess]:
    with open_folder() as folder:
        async with running_demo(folder, root) as running:
            yield running


@pytest.fixture
async def windows(browser: Browser) -> AsyncIterator[BrowserContext]:
    """German windows; a fault in any script fails the test."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="de-DE")
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    yield context
    await context.close()
    assert faults == []


async def sees(page: Page, selector: str, text: str = "") -> None:
    await page.locator(selector, has_text=text or None).first.wait_for(timeout=PATIENCE)


async def log_in(page: Page, demo: DemoProcess) -> None:
    """Anna opens her desk, which asks who she is, and takes calls from now on."""
    await page.goto(f"{demo.url}/desk")
    await page.fill("[name=login]", "anna")
    await page.fill("[name=password]", "nur-zum-ausprobieren")
    await page.click("button[type=submit]")
    await sees(page, "#desk[data-connection=up]")
    await page.keyboard.press("b")
    await sees(page, "desk-me .chip[data-state=talking]", "bereit")


async def test_a_button_on_the_demo_becomes_a_call_a_put_through_and_a_mail(
    demo: DemoProcess, windows: BrowserContext
) -> None:
    desk, stage, mailbox = [await windows.new_page() for _ in range(3)]
    await log_in(desk, demo)
    await stage.goto(f"{demo.url}/demo")
    await mailbox.goto(f"{demo.url}/demo/mailbox")

    await stage.get_by_role("button", name="VIP ruft Mustermann AG an").click()
    await sees(desk, "#call", "Herzlich Willkommen bei der Mustermann AG, mein Name ist Anna Keller.")
    await sees(desk, "#call", "Herrn Müller bitte nicht nach seinen Kontaktdaten fragen")
    await sees(stage, "#agents [data-doing=ringing]", "Im Display: Mustermann AG")
    await stage.get_by_role("button", name="Abnehmen").click()
    await sees(desk, "#call", "im Gespräch")

    await desk.keyboard.press("1")
    await desk.keyboard.press("r")
    await sees(stage, "#employees [data-doing=ringing]", "Erika Beispiel")
    await stage.locator("#employees [data-doing=ringing]").get_by_role("button", name="Abnehmen").click()
    connect = desk.get_by_role("button", name="verbinden").first
    await connect.wait_for(timeout=PATIENCE)
    await desk.keyboard.press(" ")
    await sees(desk, "#call", "Erika Beispiel spricht mit dem Anrufer.")
    await sees(stage, "#employees [data-doing=talking]", "Erika Beispiel")
    await sees(stage, "#callers [data-doing=talking]", "Hans Müller")

    await desk.keyboard.press("Control+Enter")
    await sees(mailbox, "#mails", "Zu Ihnen durchgestellt: Hans Müller")
    frame = mailbox.frame_locator("#html")
    await frame.get_by_text("Hans Müller").first.wait_for(timeout=PATIENCE)
    await sees(mailbox, "#sms", "VIP-Anruf: Hans Müller")
    await sees(mailbox, "#sms .state", "zugestellt")

    await stage.get_by_role("button", name="Anrufer legt auf").click()
    await sees(stage, "#no-callers", "Gerade ruft niemand an.")


async def test_employees_do_as_they_are_told_on_the_page(demo: DemoProcess, windows: BrowserContext) -> None:
    desk, stage = [await windows.new_page() for _ in range(2)]
    await log_in(desk, demo)
    await stage.goto(f"{demo.url}/demo")
    await stage.get_by_label("Wenn es klingelt: Erika Beispiel").select_option("busy")
    await stage.get_by_role("button", name="Großkunde mit vielen Durchwahlen").click()
    await stage.get_by_role("button", name="Abnehmen").click()
    await sees(desk, "#call", "im Gespräch")
    await desk.keyboard.press("1")
    await desk.keyboard.press("r")
    await sees(stage, "#employees [data-doing=ringing]", "Jens Meier")
    await sees(desk, "#call", "besetzt")
    await stage.get_by_role("button", name="Anrufer legt auf").click()
    await sees(stage, "#no-callers", "Gerade ruft niemand an.")


@pytest.mark.parametrize("path", ["/demo", "/demo/mailbox"])
@pytest.mark.parametrize("language", ["de", "en"])
async def test_its_pages_are_for_everybody(
    demo: DemoProcess, windows: BrowserContext, path: str, language: str
) -> None:
    page = await windows.new_page()
    for width, scheme in ((360, "light"), (1280, "dark")):
        await page.set_viewport_size({"width": width, "height": 800})
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        await page.goto(f"{demo.url}{path}?lang={language}")
        await page.wait_for_function("document.querySelector('#offline').hidden")
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
