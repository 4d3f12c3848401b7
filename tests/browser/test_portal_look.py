"""Every page of the portal with people of odd names, measured: no word torn, no text cut, nothing on top of
another thing to press."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.async_playwright import Axe

from tests.browser.geometry import faults
from tests.browser.portal.fixtures import PHONE, OpenPortal, open_portal
from tests.browser.test_portal_for_everybody import PAGES
from tests.odd_company import fill
from tests.stuck_messages import all_kinds

__all__ = ["open_portal"]
pytestmark = pytest.mark.browser
WIDTHS = (360, 390, 700, 1024, 1440)


@pytest.mark.parametrize("locale", ["de", "en"])
async def test_no_page_tears_words_or_cuts_texts(open_portal: OpenPortal, locale: str) -> None:
    visitor = await open_portal("/portal/faq/neu", locale=locale)
    house, page, found = visitor.served.house, visitor.page, []
    await fill(visitor.served.db, house)
    await all_kinds(visitor.served.db, house)
    for path in PAGES:
        await visitor.opens(path.format(erika=house.erika, jens=house.jens))
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": 844})
            found += await faults(page)
    assert not found, "\n".join(sorted(set(found)))


async def test_every_page_can_be_read_in_the_dark(open_portal: OpenPortal) -> None:
    phone = await open_portal("/portal/faq/neu", viewport=PHONE, color_scheme="dark")
    house = phone.served.house
    await fill(phone.served.db, house)
    await all_kinds(phone.served.db, house)
    for path in PAGES:
        await phone.opens(path.format(erika=house.erika, jens=house.jens))
        result = await Axe().run(phone.page, options={"runOnly": ["color-contrast"]})
        found = [node["html"][:120] for one in result.response["violations"] for node in one["nodes"]]
        assert found == [], path


TALLEST = {
    "/portal/mitarbeiter/{erika}": 2_000,
    "/portal/mitarbeiter/neu": 2_000,
    "/portal/probeanruf": 1_100,
}
"""Pixels of a page that somebody looks after on a phone of 390 pixels."""


async def test_the_seldom_wanted_parts_of_a_long_form_are_folded_on_a_phone(open_portal: OpenPortal) -> None:
    phone = await open_portal("/portal/faq/neu", viewport={"width": 390, "height": 844})
    for path, most in TALLEST.items():
        await phone.opens(path.format(erika=phone.served.house.erika))
        assert await phone.page.evaluate("document.documentElement.scrollHeight") < most, path
    await phone.opens(f"/portal/mitarbeiter/{phone.served.house.erika}")
    parts = phone.page.locator("details.fold")
    assert "Jens" in await parts.nth(0).locator("summary").inner_text(), "what is in it stands outside"
    await parts.nth(1).locator("summary").click()
    await phone.page.locator("#extension").fill("0900 123456")
    save = phone.page.locator(".save-bar .is-primary")
    box = await save.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 844, "in sight as soon as something is different"
    await save.click()
    await phone.sees("#extension-fault")
    assert await phone.page.locator("#extension").is_visible(), "what is wrong is not folded"
    await phone.opens(f"/portal/mitarbeiter/{phone.served.house.erika}#hours")
    assert await phone.focused() == "hours"


async def test_a_form_has_all_its_parts_open_on_a_wide_screen(open_portal: OpenPortal) -> None:
    wide = await open_portal("/portal/mitarbeiter/neu")
    assert await wide.page.locator("details.fold:not([open])").count() == 0


async def test_an_absence_of_several_days_is_one_bar_in_the_month(open_portal: OpenPortal) -> None:
    wide = await open_portal("/portal/faq/neu", viewport={"width": 1440, "height": 900})
    await fill(wide.served.db, wide.served.house)
    await wide.opens("/portal/termine/monat?monat=2026-11")
    cells = wide.page.locator(".month td")
    days = await cells.evaluate_all("all => all.map((one) => one.getBoundingClientRect().width)")
    bars = wide.page.locator(".entry-of:visible")
    widths = await bars.evaluate_all("all => all.map((one) => [one.className, one.offsetWidth])")
    widths = [(int(re.findall(r"spans-(\d)", name)[0]), width) for name, width in widths]
    assert {span for span, _ in widths} > {1, 2, 7}
    for span, width in widths:
        assert abs(width - span * min(days)) < 8, (span, width)
    texts = await bars.all_inner_texts()
    # Five have this name, so what tells them apart stands behind it.
    away = re.compile(r"Łukasz Żółć · [^:]+: im Urlaub")
    assert sum(bool(away.search(text)) for text in texts) == 3, "one for each week and appointment"
    signs = """all => all.filter((one) => getComputedStyle(one, "::after").content.includes("›")).length"""
    further = sum("geht danach weiter" in text for text in texts)
    assert await bars.evaluate_all(signs) == further > 0, "a sign, and words for whoever sees none"
    await wide.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    on_monday = wide.page.locator("td.is-today .entry-of:visible")
    assert any(away.search(text) for text in await on_monday.all_inner_texts()), "each day has all"
    assert await faults(wide.page) == []


async def test_the_answer_of_a_rehearsal_stands_close_to_the_question(open_portal: OpenPortal) -> None:
    phone = await open_portal("/portal/faq/neu", viewport={"width": 390, "height": 844})
    await fill(phone.served.db, phone.served.house)
    await phone.opens("/portal/probeanruf")
    await phone.page.locator(".asking .is-primary").click()
    await phone.sees("#plan")
    tops = [await phone.page.locator(part).bounding_box() for part in ("#screen", "#plan")]
    assert tops[1]["y"] - tops[0]["y"] < 2 * 844  # type: ignore[index]
    await phone.page.locator("summary", has_text="weitere Mitarbeiter").click()
    assert await phone.page.locator(".people li:visible").count() >= 20, "there for whoever wants them"
    assert await faults(phone.page) == []
