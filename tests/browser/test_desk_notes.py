"""The note writes itself as far as it can, is corrected by versions, and two tabs lose no letter."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from playwright.async_api import Page

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import Desk, OpenDesk
from tests.desk_face import sample_views, scenes
from tests.until import until

pytestmark = pytest.mark.browser
STRANGER = p.CallerView("unknown", "+493023125077", "030 23125077")


async def value(page: Page, name: str) -> str:
    return await page.locator(f"desk-note [name={name}]").input_value()


async def becomes(page: Page, name: str, text: str) -> None:
    await page.wait_for_function(
        "([name, text]) => document.querySelector(`desk-note [name=${name}]`).value === text",
        arg=[name, text],
        timeout=30_000,
    )


def stored(desk: Desk) -> p.NoteBody:
    calls = desk.stage.picture.calls
    return calls[0].draft.body if calls and calls[0].draft else p.NoteBody()


async def test_the_caller_becomes_known_while_one_types_and_untouched_fields_say_so(
    open_desk: OpenDesk,
) -> None:
    desk = await open_desk()
    await desk.stage.offer(sample_views.mustermann(caller=STRANGER))
    await desk.stage.talk("c1")
    await desk.sees("#desk[data-phase=talking]")
    assert await value(desk.page, "callback") == "030 23125077"
    await desk.page.fill("[name=company]", "Krause Spedition")
    await until(lambda: stored(desk).company == "Krause Spedition", message="the draft")
    await desk.stage.emit(p.PopChanged(sample_views.mustermann(caller=sample_views.KNOWN)))
    await becomes(desk.page, "name", "Sabine Krause")
    assert await value(desk.page, "company") == "Krause Spedition", "what was typed stays"
    await until(lambda: stored(desk).name == "Sabine Krause", message="the prefilled name at the server")


async def test_by_when_is_understood_beside_the_field_while_one_types(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.ended(desk.stage)
    await desk.sees("#desk[data-phase=ended]")
    await desk.page.locator("[name=callback_by]").focus()
    await desk.type("übermorgen 14 Uhr")
    day = datetime.now(ZoneInfo("Europe/Berlin")) + timedelta(days=2)
    weekday = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")[day.weekday()]
    await desk.sees("[data-name=callback_by] .field-reading", f"bis {weekday} {day:%d.%m.}, 14:00 Uhr")
    await desk.page.fill("[name=callback_by]", "irgendwann")
    await desk.gone("[data-name=callback_by] .field-reading")
    await desk.press("Tab")
    await desk.sees("[data-name=callback_by] .field-reading[data-fault]", "nicht verstanden")
    assert not desk.stage.sent(p.SaveNote)


async def test_a_call_back_number_is_checked_by_the_rules_of_the_service(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.ended(desk.stage)
    await desk.sees(".plausible")
    await desk.page.fill("[name=callback]", "123456789012345678")
    await desk.gone(".plausible")
    await desk.press("Tab")
    await desk.sees("[data-name=callback] .field-reading", "keine vollständige Rufnummer")
    await desk.page.fill("[name=callback]", "0171 3920042")
    await desk.sees(".plausible")


async def test_a_saved_note_is_corrected_by_keys_and_the_correction_goes_out(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await desk.press("l")
    await desk.sees(".say", "Sie berichtigen die Notiz von")
    await desk.sees(".note-versions li", "Anna Keller: Bittet um Rückruf.")
    await desk.becomes("document.activeElement.name === 'concern'")
    await desk.type(" Am besten vormittags.")
    await desk.press("Control+Enter")
    await desk.sees(".notice", "Notiz für Mustermann AG berichtigt.")
    await desk.sees("desk-idle")
    saved = desk.stage.sent(p.SaveNote)[0]
    assert (saved.call, saved.body.concern) == ("x1", "Bittet um Rückruf. Am besten vormittags.")
    assert saved.body.recipients == ["beispiel"]
    assert len([note for note in desk.stage.picture.notes if note.call == "x1"]) == 1


async def test_a_note_is_opened_by_pointer_too_and_put_away_without_a_change(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await desk.page.locator("desk-notes .row-button").nth(1).click()
    await desk.sees(".note-versions")
    await desk.press("Escape", "o")
    await desk.sees("desk-idle")
    assert [type(command) for command in desk.stage.commands if not isinstance(command, p.CheckNote)] == [
        p.CorrectNote,
        p.PutAway,
    ]


async def test_a_correction_rings_nobody_and_leaves_the_running_call_in_front_elsewhere(
    open_desk: OpenDesk,
) -> None:
    desk = await open_desk()
    other = await desk.context.new_page()
    await other.goto(desk.address)
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.press("l")
    await desk.sees(".say", "Sie berichtigen die Notiz")
    await other.locator(".other").wait_for()
    assert await other.locator(".company-name").inner_text() == "Mustermann AG"
    assert await other.locator("#desk").get_attribute("data-phase") == "talking"


async def test_two_tabs_write_at_once_and_no_letter_is_lost(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    other = await desk.context.new_page()
    await other.goto(desk.address)
    await other.locator("#desk[data-phase=talking]").wait_for()
    first, second = desk.page.locator("[name=concern]"), other.locator("[name=company]")
    await other.locator("[name=kundennr]").focus()
    texts = ("Bittet um ein Angebot für vierzig Regale", "Müller und Söhne GmbH")
    for letters in range(max(map(len, texts))):
        for field, text in zip((first, second), texts, strict=True):
            if letters == 0:
                await field.fill("")
            if letters < len(text):
                await field.press_sequentially(text[letters])
    await other.locator("[name=kundennr]").press_sequentially("4711")
    for page in (desk.page, other):
        await becomes(page, "concern", texts[0])
        await becomes(page, "company", texts[1])
        await becomes(page, "kundennr", "4711")
    await until(
        lambda: (
            (stored(desk).concern, stored(desk).company, stored(desk).fields.get("kundennr"))
            == (*texts, "4711")
        ),
        message="both texts at the server",
    )


async def test_letters_deleted_while_they_were_on_their_way_stay_deleted(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.page.fill("[name=concern]", "Falsch")
    await until(lambda: desk.stage.sent(p.SaveDraft), message="the letters on their way")
    await desk.page.fill("[name=concern]", "")
    await until(
        lambda: stored(desk).concern == "" and len(desk.stage.sent(p.SaveDraft)) > 1, message="deleted"
    )
    assert await value(desk.page, "concern") == ""


async def test_letters_kept_from_a_crash_stand_beside_what_was_typed_since(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.stage.drop(stay_away=True)
    await desk.page.fill("[name=concern]", "alt")
    await desk.page.fill("[name=company]", "nur hier")
    body = replace(stored(desk), name="Hans Müller", company="Müller GmbH", concern="neu")
    await desk.stage.emit(p.Draft(p.DraftView("c1", 40, body)))
    await desk.page.reload()
    desk.stage.open_for_business = True
    await becomes(desk.page, "concern", "alt\nneu")
    await becomes(desk.page, "company", "nur hier")
    await until(lambda: stored(desk).company == "nur hier", message="the kept letters at the server")
    assert stored(desk).concern == "alt\nneu"


async def test_an_advertising_caller_is_marked(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await scenes.pest(desk.stage)
    await desk.sees("desk-caller", "hier schon als Werbeanruf geschlossen")
    await desk.press("e")
    await desk.sees(".earlier li", "Ohne Notiz: Werbeanruf")
