"""Whole calls at the desk, in a real browser, told by what the person does."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import Desk, OpenDesk
from tests.desk_face import cast, scenes
from tests.until import until

pytestmark = pytest.mark.browser


async def test_a_whole_call_with_deputy_and_note_takes_twelve_keystrokes_at_most(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    stage = desk.stage
    await desk.sees("desk-idle", "Sie sind bereit.")
    await stage.offer(cast.mustermann(caller=cast.KNOWN), cast.EARLIER)
    await desk.sees(".company-name", "Mustermann AG")
    await desk.sees(".say", "Herzlich willkommen bei der Mustermann AG, mein Name ist Anna Keller.")
    await stage.talk("c1")
    await desk.sees("#desk[data-phase=talking]")

    await desk.press("/")
    await desk.type("beisp")
    await desk.press("Enter", "r")
    await until(lambda: stage.sent(p.Ring), message="the ring command")
    assert (stage.sent(p.Ring)[0].employee, stage.sent(p.Ring)[0].mode) == ("beispiel", "hold")
    await desk.sees(".steps [aria-current]", "Erika Beispiel klingelt")
    await stage.through("c1", "ringing", "mueller", tried=(scenes.BUSY,))
    await desk.sees(".steps", "Erika Beispiel: besetzt")
    await desk.sees(".steps [aria-current]", "Jürgen Müller klingelt")
    await stage.through("c1", "consulting")
    await desk.sees(".say", "In der Leitung ist Sabine Krause von der Krause Logistik.")
    await desk.press("Space")
    await desk.sees(".steps", "Verbunden mit Jürgen Müller")

    await desk.becomes("document.activeElement.name === 'concern'")
    await desk.type("Reklamation zu Auftrag 4711")
    await desk.press("Control+Enter")
    await desk.sees("desk-idle")
    note = stage.sent(p.SaveNote)[0].body
    assert (note.name, note.company, note.callback) == ("Sabine Krause", "Krause Logistik", "030 23125077")
    assert (note.concern, note.recipients) == ("Reklamation zu Auftrag 4711", ["beispiel"])
    await desk.sees("desk-notes .row", "Sabine Krause → Erika Beispiel")
    assert desk.strokes <= 12, f"{desk.strokes} keystrokes"


async def test_ringing_while_talking_needs_one_key_to_switch(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.press("1", "Shift+R")
    await desk.sees(".steps [aria-current]", "Erika Beispiel klingelt")
    assert desk.stage.sent(p.Ring)[0].mode == "talk"
    await desk.sees(".company .chip[data-state=talking]")  # the caller does not wait
    await desk.stage.through("c1", "answered")
    await desk.sees("[data-act=switch]", "Sprechen")
    await desk.press("Space")
    await desk.sees(".company .chip[data-state=waiting]")
    assert len(desk.stage.sent(p.Switch)) == 1


async def test_nobody_is_reached_and_the_caller_is_back_with_what_was_tried(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.dialling(desk.stage)
    await desk.sees(".steps [aria-current]", "klingelt")
    await desk.press("Escape")
    await until(lambda: desk.stage.sent(p.Back), message="the back command")
    await desk.stage.talk("c1", [scenes.BUSY, scenes.SILENT])
    await desk.sees(".say", "Erika Beispiel und Jürgen Müller sind im Moment leider nicht zu erreichen.")
    await desk.sees(".steps", "Jürgen Müller: nimmt nicht ab")


async def test_an_offer_that_is_gone_vanishes_calmly_and_says_who_took_it(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.ringing(desk.stage)
    await desk.sees(".company .chip[data-state=ringing]", "klingelt")
    await desk.stage.emit(p.OfferGone("c1", "answered_elsewhere", "Ben Vogt"))
    await desk.sees("desk-idle")
    await desk.sees(".notice", "Mustermann AG: Ben Vogt hat angenommen.")


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
    await desk.becomes("document.activeElement.name === 'concern'")
    await desk.type("Bitte zu")
    await desk.stage.offer(cast.praxis())
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
    await desk.becomes("document.activeElement.name === 'concern'")
    await desk.press("Alt+o", "1")
    await desk.sees("desk-idle")
    assert desk.stage.sent(p.CloseCall)[0].reason == "wrong_number"


async def test_pause_with_a_reason_and_ready_again_by_keys(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await desk.press("p", "2")
    await desk.sees("desk-me .chip", "Pause: Mittag")
    await desk.press("b")
    await desk.sees("desk-me .chip", "bereit")
    assert [type(command) for command in desk.stage.commands] == [p.Pause, p.Ready]


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
    await desk.stage.offer(replace(cast.mustermann(), employees=cast.many()))
    await desk.stage.talk("c1")
    await desk.sees(".find", "300 Personen")
    await desk.press("/")
    await desk.type("joerg weiss 3")
    await desk.sees(".find", "1 von 300")
    await desk.press("Enter", "r")
    await until(lambda: desk.stage.sent(p.Ring), message="the ring command")
    assert desk.stage.sent(p.Ring)[0].employee == "e299"
