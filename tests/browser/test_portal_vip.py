"""VIP-Kunden: entered, understood, explained where two meet, in and out as a file."""

from __future__ import annotations

import pytest
from playwright.async_api import FilePayload

from tests.browser.portal.fixtures import PHONE, OpenPortal, open_portal

__all__ = ["open_portal"]
pytestmark = pytest.mark.browser
PATH = "/portal/vip-kunden"


async def test_a_number_is_understood_while_it_is_typed(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    await visitor.clicks("Neuer VIP-Kunde")
    await visitor.fills("Rufnummer", "0171 / 39200-42")
    await visitor.sees("[data-spoken]", "Wir verstehen: +49 171 3920042")
    await visitor.sees("[data-more]", "Der Eintrag eines Mitarbeiters geht vor.")
    await visitor.fills("Rufnummer", "030 23125*")
    await visitor.sees("[data-spoken]", "Wir verstehen: +49 30 23125 …")
    await visitor.page.get_by_label("Name", exact=True).fill("Müller GmbH")
    await visitor.clicks("Speichern")
    await visitor.sees("[data-flash]", "Gespeichert.")
    await visitor.sees("td", "+49 30 23125 …")
    await visitor.page.locator("summary").click()
    await visitor.sees("details li", "Die genauere Nummer geht vor.")

    await visitor.clicks("Rückgängig")
    await visitor.sees("[data-flash]", "Rückgängig gemacht.")
    await visitor.gone("td:has-text('Müller GmbH')")


async def test_the_same_number_twice_is_refused_with_the_remedy(open_portal: OpenPortal) -> None:
    visitor = await open_portal(f"{PATH}/neu")
    await visitor.fills("Rufnummer", "030 2312*")
    await visitor.page.get_by_label("Name", exact=True).fill("Noch einmal")
    await visitor.clicks("Speichern")
    await visitor.sees("#pattern-fault", "Diese Nummer steht hier schon: „Haus Vogt“.")
    assert await visitor.focused() == "pattern"


async def test_a_file_is_looked_at_first(open_portal: OpenPortal) -> None:
    visitor = await open_portal(f"{PATH}/import")
    text = "Name;Rufnummer\nMüller;0171 3920011\n".encode("cp1252")
    file: FilePayload = {"name": "vip.csv", "mimeType": "text/csv", "buffer": text}
    await visitor.page.locator("#file").set_input_files(files=[file])
    await visitor.clicks("Vorschau")
    await visitor.sees("details", "Müller")
    await visitor.axe("plan")
    await visitor.clicks("Übernehmen")
    await visitor.sees("[data-flash]", "Die Datei ist übernommen.")
    await visitor.sees("td", "Müller")
    await visitor.clicks("Rückgängig")
    await visitor.sees("[data-flash]", "Rückgängig gemacht.")


async def test_search_follows_the_typing(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    await visitor.fills("Name, Hinweis oder Nummer suchen", "vogt")
    await visitor.sees("caption", "1 VIP-Kunde")
    await visitor.fills("Name, Hinweis oder Nummer suchen", "niemand")
    await visitor.sees("#found [role=status]", "gibt es keinen VIP-Kunden")


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("scheme, viewport", [("light", PHONE), ("dark", {"width": 1280, "height": 800})])
async def test_everybody_can_use_it(
    open_portal: OpenPortal, locale: str, scheme: str, viewport: dict[str, int]
) -> None:
    visitor = await open_portal(PATH, locale=locale, color_scheme=scheme, viewport=viewport)
    await visitor.axe("list")
    for path in (f"{PATH}/import", f"{PATH}/neu"):
        await visitor.opens(path)
        await visitor.axe(path)
    await visitor.page.locator("button[type=submit]").last.click()
    await visitor.sees("#pattern-fault")
    await visitor.axe("with faults")
