"""Statistik > Anruferdaten: from the period to a single call, and to a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.portal.fixtures import PHONE, OpenPortal, Visitor, open_portal
from tests.calls_of_a_week import call_often
from tests.sample_company import NOW

__all__ = ["open_portal"]
pytestmark = pytest.mark.browser
PATH = "/portal/statistik"


async def _with_calls(open_portal: OpenPortal, path: str = PATH, **how: object) -> Visitor:
    visitor = await open_portal("/portal/unternehmen", **how)
    await call_often(visitor.served.db, visitor.served.house, NOW)
    await visitor.opens(path)
    return visitor


async def test_a_customer_finds_a_call_and_reads_all_of_it(open_portal: OpenPortal) -> None:
    visitor = await _with_calls(open_portal)
    await visitor.sees(".nothing", "Noch ist kein Zeitraum gewählt.")
    await visitor.page.get_by_label("Dieser Monat").check()
    await visitor.clicks("Statistik anzeigen")
    await visitor.sees(".figures", "121")
    await visitor.sees("figure", "Für wen angerufen wurde")

    row = visitor.page.locator("[data-calls] .name a").first
    await row.click()
    await visitor.sees(".opened", "Angebot 4711, er nimmt es an.")
    for words in ("abgelehnt", "als Vertretung", "nicht zugestellt", "Frühere Fassung", "Bestandskunde"):
        await visitor.sees(".opened", words)
    await row.click()
    await visitor.gone(".opened")


async def test_words_and_people_narrow_the_list(open_portal: OpenPortal) -> None:
    visitor = await _with_calls(open_portal, f"{PATH}?period=month")
    await visitor.page.get_by_text("Nur bestimmte Anrufe").click()
    await visitor.fills("Wörter oder Rufnummer", "ANGEBOT 4711 annimmt")
    await visitor.clicks("Statistik anzeigen")
    await visitor.sees(".nothing", "keinen Anruf, auf den alles zutrifft")
    await visitor.fills("Wörter oder Rufnummer", "angebot 4711, er nimmt")
    await visitor.page.get_by_label("Ergebnis").select_option("durchgestellt")
    await visitor.clicks("Statistik anzeigen")
    await visitor.sees("[data-calls]", "Angebot 4711")
    assert await visitor.page.locator("[data-calls] tbody tr").count() == 1


async def test_older_calls_follow_without_a_gap(open_portal: OpenPortal) -> None:
    visitor = await _with_calls(open_portal, f"{PATH}?period=month")
    seen: list[str | None] = []
    while True:
        links = visitor.page.locator("[data-calls] .name a")
        seen += [await link.get_attribute("href") for link in await links.all()]
        more = visitor.page.get_by_role("link", name="Ältere Anrufe")
        if not await more.count():
            break
        await more.click()
        await visitor.page.wait_for_load_state()
    assert len(seen) == len(set(seen)) == 121


@pytest.mark.parametrize("words, ending", [("CSV für Excel", ".csv"), ("Excel-Datei", ".xlsx")])
async def test_the_list_can_be_taken_along(open_portal: OpenPortal, words: str, ending: str) -> None:
    visitor = await _with_calls(open_portal, f"{PATH}?period=month")
    async with visitor.page.expect_download() as coming:
        await visitor.clicks(words)
    download = await coming.value
    assert download.suggested_filename == f"anrufe-2026-11-01-2026-11-23{ending}"
    assert Path(await download.path()).stat().st_size > 5_000


async def test_a_period_that_ends_before_it_begins_is_named_at_its_field(open_portal: OpenPortal) -> None:
    visitor = await open_portal(PATH)
    await visitor.page.get_by_label("Eigener Zeitraum").check()
    await visitor.fills("Erster Tag", "2026-11-20")
    await visitor.fills("Letzter Tag", "2026-11-02")
    await visitor.clicks("Statistik anzeigen")
    await visitor.sees("#last-fault", "Der letzte Tag liegt vor dem ersten.")
    assert await visitor.focused() == "last"
    assert await visitor.page.input_value("#first") == "2026-11-20"


async def test_the_keyboard_alone_is_enough(open_portal: OpenPortal) -> None:
    visitor = await _with_calls(open_portal)
    keyboard = visitor.page.keyboard
    await visitor.page.locator("[name=period]:checked").focus()
    await keyboard.press("ArrowRight")
    await keyboard.press("Enter")
    await visitor.sees("[data-calls]")
    assert "period=month" in visitor.page.url
    await visitor.page.locator("[data-calls] .name a").first.focus()
    await keyboard.press("Enter")
    await visitor.sees(".opened", "Angebot 4711")
    await keyboard.press("Tab")
    assert await visitor.page.evaluate("document.activeElement.closest('.opened') !== null")


async def test_without_scripts_a_row_leads_to_its_call(open_portal: OpenPortal) -> None:
    visitor = await _with_calls(open_portal, f"{PATH}?period=month", java_script_enabled=False)
    await visitor.page.locator("[data-calls] .name a").first.click()
    await visitor.sees("h1", "Anruf")
    await visitor.sees(".call", "Angebot 4711")


@pytest.mark.parametrize("locale", ["de", "en"])
async def test_nobody_is_kept_out(open_portal: OpenPortal, locale: str) -> None:
    visitor = await _with_calls(open_portal, locale=locale)
    await visitor.axe("the question")
    await visitor.opens(f"{PATH}?period=month")
    for panel in await visitor.page.locator("figure summary").all():
        await panel.click()
    await visitor.page.locator("[data-calls] .name a").first.click()
    await visitor.sees(".opened")
    await visitor.axe("the answer")
    await visitor.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await visitor.axe("the answer on a phone")
