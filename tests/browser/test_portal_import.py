"""Mitarbeiter as a file, in a browser: choose, look, agree, and take it back."""

from __future__ import annotations

import pytest

from tests.browser.portal.fixtures import PHONE, OpenPortal, Visitor, open_portal

__all__ = ["open_portal"]
pytestmark = pytest.mark.browser
PATH = "/portal/mitarbeiter"


async def chooses(visitor: Visitor, text: str, encoding: str = "utf-8") -> None:
    file = {"name": "liste.csv", "mimeType": "text/csv", "buffer": text.encode(encoding)}
    await visitor.page.set_input_files("#file", file)  # type: ignore[arg-type]
    await visitor.clicks("Vorschau")


async def test_a_list_from_old_excel_is_previewed_taken_over_and_taken_back(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    before = await visitor.served.company()
    await visitor.clicks("Mitarbeiter importieren")
    await chooses(visitor, "Name;Zuständigkeit\r\nMüller, Jürgen;Größen\r\nJens Meier;Verkauf\r\n", "cp1252")
    await visitor.sees("details", "Müller, Jürgen")
    await visitor.sees("details", "Jens Meier")
    await visitor.clicks("Übernehmen")
    await visitor.sees("[data-flash]", "Übernommen.")
    await visitor.sees(".list", "Größen")

    await visitor.clicks("Mitarbeiter importieren")
    await visitor.clicks("Import rückgängig machen")

    await visitor.sees("[data-flash]", "Rückgängig gemacht.")
    assert (await visitor.served.company()).employees == before.employees


async def test_a_wrong_line_is_named_with_its_remedy(open_portal: OpenPortal) -> None:
    visitor = await open_portal(f"{PATH}/import")
    await chooses(visitor, "Name;SMS\nNeu Hier;manchmal\n")
    await visitor.sees("[role=alert]", "Eine Stelle ist zu ändern. Übernommen ist noch nichts.")
    await visitor.sees("tbody", "„manchmal“ verstehen wir nicht. Schreiben Sie ja oder nein.")
    await visitor.axe("faults")


@pytest.mark.parametrize("locale, words", [("de", "Vorschau"), ("en", "Preview")])
@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 800}])
async def test_everybody_can_use_it(
    open_portal: OpenPortal, locale: str, words: str, viewport: dict[str, int]
) -> None:
    visitor = await open_portal(f"{PATH}/import", locale=locale, viewport=viewport)
    await visitor.axe("choose")
    file = {"name": "liste.csv", "mimeType": "text/csv", "buffer": b"Name;Extra\nNeu Hier;1\n"}
    await visitor.page.set_input_files("#file", file)  # type: ignore[arg-type]
    await visitor.clicks(words)
    await visitor.sees("details")
    await visitor.axe("preview")


@pytest.mark.parametrize("hand", ["mouse", "thumb", "key"])
async def test_the_button_is_at_hand_however_long_the_list(open_portal: OpenPortal, hand: str) -> None:
    touch = {"viewport": PHONE, "has_touch": True} if hand == "thumb" else {}
    visitor = await open_portal(f"{PATH}/import", **touch)
    await chooses(
        visitor, "Name;Position\nJens Meier;Verkauf\n" + "".join(f"Neu {n};x\n" for n in range(250))
    )
    await visitor.sees("del")
    await visitor.sees("ins", "Verkauf")
    button = visitor.page.get_by_role("button", name="Übernehmen", exact=True)
    box, window = await button.bounding_box(), visitor.page.viewport_size
    assert box
    assert window
    assert box["y"] + box["height"] <= window["height"], "not to be seen without scrolling"
    if hand == "key":
        await button.focus()
        await visitor.page.keyboard.press("Enter")
    else:
        await (button.tap() if hand == "thumb" else button.click())
    await visitor.sees("[data-flash]", "Übernommen.")


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 800}])
async def test_columns_are_matched_and_the_import_is_taken_back_among_the_last_changes(
    open_portal: OpenPortal, viewport: dict[str, int]
) -> None:
    visitor = await open_portal(f"{PATH}/import", viewport=viewport)
    before = await visitor.served.company()
    await chooses(visitor, "Wer;Wo\nNeu Hier;Empfang\n")
    await visitor.sees("h1", "Spalten zuordnen")
    await visitor.axe("columns")
    await visitor.page.get_by_label("Wer").select_option("Name")
    await visitor.page.get_by_label("Wo").select_option("Position")
    await visitor.clicks("Vorschau")
    await visitor.clicks("Übernehmen")
    await visitor.sees("[data-flash]", "Übernommen.")
    await visitor.opens("/portal/letzte-aenderungen")
    await visitor.sees("td", "Mitarbeiter importiert: Neu Hier")
    await visitor.axe("last changes")
    await visitor.page.locator("td form button").first.click()
    await visitor.sees("[data-flash]", "Rückgängig gemacht.")
    assert (await visitor.served.company()).employees == before.employees
