"""Moments of a call at the desk, with a played server, which can be brought into any state at once.

Whole calls are told on the real PBX: stories/test_calls.py.
"""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import Desk, OpenDesk
from tests.desk_face import sample_views, scenes
from tests.until import until

pytestmark = pytest.mark.browser


async def test_who_cannot_be_put_through_is_shown_with_the_reason_and_rings_nobody(
    open_desk: OpenDesk,
) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees(".employee", "möchte nur Notizen")
    await desk.press("2")
    await desk.sees(".steps", "Ines Brunner: möchte keine Anrufe durchgestellt bekommen")
    await desk.press("r")
    await desk.press("1")  # the next key is heard, so the one before had its chance
    await desk.sees(".steps", "Erika Beispiel")
    await desk.sees(".steps", "Vertretung Jürgen Müller")
    assert not desk.stage.sent(p.Ring)


async def test_a_new_call_rings_beside_the_note_that_is_being_typed(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.ended(desk.stage)
    await desk.sees("#desk[data-phase=ended]")
    await desk.press("n")
    await desk.becomes("document.activeElement.name === 'concern'")
    await desk.type("Bitte zu")
    await desk.stage.offer(sample_views.praxis())
    await desk.sees(".other[data-phase=offered]", "Praxis Dr. Sommer")
    await desk.type("rückrufen")
    assert await desk.page.input_value("[name=concern]") == "Bitte zurückrufen"
    await desk.stage.talk("c2")
    await desk.sees(".company-name", "Praxis Dr. Sommer")
    await desk.type("hr")  # still in the fingers: must not hold or ring anybody
    await desk.sees("#desk[data-phase=talking]")
    assert not desk.stage.sent(p.Hold)
    await desk.page.click(".other")
    await desk.becomes("document.querySelector('[name=concern]').value === 'Bitte zurückrufen'")


async def test_a_wrong_number_is_closed_with_a_reason_by_two_keys(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.ended(desk.stage)
    await desk.sees("#desk[data-phase=ended]")
    await desk.press("o", "1")
    await desk.sees("desk-idle")
    assert desk.stage.sent(p.CloseCall)[0].reason == "wrong_number"


async def test_the_menu_of_a_call_goes_when_another_call_comes_before_it(open_desk: OpenDesk) -> None:
    """Its digits are meant for that call; from now on they choose among the next caller's employees."""
    desk = await open_desk()
    await scenes.ended(desk.stage)
    await desk.sees("#desk[data-phase=ended]")
    await desk.press("o")
    await desk.sees("[data-menu=close]", "anderer Grund")
    await desk.stage.offer(sample_views.praxis())
    await desk.sees(".other[data-phase=offered]", "Praxis Dr. Sommer")
    await desk.stage.talk("c2")
    await desk.sees(".company-name", "Praxis Dr. Sommer")
    await desk.page.locator("[data-menu=close]").wait_for(state="hidden")
    await desk.press("1")
    await desk.press("o")  # no menu of a call that goes on, and the key before had its chance
    assert not desk.stage.sent(p.CloseCall)


async def test_only_a_call_back_can_be_closed_as_one_that_reached_nobody(open_desk: OpenDesk) -> None:
    """By mouse, by arrows and by its digit; the digits of the others stay as they are."""
    desk = await open_desk()
    await scenes.ended(desk.stage)
    await desk.sees("#desk[data-phase=ended]")
    await desk.press("o")
    await desk.sees("[data-menu=close]", "anderer Grund")
    last = desk.page.locator("[data-menu=close] [data-item=not_reached]")
    assert not await last.is_visible()
    await desk.press("6")
    await desk.press("ArrowUp")
    await desk.becomes("document.activeElement.dataset.item === 'other'")
    assert not desk.stage.sent(p.CloseCall)
    await desk.stage.emit(p.Call(replace(desk.stage.view("c1"), call_back=True)))
    await last.wait_for(state="visible")
    await desk.press("ArrowDown")
    await desk.becomes("document.activeElement.dataset.item === 'not_reached'")
    await desk.press("6")
    await desk.sees("desk-idle")
    assert [one.reason for one in desk.stage.sent(p.CloseCall)] == ["not_reached"]


async def test_the_key_pressed_right_after_saving_is_heard(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.ended(desk.stage)
    await desk.sees("#desk[data-phase=ended]")
    await desk.press("n")
    await desk.becomes("document.activeElement.name === 'concern'")
    await desk.type("Angebot")
    await desk.press("Tab")
    await desk.type("4711")
    await desk.press("Control+Enter")
    await desk.sees("desk-idle")
    await desk.press("p")
    await desk.sees("desk-me .menu", "Mittag")


@pytest.mark.parametrize("typed", ["mueller", "müller", "muller", "reklam", "kundend"])
async def test_an_employee_is_found_by_name_position_and_responsibility(
    open_desk: OpenDesk, typed: str
) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees(".employee", "Jürgen Müller")
    await desk.press("/")
    await desk.type(typed)
    await desk.sees(".find", "1 von 7")
    await desk.press("Enter")
    await desk.sees(".employee[aria-selected=true]", "Jürgen Müller")
    assert await desk.says("document.activeElement.id") == "centre"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Seán O'Neill", ("oneill", "neill", "o'neill", "o’neill", "sean")),
        ("Anne\u2010Kathrin Weiß", ("annekathrin", "anne-kathrin", "kathrin", "weiss")),
        ("Jean-Luc d’Arc", ("jeanluc", "darc", "arc")),
    ],
)
async def test_a_name_with_signs_in_it_is_found_without_them(
    open_desk: OpenDesk, name: str, typed: tuple[str, ...]
) -> None:
    desk = await open_desk()
    await desk.stage.offer(
        sample_views.mustermann(
            employees=[*sample_views.STAFF, replace(sample_views.STAFF[0], id="odd", name=name)]
        )
    )
    await desk.stage.talk("c1")
    await desk.sees(".employee", name)
    for text in typed:
        await desk.press("/")
        await desk.type(text)
        await desk.sees(".find", "1 von 8")
        await desk.press("Escape", "Escape")


async def test_missing_fields_are_named_and_the_first_is_focused(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.press("Control+Enter")
    await desk.sees(".note-missing", "Noch nicht vollständig: Anliegen und Kundennummer.")
    await desk.becomes("document.activeElement.name === 'concern'")
    await desk.type("Angebot")
    await desk.press("Tab")
    await desk.type("4711")
    await desk.gone(".note-missing")
    desk.stage.refuse["save_note"] = p.Answer("", False, "invalid", {}, {"callback_number": "not_a_phone"})
    await desk.press("Control+Enter")
    await desk.sees(".field-phone .field-error", "Bitte eine vollständige Rufnummer eintragen.")
    await desk.becomes("document.activeElement.name === 'callback'")


async def test_nothing_moves_below_the_sentence_during_a_put_through(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    before = await _top(desk)
    await desk.press("1")
    await desk.sees(".steps", "Erika Beispiel")
    assert await _top(desk) == before, "choosing an employee moved the list"
    await desk.press("r")
    await desk.sees(".steps [aria-current]", "klingelt")
    assert await _top(desk) == before, "ringing moved the list"
    await desk.stage.through("c1", "consulting")
    await desk.sees("[data-act=connect]")
    assert await _top(desk) == before, "consulting moved the list"


async def _top(desk: Desk) -> float:
    return float(await desk.says("document.querySelector('.employees').getBoundingClientRect().top"))


async def test_three_hundred_employees_and_the_last_one_is_rung(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await desk.stage.offer(replace(sample_views.mustermann(), employees=sample_views.many()))
    await desk.stage.talk("c1")
    await desk.sees(".find", "300 Personen")
    await desk.press("/")
    await desk.type("joerg weiss 3")
    await desk.sees(".find", "1 von 300")
    await desk.press("Enter", "r")
    await until(lambda: desk.stage.sent(p.Ring), message="the ring command")
    assert desk.stage.sent(p.Ring)[0].employee == "e299"


async def test_what_lacks_is_not_said_any_longer_to_whoever_leaves_the_note(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.press("n")
    await desk.becomes("document.activeElement.name === 'concern'")
    await desk.press("Control+Enter")
    await desk.sees(".note-missing", "Noch nicht vollständig")
    await desk.becomes("document.activeElement.getAttribute('aria-invalid') === 'true'")
    await desk.press("Escape")
    await desk.gone(".note-missing")
    await desk.becomes("document.querySelector('desk-note [aria-invalid=true]') === null")
    await desk.press("Control+Enter")
    await desk.sees(".note-missing", "Noch nicht vollständig")
