"""Whether somebody is to call back: the note says what holds, and one key flips it."""

from __future__ import annotations

import pytest

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import Desk, OpenDesk
from tests.desk_face import sample_views, scenes
from tests.until import until

pytestmark = pytest.mark.browser
BOX = "document.getElementById('callback-wanted').checked"


def stored(desk: Desk) -> bool | None:
    draft = desk.stage.picture.calls[0].draft
    return draft.body.callback_wanted if draft else None


async def test_with_a_number_a_call_back_is_wanted_until_the_key_says_no(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.becomes(BOX)
    await desk.press("k")
    await desk.becomes(f"!{BOX}")
    await until(lambda: stored(desk) is False, message="the draft knows it")
    await desk.page.reload()
    await desk.becomes(f"!{BOX}")
    await desk.press("k")
    await desk.becomes(BOX)
    await until(lambda: stored(desk) is True, message="said yes")


async def test_inside_a_field_the_key_with_alt_flips_it_and_no_letter_is_typed(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.page.fill("[name=concern]", "Angebot")
    await desk.press("Alt+k")
    await desk.becomes(f"!{BOX}")
    assert await desk.page.input_value("[name=concern]") == "Angebot"


async def test_nobody_left_a_number_so_nobody_is_called_back(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await desk.stage.offer(sample_views.mustermann(caller=p.CallerView("withheld")))
    await desk.stage.talk("c1")
    await desk.sees("#desk[data-phase=talking]")
    await desk.becomes(f"!{BOX}")
    await desk.page.fill("[name=callback]", "0171 3920042")
    await desk.becomes(BOX)


async def test_a_plain_sentence_presets_it_visibly_and_the_agent_decides(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.page.fill("[name=concern]", "Rechnung ist bezahlt. Kein Rückruf nötig.")
    await desk.sees(".note-says", "Im Anliegen steht, dass kein Rückruf nötig ist.")
    await desk.becomes(f"!{BOX}")
    await desk.page.locator("#callback-wanted").click()
    await desk.becomes(BOX)
    await desk.sees(".note-says", "Im Anliegen steht")
    await desk.page.fill("[name=kundennr]", "4711")
    await desk.press("Control+Enter")
    await until(lambda: desk.stage.sent(p.SaveNote), message="saved")
    assert desk.stage.sent(p.SaveNote)[0].body.callback_wanted is True


async def test_a_time_to_call_by_that_does_not_count_is_said(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.page.fill("[name=callback_by]", "übermorgen 14 Uhr")
    await desk.press("Alt+k")
    await desk.sees(".note-says", "zählt nicht, solange kein Rückruf erwünscht ist")
