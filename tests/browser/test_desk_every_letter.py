"""Each word that an agent types is, whatever happens, in a saved note or still on a screen; generated."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from playwright.async_api import Browser

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import OpenDesk
from tests.browser.doorway import Doorway
from tests.browser.writer import story
from tests.desk_face import scenes
from tests.until import until

pytestmark = pytest.mark.browser

SEEDS = range(5)
STEPS = 14
TYPES = """(name, words) => {
  const field = document.querySelector(`desk-note [name=${name}]`);
  field.value = words;
  field.dispatchEvent(new Event("input"));
}"""


@pytest.mark.parametrize("seed", SEEDS)
async def test_no_word_is_lost(seed: int, sqlite_url: str, way: Doorway, browser: Browser) -> None:
    async with story(seed, sqlite_url, way, browser) as told:
        for _ in range(STEPS):
            await told.step()
        await told.ends()


async def test_letters_that_another_window_sent_at_the_same_moment_are_sent_once_more(
    open_desk: OpenDesk,
) -> None:
    """What was on its way does not have them, and has come to stand in their place at the server."""
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    desk.stage.deaf.add("save_draft")
    await desk.says(f"({TYPES})('name', 'Sabine Krause'), ({TYPES})('company', 'Krause Logistik')")
    await until(lambda: desk.stage.sent(p.SaveDraft), message="on its way")
    (sent,) = desk.stage.sent(p.SaveDraft)
    theirs = replace(sent.body, company="", concern="Aus dem anderen Fenster")
    await desk.stage.emit(p.Draft(p.DraftView("c1", sent.revision - 1, theirs)))
    await desk.becomes("document.querySelector('[name=concern]').value === 'Aus dem anderen Fenster'")
    desk.stage.deaf.clear()
    await desk.stage.emit(p.Draft(p.DraftView("c1", sent.revision, sent.body)))
    await desk.stage.say(p.Answer(sent.id, True))
    await until(lambda: len(desk.stage.sent(p.SaveDraft)) > 1, message="both, at the server")
    both = desk.stage.sent(p.SaveDraft)[-1].body
    assert (both.company, both.concern) == ("Krause Logistik", "Aus dem anderen Fenster")


async def test_saving_again_while_a_save_is_on_its_way_counts_no_later_word_as_saved(
    open_desk: OpenDesk,
) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.page.fill("[name=kundennr]", "4711")
    await desk.page.fill("[name=concern]", "Angebot")
    desk.stage.deaf.update({"save_draft", "save_note"})
    await desk.press("Control+Enter")
    await until(lambda: desk.stage.sent(p.SaveNote), message="the note")
    await desk.type(" bis Freitag")
    await desk.press("Control+Enter")
    (sent,) = desk.stage.sent(p.SaveNote)
    await desk.stage.say(p.Answer(sent.id, True))
    await desk.stage.emit(p.CallClosed("c1"))
    await desk.sees(".notice[data-kind=good]")
    assert await desk.page.input_value("[name=concern]") == "Angebot bis Freitag"
    assert await desk.page.locator("[name=concern]").is_visible()
