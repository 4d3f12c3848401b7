"""What floats over the call goes by a key, and does not lie over the next one."""

from __future__ import annotations

import pytest

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import Desk, OpenDesk
from tests.desk_face import sample_views, scenes

pytestmark = pytest.mark.browser
RED = ".notice[data-kind=refused]"
SAID = p.Notice("from_supervisor", {"by": "leitung", "text": "Bitte kurz melden."})


STAYING = """
const later = window.setTimeout;
window.setTimeout = (act, ms, ...rest) => (ms >= 7000 ? 0 : later(act, ms, ...rest));
"""


async def opened(open_desk: OpenDesk) -> Desk:
    """A page on which no notice goes by itself."""
    desk = await open_desk()
    await desk.page.add_init_script(STAYING)
    await desk.page.reload()
    await desk.sees("#desk[data-connection=up]")
    return desk


async def refused(open_desk: OpenDesk) -> Desk:
    """A command was refused, which is said in red."""
    desk = await opened(open_desk)
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    desk.stage.refuse["hold"] = p.Answer("", False, "pbx_refused")
    await desk.press("h")
    await desk.sees(RED, "Halten wurde nicht ausgeführt")
    return desk


@pytest.mark.parametrize("keys", [["w"], ["Escape"], ["n", "Alt+w"]], ids="+".join)
async def test_a_red_notice_goes_by_a_key(open_desk: OpenDesk, keys: list[str]) -> None:
    desk = await refused(open_desk)
    await desk.press(*keys)
    await desk.gone(RED)
    await desk.sees("#desk[data-phase=talking]")


async def test_esc_brings_the_caller_back_before_it_closes_a_notice(open_desk: OpenDesk) -> None:
    desk = await refused(open_desk)
    await desk.stage.through("c1", "ringing", "beispiel", mode="hold")
    await desk.sees("[data-act=back]")
    await desk.press("Escape")
    await desk.sees("#desk[data-phase=talking]")
    assert desk.stage.sent(p.Back)
    await desk.sees(RED)


async def test_a_text_of_the_supervisor_is_closed_by_its_key_and_not_by_esc(open_desk: OpenDesk) -> None:
    desk = await opened(open_desk)
    await desk.stage.emit(SAID)
    await desk.sees(".notice[data-kind=message]", "Bitte kurz melden.")
    await desk.press("Escape", "?")
    await desk.sees("#sheet[open]", "Neuesten Hinweis schließen")
    await desk.press("Escape")
    await desk.sees(".notice[data-kind=message]")
    await desk.press("w")
    await desk.gone(".notice")


async def test_what_was_said_of_one_call_does_not_lie_over_the_next(open_desk: OpenDesk) -> None:
    desk = await refused(open_desk)
    await desk.stage.emit(SAID)
    await desk.sees(".notice[data-kind=message]")
    await desk.stage.emit(p.CallClosed("c1"))
    await desk.sees("desk-idle")
    await desk.sees(RED)
    await desk.stage.offer(sample_views.praxis())
    await desk.sees("#desk[data-phase=offered]")
    await desk.gone(RED)
    await desk.sees(".notice[data-kind=message]")


async def test_a_call_that_rings_beside_takes_away_nothing(open_desk: OpenDesk) -> None:
    desk = await opened(open_desk)
    await scenes.ended(desk.stage)
    await desk.sees("#desk[data-phase=ended]")
    desk.stage.refuse["save_note"] = p.Answer("", False, "storage_down")
    await desk.page.fill("[name=concern]", "Angebot")
    await desk.page.fill("[name=kundennr]", "4711")
    await desk.press("Control+Enter")
    await desk.sees(RED)
    await desk.stage.offer(sample_views.praxis())
    await desk.sees(".other[data-phase=offered]")
    await desk.sees(RED)
    await desk.stage.talk("c2")
    await desk.sees("#desk[data-phase=talking]")
    await desk.gone(RED)
