"""Unternehmen: what the company says about itself, and that it can be taken back."""

from __future__ import annotations

import pytest

from tests.browser.portal.fixtures import PHONE, OpenPortal, open_portal

__all__ = ["open_portal"]
pytestmark = pytest.mark.browser
PATH = "/portal/unternehmen"


async def test_a_customer_changes_the_greeting_and_takes_it_back(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    before = (await visitor.served.company()).greeting
    await visitor.gone(".save-bar")

    await visitor.fills("Begrüßung", "Guten Tag, hier ist [Vorname] von der Mustermann AG.")
    await visitor.sees("[data-spoken]", "Guten Tag, hier ist Anna von der Mustermann AG.")
    await visitor.clicks("Speichern")
    await visitor.sees("[data-flash]", "Gespeichert.")
    assert (await visitor.served.company()).greeting.startswith("Guten Tag, hier ist [Vorname]")

    await visitor.clicks("Rückgängig")
    await visitor.sees("[data-flash]", "Rückgängig gemacht.")
    assert (await visitor.served.company()).greeting == before
    await visitor.gone("[data-flash]")


@pytest.mark.parametrize(
    "greeting, words",
    [
        ("Mustermann AG, guten Tag.", "Der Platzhalter für den Namen des Agenten fehlt."),
        ("Mustermann AG, [Anna, Keller].", "überschrieben"),
        ("Mustermann AG, [Vorname Nachname", "nicht geschlossen"),
    ],
)
async def test_a_greeting_without_its_placeholder_is_refused_with_the_remedy(
    open_portal: OpenPortal, greeting: str, words: str
) -> None:
    visitor = await open_portal(PATH)
    before = (await visitor.served.company()).greeting
    await visitor.fills("Begrüßung", greeting)
    await visitor.sees("[data-fault]", words)

    await visitor.clicks("Speichern")

    await visitor.sees("#greeting-fault", words)
    assert await visitor.page.input_value("#greeting") == greeting
    assert await visitor.focused() == "greeting"
    assert (await visitor.served.company()).greeting == before


async def test_two_people_change_the_same_and_nothing_is_lost(open_portal: OpenPortal) -> None:
    first, second = await open_portal(PATH), await open_portal(PATH)
    await first.page.locator("#instruction").fill("Heute geschlossen.")
    await first.clicks("Speichern")
    await first.sees("[data-flash]", "Gespeichert.")

    await second.page.locator("#instruction").fill("Heute nur bis 12 Uhr.")
    await second.clicks("Speichern")
    await second.sees(".theirs", "Heute geschlossen.")
    assert await second.page.input_value("#instruction") == "Heute nur bis 12 Uhr."

    await second.clicks("Speichern")
    await second.sees("[data-flash]", "Gespeichert.")
    assert (await second.served.company()).instruction == "Heute nur bis 12 Uhr."


async def test_without_scripts_it_works_too(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH, java_script_enabled=False, viewport=PHONE)
    await visitor.clicks("Menü")
    await visitor.sees("nav", "Unternehmen")
    await visitor.clicks("Schließen")
    await visitor.page.locator("#greeting").fill("Guten Tag, [Nachname].")
    await visitor.clicks("Speichern")
    await visitor.sees("[data-flash]", "Gespeichert.")
    await visitor.sees("[data-spoken]", "Guten Tag, Keller.")
    await visitor.clicks("Rückgängig")
    await visitor.sees("[data-flash]", "Rückgängig gemacht.")


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 800}])
async def test_everybody_can_use_it(
    open_portal: OpenPortal, locale: str, scheme: str, viewport: dict[str, int]
) -> None:
    visitor = await open_portal(PATH, locale=locale, color_scheme=scheme, viewport=viewport)
    await visitor.axe("as stored")
    await visitor.page.locator("#greeting").fill("Ohne Platzhalter")
    await visitor.page.locator("button[type=submit]").last.click()
    await visitor.sees("#greeting-fault")
    await visitor.axe("with a fault")


async def test_an_address_with_an_umlaut_stays_as_it_was_typed(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    await visitor.page.fill("#default_email", "")
    await visitor.page.type("#default_email", "empfang@müller.example")
    await visitor.clicks("Speichern")
    await visitor.sees("[data-flash]", "Gespeichert.")
    assert await visitor.page.input_value("#default_email") == "empfang@müller.example"
    assert (await visitor.served.company()).default_email == "empfang@müller.example"
