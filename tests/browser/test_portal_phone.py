"""On the phone: away with two taps."""

from __future__ import annotations

import pytest

from pbx_bridge.storage.access.accounts import Role
from tests.browser.portal.fixtures import PHONE, OpenPortal, open_portal
from tests.browser.test_portal_for_everybody import everybody

__all__ = ["open_portal"]
pytestmark = pytest.mark.browser


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
async def test_a_subaccount_s_pages(open_portal: OpenPortal, locale: str) -> None:
    phone = await open_portal("/portal", role=Role.SUBACCOUNT, locale=locale, viewport=PHONE)
    await everybody(phone, "start")
    await phone.page.locator("button.way").last.click()
    await phone.sees("[data-flash]")
    await everybody(phone, "away")
