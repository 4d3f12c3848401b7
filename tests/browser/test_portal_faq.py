"""FAQ: entered, put in order by keyboard and by dragging, told aloud."""

from __future__ import annotations

import pytest

from tests.browser.portal.fixtures import PHONE, OpenPortal, Visitor, open_portal

__all__ = ["open_portal"]
pytestmark = pytest.mark.browser
PATH = "/portal/faq"


async def order(open_page: Visitor) -> list[str]:
    return [one.question for one in (await open_page.served.company()).faq]


async def becomes(visitor: Visitor, wanted: list[str]) -> None:
    await visitor.sees("[data-live]", "Gespeichert.")
    assert await order(visitor) == wanted


async def test_order_by_keyboard_is_told_aloud(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    await visitor.page.get_by_role("button", name="Nach unten: Frage 1").focus()
    await visitor.page.keyboard.press("ArrowDown")
    await visitor.sees("[data-live]", "„Frage 1“ ist jetzt an Stelle 2 von 2. Gespeichert.")
    assert await order(visitor) == ["Frage 2", "Frage 1"]
    await visitor.page.keyboard.press("Enter")  # the other arrow has the focus now: up again
    await visitor.sees("[data-live]", "„Frage 1“ ist jetzt an Stelle 1 von 2.")
    assert await order(visitor) == ["Frage 1", "Frage 2"]


async def test_order_by_dragging(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    mouse = visitor.page.mouse
    grip = await visitor.page.locator("[data-grip]").first.bounding_box()
    below = await visitor.page.locator(".own-order li").nth(1).bounding_box()
    assert grip
    assert below
    await mouse.move(grip["x"] + 8, grip["y"] + 8)
    await mouse.down()
    await mouse.move(grip["x"] + 8, below["y"] + below["height"] - 4, steps=5)
    await mouse.up()
    await becomes(visitor, ["Frage 2", "Frage 1"])


async def test_a_question_comes_changes_goes_and_comes_back(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    await visitor.clicks("Neue Frage")
    await visitor.clicks("Speichern")
    await visitor.sees("#question-fault", "Bitte füllen Sie dieses Feld aus.")
    assert await visitor.focused() == "question"
    await visitor.fills("Frage", "Wo ist die Bestellliste?")
    await visitor.fills("Antwort", "Auf der Website.")
    await visitor.clicks("Speichern")
    await visitor.sees(".own-order", "Wo ist die Bestellliste?")

    await visitor.clicks("Wo ist die Bestellliste?")
    await visitor.clicks("Frage löschen")
    await visitor.sees("[data-flash]", "Frage gelöscht.")
    assert len(await order(visitor)) == 2
    await visitor.clicks("Rückgängig")
    await visitor.sees(".own-order", "Wo ist die Bestellliste?")


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("scheme, viewport", [("light", PHONE), ("dark", {"width": 1280, "height": 800})])
async def test_everybody_can_use_it(
    open_portal: OpenPortal, locale: str, scheme: str, viewport: dict[str, int]
) -> None:
    visitor = await open_portal(PATH, locale=locale, color_scheme=scheme, viewport=viewport)
    await visitor.axe("list")
    await visitor.opens(f"{PATH}/neu")
    await visitor.page.locator("button[type=submit]").last.click()
    await visitor.sees("#question-fault")
    await visitor.axe("with faults")
