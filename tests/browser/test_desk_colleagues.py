"""Colleagues at the desk: who is free, what a key and a click do, and what does nothing."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import Desk, OpenDesk
from tests.browser.test_desk_look import WHOLE
from tests.desk_face import sample_views
from tests.until import until

pytestmark = pytest.mark.browser
STATES = {
    "ready": "frei",
    "ringing": "wird gerufen",
    "talking": "im Gespräch",
    "wrap_up": "Nacharbeit",
    "paused": "Pause",
    "unavailable": "Telefon nicht erreichbar",
    "signed_out": "nicht angemeldet",
}
FLOOR = [p.ColleagueView(f"a{n}", f"Kollegin {n}", state) for n, state in enumerate(STATES)]  # type: ignore[arg-type]
FREE = [p.ColleagueView("b1", "Ben Vogt", "ready"), p.ColleagueView("b2", "Carla Sommer", "ready")]


async def talking(open_desk: OpenDesk, colleagues: list[p.ColleagueView], **options: Any) -> Desk:
    desk = await open_desk(**options)
    await desk.stage.emit(p.Colleagues(colleagues))
    await desk.stage.offer(sample_views.mustermann())
    await desk.stage.talk("c1")
    await desk.sees("#desk[data-phase=talking]")
    return desk


def asked(desk: Desk) -> list[tuple[str, bool]]:
    return [(one.colleague, one.give) for one in desk.stage.sent(p.AskColleague)]


async def test_everybody_stands_there_with_a_word_and_only_who_is_free_with_buttons(
    open_desk: OpenDesk,
) -> None:
    desk = await talking(open_desk, FLOOR)
    for one in FLOOR:
        await desk.sees("desk-colleagues .row", STATES[one.state])
    buttons = await desk.says(
        "[...document.querySelectorAll('desk-colleagues button:not([hidden])')].map((b) => b.ariaLabel)"
    )
    assert buttons == ["Kollegin 0 fragen, Anrufer hört Musik", "Anruf an Kollegin 0 übergeben"]


@pytest.mark.parametrize("floor", [[], FLOOR[1:]], ids=["nobody works here", "nobody is free"])
async def test_where_nobody_is_free_it_says_so_and_the_key_does_nothing(
    open_desk: OpenDesk, floor: list[p.ColleagueView]
) -> None:
    desk = await talking(open_desk, floor)
    await desk.sees("desk-colleagues", "Niemand ist frei.")
    await desk.press("c", "Enter")
    assert asked(desk) == []


async def test_without_a_caller_there_is_nobody_to_ask_for(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await desk.stage.emit(p.Colleagues(FREE))
    await desk.gone("desk-colleagues")


ARROWS: dict[tuple[str, ...], tuple[str, bool]] = {
    ("Down", "Right"): ("b2", True),
    ("Down", "Up"): ("b1", False),
    ("Right", "Left"): ("b1", False),
}


@pytest.mark.parametrize("arrows", ARROWS, ids=" ".join)
async def test_by_key_up_and_down_are_people_left_and_right_what_they_get(
    open_desk: OpenDesk, arrows: tuple[str, ...]
) -> None:
    desk = await talking(open_desk, FREE)
    await desk.sees(".foot-key", "Kollegen")
    await desk.press("c", *(f"Arrow{arrow}" for arrow in arrows), "Enter")
    await until(lambda: asked(desk) == [ARROWS[arrows]], message="asked, or handed over")


async def test_a_letter_that_is_written_is_no_key(open_desk: OpenDesk) -> None:
    desk = await talking(open_desk, FREE)
    await desk.press("n")
    await desk.type("c wie Cäsar ")
    assert await desk.says("document.activeElement.closest('desk-note') !== null")
    assert asked(desk) == []


@pytest.mark.parametrize("viewport", [(390, 844), (320, 700), (1280, 720), (1920, 1080)])
async def test_it_fits_however_wide_and_many(open_desk: OpenDesk, viewport: tuple[int, int]) -> None:
    many = [p.ColleagueView(f"m{n}", f"Dr. Donaudampfschifffahrt-Weiß {n}", "ready") for n in range(60)]
    width, height = viewport
    desk = await talking(open_desk, many, viewport={"width": width, "height": height})
    await desk.sees("desk-colleagues .row")
    assert await desk.says("document.documentElement.scrollWidth <= window.innerWidth")
    box = "document.querySelector('desk-colleagues').getBoundingClientRect()"
    assert await desk.says(f"{box}.height <= 300")
    if width > 960:
        assert await desk.says(
            "document.querySelector('.leave').getBoundingClientRect().bottom <= innerHeight"
        )


@pytest.mark.parametrize(
    "given, words", [(False, "Anna Keller fragt an."), (True, "übergibt Ihnen diesen Anruf")]
)
async def test_who_is_asked_reads_by_whom_and_may_write_nothing(
    open_desk: OpenDesk, given: bool, words: str
) -> None:
    desk = await open_desk()
    pop = sample_views.mustermann()
    view = p.CallView(pop.call, "offered", sample_views.now(), None, None, None, None, [], None, [])
    asked_view = replace(view, phase="asked", asked_by="Anna Keller", given=given)
    await desk.stage.emit(p.Offer(pop, asked_view))
    await desk.sees("#desk[data-phase=asked] .company-name", pop.company.name)
    await desk.sees("desk-speech", words)
    await desk.press("Control+Enter")
    assert desk.stage.sent(p.SaveNote) == []
    await desk.stage.emit(p.CallClosed(pop.call))
    await desk.sees("desk-idle")


async def test_while_a_colleague_talks_the_key_says_hand_over(open_desk: OpenDesk) -> None:
    desk = await talking(open_desk, FREE)
    await desk.stage.through("c1", "consulting")
    put = desk.stage.view("c1").put_through
    assert put
    put = replace(put, colleague=True, current_name="Ben Vogt")
    await desk.stage.emit(p.Call(replace(desk.stage.view("c1"), put_through=put)))
    await desk.sees("desk-transfer .button", "übergeben")
    await desk.press("Space")
    await until(lambda: desk.stage.sent(p.Connect), message="handed over")


@pytest.mark.parametrize("height", [600, 720, 800])
async def test_beside_many_who_wait_colleagues_notes_and_the_way_out_stay_in_sight(
    open_desk: OpenDesk, height: int
) -> None:
    many = [p.ColleagueView(f"m{n}", f"Kollegin {n}", "ready") for n in range(40)]
    desk = await open_desk(viewport={"width": 1280, "height": height})
    await desk.stage.emit(p.Colleagues(many))
    await desk.stage.emit(p.Waiting(sample_views.waiting(26)))
    await desk.stage.offer(sample_views.mustermann())
    await desk.stage.talk("c1")
    await desk.sees("desk-colleagues .row")
    for one in ("desk-colleagues .row", "desk-waiting .row", "desk-notes .label", ".leave button"):
        await desk.becomes(f"({WHOLE})(document.querySelector({one!r}))")
