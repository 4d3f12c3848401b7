"""Abwesenheitsinfo: written in the list, seen as the agent sees it, taken back."""

from __future__ import annotations

import pytest

from tests.browser.portal.fixtures import PHONE, OpenPortal, open_portal

__all__ = ["open_portal"]
pytestmark = pytest.mark.browser
PATH = "/portal/abwesenheitsinfo"
ERIKA = "Abwesenheitsinfo für Erika Beispiel"


async def test_a_customer_writes_an_info_and_takes_it_back(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    await visitor.fills(ERIKA, "Nur vormittags im Haus.")
    await visitor.sees(".is-info [data-spoken]", "Nur vormittags im Haus.")
    await visitor.page.locator(".save-bar button:visible").click()
    await visitor.sees("[data-flash]", "Gespeichert.")
    await visitor.sees(".is-info [data-spoken]", "Nur vormittags im Haus.")
    await visitor.clicks("Rückgängig")
    await visitor.sees("[data-flash]", "Rückgängig gemacht.")
    assert await visitor.page.get_by_label(ERIKA).input_value() == ""


async def test_by_keyboard_alone(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    await visitor.page.get_by_label("Mitarbeiter oder Text suchen").focus()
    keys = visitor.page.keyboard
    for _ in range(2):
        await keys.press("Tab")
    assert await visitor.focused() == "absence_info"
    await keys.type("Ruft zurück.")
    await visitor.sees(".save-bar")
    await keys.press("Tab")
    await keys.press("Enter")
    await visitor.sees("[data-flash]", "Gespeichert.")


async def test_too_long_is_refused_and_kept(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    await visitor.fills(ERIKA, "x" * 1001)
    await visitor.page.locator(".save-bar button:visible").click()
    await visitor.sees(".fault", "1001 Zeichen, Platz ist für 1000")
    assert await visitor.focused() == "absence_info"
    assert len(await visitor.page.get_by_label(ERIKA).input_value()) == 1001


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("scheme, viewport", [("light", PHONE), ("dark", {"width": 1280, "height": 800})])
async def test_everybody_can_use_it(
    open_portal: OpenPortal, locale: str, scheme: str, viewport: dict[str, int]
) -> None:
    visitor = await open_portal(PATH, locale=locale, color_scheme=scheme, viewport=viewport)
    await visitor.axe("list")
    await visitor.page.locator("textarea").first.fill("x" * 1001)
    await visitor.page.locator(".save-bar button:visible").click()
    await visitor.sees(".fault")
    await visitor.axe("with a fault")
