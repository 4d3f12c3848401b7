"""Vollständigkeit: what is missing is mended in one go, and the badge goes."""

from __future__ import annotations

import pytest

from tests.browser.portal.fixtures import PHONE, OpenPortal, open_portal

__all__ = ["open_portal"]
pytestmark = pytest.mark.browser
PATH = "/portal/vollstaendigkeit"


async def test_a_customer_mends_what_is_missing_and_is_ready(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    await visitor.sees(".verdict", "Noch nicht bereit für die Rufumleitung: 2 Angaben fehlen.")
    await visitor.sees(".gaps", "2")
    await visitor.page.locator(".tasks.is-failed a").first.focus()
    await visitor.page.keyboard.press("Enter")
    await visitor.sees("h1", "Unternehmen")
    await visitor.page.wait_for_function("document.activeElement.name === 'default_email'")
    await visitor.page.keyboard.type("zentrale@mustermann.example")
    await visitor.clicks("Speichern")
    await visitor.sees("[data-flash]", "Gespeichert.")
    await visitor.opens(PATH)
    await visitor.sees(".verdict", "Bereit für die Rufumleitung.")
    await visitor.gone(".gaps")
    await visitor.sees(".forwarding-codes", "**61*03023125100#")


@pytest.mark.parametrize("locale", ["de", "en"])
async def test_nobody_is_kept_out(open_portal: OpenPortal, locale: str) -> None:
    visitor = await open_portal(PATH, locale=locale)
    await visitor.axe("wide")
    await visitor.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await visitor.axe("on a phone")
