"""Mitarbeiter: somebody comes, changes, goes, and comes back."""

from __future__ import annotations

import pytest

from tests.browser.portal.fixtures import PHONE, OpenPortal, open_portal

__all__ = ["open_portal"]
pytestmark = pytest.mark.browser
PATH = "/portal/mitarbeiter"


async def test_a_new_employee_is_added_with_the_mistakes_explained(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    await visitor.clicks("Neuen Mitarbeiter anlegen")
    await visitor.fills("Name des Mitarbeiters", "Müller, Jürgen")
    await visitor.page.get_by_label("SMS-Benachrichtigung", exact=True).check()
    await visitor.page.get_by_label("Mitarbeiter wünscht Durchstellen").select_option("all")
    await visitor.clicks("Speichern")
    await visitor.sees("#mobile-fault", "Für SMS brauchen wir hier eine Mobilnummer.")
    await visitor.sees("#extension-fault", "Zum Durchstellen brauchen wir hier eine Rufnummer.")
    assert await visitor.focused() == "mobile"
    assert await visitor.page.input_value("#name") == "Müller, Jürgen"

    await visitor.fills("Mobilnummer", "0171 3920007")
    await visitor.fills("Durchwahl des Mitarbeiters", "030 23125-117")
    await visitor.clicks("Speichern")

    await visitor.sees("[data-flash]", "Angelegt.")
    await visitor.sees(".list", "Müller, Jürgen")
    stored = next(p for p in (await visitor.served.company()).employees if p.name == "Müller, Jürgen")
    assert (stored.family_name, stored.mobile, stored.extension) == (
        "Müller",
        "+491713920007",
        "+493023125117",
    )


async def test_the_list_follows_the_search_and_the_order(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    await visitor.page.get_by_role("searchbox").fill("erik")
    await visitor.sees("caption", "1 Mitarbeiter")
    assert await visitor.page.locator("tbody tr").all_inner_texts() != []
    assert "erik" not in visitor.page.url.lower(), "no address says whom somebody looks for"
    await visitor.page.reload()
    await visitor.sees("caption", "1 Mitarbeiter")
    assert await visitor.page.get_by_role("searchbox").input_value() == "erik"
    await visitor.page.get_by_role("searchbox").fill("niemand")
    await visitor.sees("#found", "Niemand gefunden für „niemand“.")
    await visitor.page.get_by_role("searchbox").fill("")
    await visitor.sees("caption", "2 Mitarbeiter")
    await visitor.clicks("nach Vornamen sortieren")
    await visitor.sees("caption", "nach Vornamen sortiert")


async def test_who_is_still_counted_on_goes_with_a_warning_and_comes_back_whole(
    open_portal: OpenPortal,
) -> None:
    visitor = await open_portal(PATH)
    before = await visitor.served.company()
    await visitor.clicks("Jens Meier")
    await visitor.clicks("Löschen")
    await visitor.sees("[role=alert]", "Vertretung von: Erika Beispiel.")
    await visitor.clicks("Löschen")
    await visitor.sees("[data-flash]", "Gelöscht.")
    assert len((await visitor.served.company()).employees) == 1

    await visitor.clicks("Rückgängig")

    await visitor.sees(".list", "Jens Meier")
    assert (await visitor.served.company()).employees == before.employees


async def test_mutual_deputies_are_told_so(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    await visitor.clicks("Jens Meier")
    await visitor.page.get_by_label("Vertreter wählen").select_option(label="Beispiel, Erika")
    await visitor.sees("[data-unsaved]", "Noch nicht gespeichert.")
    await visitor.clicks("Speichern")
    await visitor.sees(".note", "Sie vertreten sich gegenseitig.")


async def test_the_whole_form_works_by_keyboard(open_portal: OpenPortal) -> None:
    visitor = await open_portal(f"{PATH}/neu")
    await visitor.page.locator("#name").focus()
    await visitor.page.keyboard.type("Lena Vogel")
    await visitor.page.keyboard.press("Tab")
    await visitor.page.keyboard.type("Empfang")
    await visitor.page.keyboard.press("Enter")
    await visitor.sees(".list", "Lena Vogel")


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 800}])
async def test_everybody_can_use_it(open_portal: OpenPortal, locale: str, viewport: dict[str, int]) -> None:
    visitor = await open_portal(PATH, locale=locale, viewport=viewport)
    await visitor.axe("list")
    jens = visitor.served.house.jens
    for path in (f"{PATH}/neu", f"{PATH}/{jens}", f"{PATH}/{jens}/loeschen", f"{PATH}?q=niemand"):
        await visitor.opens(path)
        await visitor.axe(path)


async def test_what_can_be_done_opens_over_the_rows_and_goes_away_again(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    page = visitor.page
    rows, menus = page.locator("tbody tr"), page.locator("details.deeds")
    before = await rows.nth(1).bounding_box()
    await menus.nth(0).locator("summary").click()
    await visitor.sees("details[open].deeds", "Bearbeiten")
    assert await rows.nth(1).bounding_box() == before, "nothing moves under the pointer"
    await page.keyboard.press("Escape")
    await visitor.gone("details[open].deeds ul")
    await menus.nth(0).locator("summary").click()
    await page.get_by_role("heading", name="Mitarbeiter").click()
    await visitor.gone("details[open].deeds ul")
    await menus.nth(1).locator("summary").click()
    await menus.nth(1).get_by_role("link", name="Termine").click()
    await visitor.sees("h1", "Termine")
