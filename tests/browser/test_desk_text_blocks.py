"""Text blocks of the company: shown, found, filled from the call and put where the cursor stands."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import Desk, OpenDesk
from tests.desk_face import sample_views
from tests.rules.text_block_cases import CASES
from tests.until import until

pytestmark = pytest.mark.browser
CONCERN = "desk-note [name=concern]"
PANEL = ".blocks-panel"
INPUT = ".blocks-input"
RULE = """async (cases) => {
  const loaded = performance.getEntriesByType("resource").map((one) => one.name);
  const { filled } = await import(loaded.find((name) => /\\/blocks[.\\w-]*\\.js/.test(name)));
  return cases.map(([text, values]) => filled(text, values));
}"""


async def talking(open_desk: OpenDesk, **pop: Any) -> Desk:
    desk = await open_desk()
    await desk.stage.offer(sample_views.mustermann(**pop))
    await desk.stage.talk("c1")
    await desk.sees("#desk[data-phase=talking]")
    return desk


def kept(desk: Desk) -> str:
    """The concern in the newest draft."""
    drafts = desk.stage.sent(p.SaveDraft)
    return str(drafts[-1].body.concern) if drafts else ""


async def becomes(desk: Desk, value: str, control: str = CONCERN) -> None:
    await desk.becomes(f"document.querySelector({control!r}).value === {json.dumps(value)}")


async def test_in_the_midst_of_a_word_one_key_shows_what_there_is_and_enter_puts_it_there(
    open_desk: OpenDesk,
) -> None:
    desk = await talking(open_desk)
    await desk.page.locator(CONCERN).focus()
    await desk.type("Ruft an. Danke.")
    for _ in range(7):
        await desk.press("ArrowLeft")
    await desk.press("Alt+t")
    await desk.sees(".blocks-list li", "Hans Müller bittet um ein Angebot. Rückruf unter 0171 3920042.")
    assert await desk.page.locator(".blocks-list li").count() == 3
    await desk.press("Enter")
    await desk.gone(PANEL)
    await becomes(desk, "Ruft an. Hans Müller bittet um ein Angebot. Rückruf unter 0171 3920042. Danke.")
    await desk.type(" Heute.")
    await becomes(
        desk, "Ruft an. Hans Müller bittet um ein Angebot. Rückruf unter 0171 3920042. Heute. Danke."
    )
    await until(lambda: kept(desk).endswith("Heute. Danke."), message="kept")


async def test_it_is_found_by_letters_and_nothing_typed_there_acts_at_the_telephone(
    open_desk: OpenDesk,
) -> None:
    desk = await talking(open_desk)
    await desk.press("t")
    await desk.becomes(f"document.activeElement.matches({INPUT!r})")
    await desk.type("hr1 rekl")
    await desk.sees(f"{PANEL} .none", "hr1 rekl")
    await desk.page.fill(INPUT, "lieferung")
    await desk.becomes("document.querySelectorAll('.blocks-list li').length === 1")
    await desk.press("Enter")
    await becomes(desk, "Hans Müller reklamiert eine Lieferung; bitte Rückruf durch ….")
    await desk.type("Frau Beispiel")
    await becomes(desk, "Hans Müller reklamiert eine Lieferung; bitte Rückruf durch Frau Beispiel.")
    kinds = {type(one) for one in desk.stage.commands}
    assert kinds <= {p.SaveDraft, p.CheckNote}, "a letter has reached the telephone"


async def test_esc_leads_back_to_the_cursor_and_inserts_nothing(open_desk: OpenDesk) -> None:
    desk = await talking(open_desk)
    await desk.page.locator(CONCERN).focus()
    await desk.type("Ruft an")
    await desk.press("Alt+t", "ArrowDown", "Escape")
    await desk.gone(PANEL)
    await desk.type(" wegen")
    await becomes(desk, "Ruft an wegen")


async def test_the_mouse_does_the_same_and_ctrl_z_takes_it_back(open_desk: OpenDesk) -> None:
    desk = await talking(open_desk)
    await desk.page.locator(CONCERN).focus()
    await desk.type("Eilt:")
    await desk.page.click(".blocks-button")
    await desk.page.locator(".blocks-list li").nth(2).click()
    await becomes(desk, "Eilt: Hans Müller meldet sich wieder, kein Rückruf nötig.")
    await desk.press("Control+z")
    await becomes(desk, "Eilt:")


async def test_what_was_typed_of_the_caller_counts_more_than_what_the_number_tells(
    open_desk: OpenDesk,
) -> None:
    desk = await talking(open_desk)
    await desk.page.fill("desk-note [name=name]", "Petra Müller")
    await desk.page.fill("desk-note [name=callback]", "030 23125077")
    await desk.press("Escape")
    await desk.page.locator("#centre").focus()
    await desk.press("1", "t")
    await desk.sees(
        ".blocks-list li", "Petra Müller reklamiert eine Lieferung; bitte Rückruf durch Erika Beispiel."
    )
    await desk.sees(".blocks-list li", "Rückruf unter 030 23125077.")


async def test_it_goes_into_the_field_in_which_one_writes(open_desk: OpenDesk) -> None:
    desk = await talking(open_desk)
    await desk.stage.talk("c1", [p.TriedView("beispiel", "Erika Beispiel", "busy")])
    await desk.sees("[name=message_to_caller]")
    await desk.page.locator("[name=message_to_caller]").focus()
    await desk.press("Alt+t", "ArrowDown", "ArrowDown", "Enter")
    await becomes(desk, "Hans Müller meldet sich wieder, kein Rückruf nötig.", "[name=message_to_caller]")
    await becomes(desk, "")


async def test_a_company_without_blocks_shows_no_button_and_the_key_does_nothing(open_desk: OpenDesk) -> None:
    desk = await talking(open_desk, text_blocks=[])
    assert await desk.page.locator(".blocks").is_hidden()
    await desk.press("t")
    await desk.page.locator(CONCERN).focus()
    await desk.press("Alt+t")
    await desk.type("t")
    await becomes(desk, "t")
    assert await desk.page.locator(PANEL).is_hidden()


async def test_the_company_changes_a_block_in_mid_call(open_desk: OpenDesk) -> None:
    desk = await talking(open_desk)
    await desk.press("t")
    await desk.sees(".blocks-list li", "Angebot")
    pop = desk.stage.picture.calls[0].pop
    await desk.stage.emit(p.PopChanged(replace(pop, text_blocks=[p.TextBlockView("Neu", "Ganz neu.")])))
    await desk.sees(".blocks-list li", "Ganz neu.")
    assert await desk.page.locator(".blocks-list li").count() == 1


async def test_the_page_fills_by_the_same_rule_as_the_service(open_desk: OpenDesk) -> None:
    blocks = [p.TextBlockView(f"Nr. {n}", text) for n, (text, _, _) in enumerate(CASES)]
    desk = await talking(open_desk, text_blocks=blocks)
    found = await desk.page.evaluate(RULE, [[text, values] for text, values, _ in CASES])
    assert found == [wanted for _, _, wanted in CASES]
