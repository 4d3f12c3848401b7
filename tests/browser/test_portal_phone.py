"""On the phone: away with two taps, and every page for a thumb."""

from __future__ import annotations

import pytest

from pbx_bridge.storage.accounts import Role
from tests.browser.portal.fixtures import PHONE, OpenPortal, open_portal, sqlite_db, sqlite_url

__all__ = ["open_portal", "sqlite_db", "sqlite_url"]
pytestmark = pytest.mark.browser
PAGES = (
    "/portal/abwesenheitsinfo",
    "/portal/termine",
    "/portal/termine/monat",
    "/portal/termine/neu",
    "/portal/kalender",
    "/portal/vip-kunden",
    "/portal/vip-kunden/neu",
    "/portal/faq",
)
SMALL = """() => [...document.querySelectorAll("main a, main button, main input, main select, main summary")]
  .filter((one) => one.checkVisibility() && one.type !== "checkbox")
  .map((one) => [one.outerHTML.slice(0, 120), one.getBoundingClientRect()])
  .filter(([, box]) => box.height > 1 && box.height < 28).map(([html]) => html)"""


async def test_away_with_two_taps_from_the_start_page(open_portal: OpenPortal) -> None:
    phone = await open_portal("/portal", role=Role.SUBACCOUNT, viewport=PHONE, has_touch=True)
    await phone.page.get_by_role("button", name="morgen Abend").tap()
    await phone.sees("[data-flash]", "Unsere Agenten wissen Bescheid.")
    await phone.sees(".is-away", "nicht im Haus, bis Di 24.11.")
    await phone.page.get_by_role("button", name="Ich bin wieder da").tap()
    await phone.sees(".is-present", "keine Abwesenheit")


async def test_what_is_told_can_be_one_s_own_words(open_portal: OpenPortal) -> None:
    phone = await open_portal("/portal", role=Role.SUBACCOUNT, viewport=PHONE)
    await phone.page.locator("#text").fill("beim Arzt")
    await phone.page.get_by_role("button", name="in einer Stunde").click()
    await phone.sees(".is-away", "beim Arzt, bis 11:00 Uhr")
    await phone.clicks("Rückgängig")
    await phone.sees(".is-present", "keine Abwesenheit")


@pytest.mark.parametrize("locale", ["de", "en"])
async def test_pages_for_a_thumb(open_portal: OpenPortal, locale: str) -> None:
    phone = await open_portal("/portal/abwesenheitsinfo", locale=locale, viewport=PHONE)
    for path in PAGES:
        await phone.opens(path)
        assert await phone.page.evaluate(SMALL) == [], path
        await phone.axe(path)


@pytest.mark.parametrize("locale", ["de", "en"])
async def test_a_subaccount_s_pages(open_portal: OpenPortal, locale: str) -> None:
    phone = await open_portal("/portal", role=Role.SUBACCOUNT, locale=locale, viewport=PHONE)
    await phone.axe("start")
    assert await phone.page.evaluate(SMALL) == []
    await phone.page.locator("button.way").last.click()
    await phone.sees("[data-flash]")
    await phone.axe("away")
