"""The desk in both languages and both themes: nothing missing, nothing that is nobody's business."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.async_playwright import Axe

from pbx_bridge.web.i18n import catalogue
from tests.browser.conftest import Desk, OpenDesk
from tests.desk_face import sample_views, scenes

pytestmark = pytest.mark.browser
GAP = re.compile(r"\{(\w+)")


def gaps(sentence: str) -> set[str]:
    """Those of a sentence; a month is a figure in some languages and a name in others."""
    return {gap.removesuffix("_name") for gap in GAP.findall(sentence)}


def test_german_and_english_have_the_same_texts_with_the_same_gaps() -> None:
    german, english = catalogue("desk", "de"), catalogue("desk", "en")
    assert german.keys() == english.keys()
    differing = [key for key in german if gaps(german[key]) != gaps(english[key])]
    assert not differing, f"gaps differ: {differing}"


async def axe(desk: Desk, where: str) -> None:
    found = (await Axe().run(desk.page)).response["violations"]
    assert not found, (where, [(v["id"], [node["html"][:160] for node in v["nodes"]]) for v in found])


@pytest.mark.parametrize("locale, theme", [("de", "light"), ("en", "dark")])
async def test_axe_finds_nothing_in_any_state(open_desk: OpenDesk, locale: str, theme: str) -> None:
    desk = await open_desk(locale=locale, color_scheme=theme, reduced_motion="reduce")
    for name, scene in scenes.SCENES.items():
        desk.stage.picture = sample_views.quiet()
        await scene(desk.stage)
        await desk.page.reload()
        await desk.sees("#desk[data-connection=up]")
        await desk.sees("#call" if desk.stage.picture.calls else "desk-idle")
        await axe(desk, name)
        words = set((await desk.says("document.body.innerText")).split())
        assert not words & catalogue("desk", locale).keys() - {"refused"}, f"{name}: keys instead of words"


async def test_axe_finds_nothing_in_menus_errors_and_the_sheet(open_desk: OpenDesk) -> None:
    desk = await open_desk(reduced_motion="reduce")
    await scenes.ended(desk.stage)
    await desk.sees("#desk[data-phase=ended]")
    await desk.press("Control+Enter")
    await desk.sees(".note-missing")
    await desk.says("new Promise((done) => setTimeout(done))")  # the focus goes to the gap a turn later
    typing = "document.activeElement.matches('input, textarea, select')"
    for key, then in (("Escape", f"!{typing}"), ("f", typing), ("Escape", f"!{typing}")):
        await desk.press(key)
        await desk.becomes(then)
    await desk.press("o")
    await desk.sees("desk-note [role=menu]")
    await axe(desk, "menu")
    await desk.press("Escape", "?")
    await desk.sees("#sheet[open]", "Mitarbeiter suchen")
    await axe(desk, "sheet")


async def test_english_agents_read_english(open_desk: OpenDesk) -> None:
    desk = await open_desk(locale="en")
    await desk.sees("desk-idle", "You are ready.")
    await scenes.deputy(desk.stage)
    await desk.sees(".steps", "Jürgen Müller is being rung")
    await desk.sees(".there", "Im Urlaub, until Fri 27 Nov")
    await desk.sees(".foot-key", "back to the caller")


async def test_no_mail_address_and_no_employee_mobile_is_in_the_page(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    for scene in (scenes.crowd, scenes.consulting):
        desk.stage.picture = sample_views.quiet()
        await scene(desk.stage)
        await desk.sees(".employee")
        html = await desk.says("document.documentElement.outerHTML")
        assert "@" not in html
        numbers = {re.sub(r"\D", "", number) for number in re.findall(r"(?:\+49|0)\s?1[567][\d\s]{7,}", html)}
        assert numbers <= {"01713920042"}, f"only the caller's own number may be here: {numbers}"


async def test_single_letters_can_be_switched_off_and_alt_still_works(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await desk.press("?")
    await desk.page.uncheck("#sheet label:has-text('Einzelne Buchstaben') input")
    await desk.press("Escape", "p")
    assert await desk.page.locator("desk-me .menu").is_hidden()
    await desk.press("Alt+p")
    await desk.sees("desk-me .menu", "Mittag")


async def test_the_chosen_theme_survives_a_reload(open_desk: OpenDesk) -> None:
    desk = await open_desk(color_scheme="light")
    paper = await desk.says("getComputedStyle(document.body).backgroundColor")
    await desk.press("?")
    await desk.page.select_option("#theme", "dark")
    await desk.page.reload()
    await desk.becomes(f"getComputedStyle(document.body).backgroundColor !== {paper!r}")
    assert await desk.says("document.documentElement.dataset.theme") == "dark"


async def test_what_changed_is_said_once(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await desk.says(
        """window.heard = [];
        const hear = (all) => all.forEach((one) => one.addedNodes.forEach((p) => heard.push(p.textContent)));
        new MutationObserver(hear).observe(document.getElementById("live"), { childList: true });"""
    )
    await scenes.consulting(desk.stage)
    await desk.sees("[data-act=connect]")
    heard = await desk.says("window.heard")
    assert heard == [
        "Anruf für Mustermann AG. VIP-Kunde Hans Müller.",
        "Im Gespräch.",
        "Erika Beispiel klingelt.",
        "Jürgen Müller klingelt.",
        "Sie sprechen mit Jürgen Müller.",
    ]


@pytest.mark.parametrize("width, height", [(1280, 800), (1280, 720), (1920, 1080), (3840, 2160), (640, 900)])
async def test_nothing_is_wider_than_the_screen(open_desk: OpenDesk, width: int, height: int) -> None:
    desk = await open_desk(viewport={"width": width, "height": height})
    await scenes.crowd(desk.stage)
    await desk.sees(".company-name")
    assert await desk.says("document.documentElement.scrollWidth <= innerWidth")
