"""Where the letters are is said as it is: kept, saved, or here only; and what is here only can be seen."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import Desk, OpenDesk
from tests.desk_face import sample_views, scenes
from tests.until import until

pytestmark = pytest.mark.browser
CONCERN = "document.querySelector('[name=concern]').value"
FULL_STORE = """
Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
"""


async def writing(open_desk: OpenDesk, script: str = "") -> Desk:
    """A call is running, and the agent has begun to write."""
    desk = await open_desk()
    if script:
        await desk.page.add_init_script(script)
        await desk.page.reload()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.page.fill("[name=kundennr]", "4711")
    await desk.press("Escape", "n")
    await desk.becomes("document.activeElement.name === 'concern'")
    return desk


def stored(desk: Desk) -> str:
    calls = desk.stage.picture.calls
    return calls[0].draft.body.concern if calls and calls[0].draft else ""


# ---- saved in mid-call, and typed on


async def saved(open_desk: OpenDesk) -> Desk:
    desk = await writing(open_desk)
    await desk.type("Angebot")
    await desk.press("Control+Enter")
    await desk.sees(".note-kept[data-state=saved]", "Gespeichert")
    return desk


async def test_a_note_saved_in_mid_call_says_so_for_as_long_as_it_is_true(open_desk: OpenDesk) -> None:
    desk = await saved(open_desk)
    await desk.gone("[data-act=save]")
    await desk.press("Control+Enter")
    await desk.sees(".notice", "Schon gespeichert")
    await desk.type(" über Regale")
    await desk.sees("[data-act=save]", "Berichtigung speichern")
    await desk.sees(".note-kept[data-state=kept]", "Änderungen nur als Entwurf")
    assert stored(desk) == "Angebot über Regale"
    await desk.press("Control+Enter")
    await desk.sees(".note-kept[data-state=saved]", "Gespeichert")
    assert [command.body.concern for command in desk.stage.sent(p.SaveNote)] == [
        "Angebot",
        "Angebot über Regale",
    ]
    await desk.stage.end("c1")
    await desk.sees("desk-idle")


async def test_what_is_typed_after_saving_and_not_saved_stays_when_the_caller_hangs_up(
    open_desk: OpenDesk,
) -> None:
    desk = await saved(open_desk)
    await desk.type(" über Regale")
    await until(lambda: stored(desk) == "Angebot über Regale", message="the draft of the correction")
    await desk.stage.end("c1")
    await desk.sees(".company .chip", "Berichtigung")
    assert await desk.says(CONCERN) == "Angebot über Regale"
    await desk.press("Control+Enter")
    await desk.sees("desk-idle")
    assert desk.stage.sent(p.SaveNote)[-1].body.concern == "Angebot über Regale"


async def test_taking_back_what_was_typed_after_saving_leaves_nothing_open(open_desk: OpenDesk) -> None:
    desk = await saved(open_desk)
    await desk.type("!")
    await desk.press("Backspace")
    await desk.sees(".note-kept[data-state=saved]")
    await until(lambda: stored(desk) == "Angebot", message="the draft as the note")
    await desk.gone("[data-act=save]")


async def closed_in_mid_word(open_desk: OpenDesk) -> Desk:
    """The note is saved elsewhere while somebody writes here: the call leaves the screen."""
    desk = await writing(open_desk)
    await desk.stage.end("c1")
    await desk.sees("#desk[data-phase=ended]")
    await desk.type("An Frau")
    note = p.SavedNoteView("n9", "c1", sample_views.now(), "Mustermann AG", 6, "", "Hans Müller", "sent")
    await desk.stage.emit(p.Notes([note, *desk.stage.picture.notes]))
    await desk.stage.emit(p.CallClosed("c1"))
    await desk.type(" Beispiel")
    return desk


async def test_who_writes_while_the_note_is_closed_writes_on_in_its_correction(open_desk: OpenDesk) -> None:
    desk = await closed_in_mid_word(open_desk)
    await desk.sees(".note-versions")
    await desk.type(" persönlich")
    assert await desk.says(CONCERN) == "An Frau Beispiel persönlich"
    await until(lambda: stored(desk) == "An Frau Beispiel persönlich", message="the draft of the correction")
    await desk.stage.emit(p.CallClosed("c1"))
    await desk.sees("desk-idle")
    assert await desk.page.locator("desk-left").is_hidden()


@pytest.mark.parametrize("code", ["unknown_call", "not_yours"])
async def test_letters_of_a_closed_call_that_nobody_takes_are_shown(open_desk: OpenDesk, code: str) -> None:
    desk = await open_desk()
    desk.stage.picture = msgspec.structs.replace(desk.stage.picture, notes=[])
    await desk.page.reload()
    await scenes.ended(desk.stage)
    await desk.sees("#desk[data-phase=ended]")
    desk.stage.down.add("save_draft")
    await desk.page.locator("[name=concern]").focus()
    await desk.type("An Frau")
    await desk.stage.emit(p.CallClosed("c1"))
    await desk.type(" Beispiel")
    assert await desk.says(CONCERN) == "An Frau Beispiel", (
        "the form stays as long as letters are on their way"
    )
    desk.stage.unknown = code
    await desk.sees("desk-left .left-words", "Anliegen: An Frau Beispiel")
    await desk.sees("desk-idle")


async def test_a_reload_in_that_moment_opens_the_note_with_every_letter(open_desk: OpenDesk) -> None:
    desk = await writing(open_desk)
    await desk.stage.end("c1")
    await desk.sees("#desk[data-phase=ended]")
    desk.stage.deaf.add("save_draft")
    await desk.type("An Frau Beispiel")
    note = p.SavedNoteView("n9", "c1", sample_views.now(), "Mustermann AG", 6, "", "Hans Müller", "sent")
    await desk.stage.emit(p.Notes([note, *desk.stage.picture.notes]))
    await desk.stage.emit(p.CallClosed("c1"))
    await desk.page.reload()
    await until(lambda: desk.stage.sent(p.CorrectNote), message="the note is opened again")
    await desk.sees(".note-versions")
    assert "An Frau Beispiel" in await desk.says(CONCERN)


# ---- nobody takes the letters


async def test_a_database_that_takes_nothing_is_said_and_one_key_saves_when_it_is_back(
    open_desk: OpenDesk,
) -> None:
    desk = await writing(open_desk)
    desk.stage.down.update({"save_draft", "save_note"})
    await desk.type("Angebot")
    await desk.sees(".note-kept[data-state=late]", "noch nicht gesichert, bleibt auf diesem Bildschirm")
    await desk.press("Control+Enter")
    await desk.sees(
        ".notice[data-kind=refused]", "Noch nicht gespeichert: die Datenbank nimmt gerade nichts an"
    )
    await desk.sees(".notice[data-kind=refused]", "Strg+Enter versucht es noch einmal")
    await desk.type(" bis Freitag")
    await desk.page.reload()
    await desk.becomes(f"{CONCERN} === 'Angebot bis Freitag'")
    await desk.sees(".note-kept[data-state=late]")
    desk.stage.down.clear()
    await desk.sees(".note-kept[data-state=kept]", "Entwurf gesichert")
    await desk.press("Control+Enter")
    await desk.sees(".note-kept[data-state=saved]")
    assert desk.stage.sent(p.SaveNote)[-1].body.concern == "Angebot bis Freitag"


async def test_a_database_that_says_nothing_is_no_kept_draft(open_desk: OpenDesk) -> None:
    desk = await writing(open_desk)
    await desk.sees(".note-kept[data-state=kept]")  # the number typed before: nothing is on its way
    before = len(desk.stage.sent(p.SaveDraft))
    desk.stage.deaf.add("save_draft")
    await desk.type("Angebot")
    await desk.sees(".note-kept[data-state=late]", "noch nicht gesichert")
    await desk.type(" bis Freitag")
    assert len(desk.stage.sent(p.SaveDraft)) == before + 1, "no second one while the first is on its way"
    await desk.sees(".note-kept[data-state=late]")
    desk.stage.deaf.clear()
    await desk.stage.drop()
    await desk.sees(".note-kept[data-state=kept]")
    assert stored(desk) == "Angebot bis Freitag"


async def test_a_full_store_is_said_where_the_letters_are_on_the_screen_only(open_desk: OpenDesk) -> None:
    desk = await writing(open_desk, FULL_STORE)
    await desk.type("Ange")
    await desk.sees(".note-kept[data-state=kept]")
    await desk.stage.drop(stay_away=True)
    await desk.sees("desk-banner", "Ihr Entwurf ist gesichert.")
    await desk.type("bot")
    await desk.sees("desk-banner", "Bitte laden Sie die Seite nicht neu")
    desk.stage.open_for_business = True
    await desk.sees(".note-kept[data-state=kept]")
    assert stored(desk) == "Angebot"


@pytest.mark.parametrize("code", ["storage_down", "internal", "overloaded"])
async def test_a_conversation_is_promised_only_where_there_is_one(open_desk: OpenDesk, code: str) -> None:
    desk = await open_desk()
    await scenes.ended(desk.stage)
    await desk.sees("#desk[data-phase=ended]")
    for _ in range(2):
        desk.stage.refuse["close_call"] = p.Answer("", False, code)
        await desk.press("o", "1")
        await desk.sees(".notice[data-kind=refused]")
        said = await desk.page.locator(".notice[data-kind=refused]").inner_text()
        assert ("Ihr Gespräch läuft weiter" in said) is (len(desk.stage.picture.calls) == 2)
        await desk.press("w")
        await desk.gone(".notice")
        await desk.stage.offer(sample_views.praxis())
        await desk.stage.talk("c2")
        await desk.sees(".other", "Mustermann AG")
        await desk.page.click(".other")
        await desk.sees("#desk[data-phase=ended]")


# ---- letters whose call is gone


async def orphaned(open_desk: OpenDesk, **draft: Any) -> Desk:
    """The call is off the screen, and the server will not hear of it."""
    desk = await writing(open_desk)
    desk.stage.down.add("save_draft")
    desk.stage.unknown = "unknown_call"
    await desk.type("Nur hier getippt")
    await desk.stage.emit(p.CallClosed("c1"))
    await desk.sees("desk-idle")
    return desk


async def test_what_only_this_browser_has_is_shown_until_it_is_not_wanted(open_desk: OpenDesk) -> None:
    desk = await orphaned(open_desk)
    await desk.sees("desk-left", "Noch nicht gespeicherter Text")
    await desk.sees("desk-left", "Mustermann AG, getippt")
    await desk.sees("desk-left .left-words", "Anliegen: Nur hier getippt")
    await desk.page.reload()
    await desk.sees("desk-left .left-words", "Anliegen: Nur hier getippt")
    await desk.page.locator("desk-left button").click()
    await desk.gone("desk-left")
    await desk.page.reload()
    await desk.sees("desk-idle")
    assert await desk.page.locator("desk-left").is_hidden()


async def test_what_one_agent_typed_is_not_shown_to_another_at_the_same_machine(open_desk: OpenDesk) -> None:
    desk = await orphaned(open_desk)
    await desk.sees("desk-left .left-words", "Nur hier getippt")
    desk.stage.agent = "Ben Vogt"
    await desk.page.reload()
    await desk.sees("desk-idle")
    assert await desk.page.locator("desk-left").is_hidden()


async def test_what_was_left_on_purpose_does_not_come_back(open_desk: OpenDesk) -> None:
    desk = await writing(open_desk)
    await scenes.ended(desk.stage)
    await desk.sees("#desk[data-phase=ended]")
    desk.stage.deaf.add("save_draft")
    await desk.page.fill("[name=concern]", "egal")
    await desk.press("Escape", "o", "1")
    await desk.sees("desk-idle")
    assert await desk.page.locator("desk-left").is_hidden()
    assert not await desk.says("Object.keys(localStorage).some((key) => key.startsWith('desk.draft.'))")


# ---- ids


@pytest.mark.parametrize("letters", [0, 65, 5000])
async def test_a_command_id_has_one_to_sixty_four_letters(open_desk: OpenDesk, letters: int) -> None:
    desk = await open_desk()
    failed = await desk.says(
        f"""(async () => {{
            const main = document.querySelector("script[type=module]").src;
            const {{ DeskSocket }} = await import(main.replace("main.js", "socket.js"));
            const socket = new DeskSocket("/desk/socket");
            try {{ await socket.send({{ type: "ready", id: "x".repeat({letters}) }}); return ""; }}
            catch (error) {{ return error.message; }}
        }})()"""
    )
    assert failed == "a command's id has 1 to 64 letters"
