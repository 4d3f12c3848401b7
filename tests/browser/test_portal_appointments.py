"""Termine: made, seen before saving, overlapping, asked about, taken back."""

from __future__ import annotations

import pytest

from tests.browser.portal.fixtures import PHONE, OpenPortal, open_portal

__all__ = ["open_portal"]
pytestmark = pytest.mark.browser
PATH = "/portal/termine"


async def test_a_holiday_from_the_first_field_to_the_list_and_back(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    page = visitor.page
    await visitor.clicks("Neuer Termin")
    await page.locator("#employee").select_option(label="Beispiel, Erika")
    await visitor.fills("Was wir ausrichten", "im Urlaub")
    await page.locator("#start_day").fill("2026-12-01")
    await page.locator("#end_day").fill("2026-12-17")
    await visitor.sees("[data-spoken]", "im Urlaub, bis Do 17.12.")
    await visitor.clicks("Speichern")
    await visitor.sees("[data-flash]", "Termin gespeichert.")
    await visitor.sees("td", "Di 01.12. bis Do 17.12.")

    await visitor.clicks("Rückgängig")
    await visitor.sees("[data-flash]", "Rückgängig gemacht.")
    await visitor.gone("td:has-text('17.12.')")


async def test_a_narrower_one_is_announced_before_it_is_saved(open_portal: OpenPortal) -> None:
    visitor = await open_portal(f"{PATH}/neu")
    page = visitor.page
    house = visitor.served.house
    for text, days in (
        ("Messe", {"end_day": "2026-12-03"}),
        ("Vortrag", {"start_time": "10:00", "end_time": "11:00"}),
    ):
        await visitor.opens(f"{PATH}/neu?mitarbeiter={house.jens}&tag=2026-12-01")
        await visitor.fills("Was wir ausrichten", text)
        for name, value in days.items():
            await page.locator(f"#{name}").fill(value)
        await visitor.sees("[data-spoken]", text)
        if text == "Messe":
            await visitor.clicks("Speichern")
            await visitor.sees("[data-flash]")
    await visitor.clicks("Speichern")
    await visitor.sees("td", "Di 01.12., 10:00 bis 11:00 Uhr gilt stattdessen „Vortrag“.")

    await visitor.clicks("Monat")
    await visitor.clicks("Nächster Monat")
    await visitor.sees("h2", "Dezember 2026")
    await visitor.sees("td .entry-of", "Meier: Messe")
    await visitor.sees("td .entry-of", "10:00 Meier: Vortrag")


@pytest.mark.parametrize(
    "day, start, words",
    [
        ("2027-03-28", "02:30", "02:30 Uhr gibt es an diesem Tag nicht"),
        ("2027-10-31", "02:30", "02:30 Uhr gibt es in dieser Nacht zweimal"),
        ("2026-12-01", "23:30", "Das Ende liegt nicht nach dem Anfang."),
    ],
)
async def test_each_error_is_the_one_intended(
    open_portal: OpenPortal, day: str, start: str, words: str
) -> None:
    visitor = await open_portal(PATH)
    await visitor.opens(f"{PATH}/neu?mitarbeiter={visitor.served.house.erika}&tag={day}")
    await visitor.fills("Was wir ausrichten", "Wartung")
    await visitor.page.locator("#start_time").fill(start)
    await visitor.page.locator("#end_time").fill("09:00")
    await visitor.clicks("Speichern")
    await visitor.sees(".fault", words)
    assert await visitor.page.locator(".fault").count() == 1
    assert await visitor.page.locator("#text").input_value() == "Wartung"
    if "zweimal" in words:
        await visitor.page.locator("#start_twice").select_option("second")
        await visitor.clicks("Speichern")
        await visitor.sees("[data-flash]", "Termin gespeichert.")


async def test_past_ones_fold_open_and_search_finds(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    await visitor.gone(".past td")
    await visitor.page.locator("summary").press("Enter")
    await visitor.sees(".past td", "Urlaub")
    await visitor.fills("Mitarbeiter oder Text suchen", "urlaub")
    await visitor.sees("#found [role=status]", "kein kommender Termin")
    await visitor.sees(".past[open] td", "Urlaub")


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("scheme, viewport", [("light", PHONE), ("dark", {"width": 1280, "height": 800})])
async def test_everybody_can_use_it(
    open_portal: OpenPortal, locale: str, scheme: str, viewport: dict[str, int]
) -> None:
    visitor = await open_portal(PATH, locale=locale, color_scheme=scheme, viewport=viewport)
    await visitor.page.locator("summary").click()
    await visitor.axe("list")
    for path in (f"{PATH}/monat?monat=2026-10", f"{PATH}/neu"):
        await visitor.opens(path)
        await visitor.axe(path)
    await visitor.page.locator("button[type=submit]").last.click()
    await visitor.sees("#text-fault")
    await visitor.axe("with faults")
