"""What is typed is never lost, also with a server that refuses, is silent, or counts wrongly: a played one.

Reload, a killed service, a restarted PBX and a second window are real ones: stories/test_never_lost.py.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from pbx_bridge.desk import protocol as p
from tests.browser.conftest import Desk, OpenDesk
from tests.desk_face import sample_views, scenes
from tests.until import until

pytestmark = pytest.mark.browser
CONCERN = "document.querySelector('[name=concern]').value"


async def writing(open_desk: OpenDesk) -> Desk:
    """A call is running and the agent has begun to write."""
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    await desk.press("n")
    await desk.becomes("document.activeElement.name === 'concern'")
    return desk


async def test_letters_typed_without_a_server_reach_it_when_it_is_back_after_a_reload(
    open_desk: OpenDesk,
) -> None:
    desk = await writing(open_desk)
    await desk.type("vorher ")
    await until(lambda: _stored(desk) == "vorher ", message="the first draft")
    await desk.stage.drop(stay_away=True)
    await desk.sees("desk-banner", "Die Verbindung zum Server ist unterbrochen.")
    await desk.type("nachher")
    await desk.page.reload()
    desk.stage.open_for_business = True
    await desk.becomes(f"{CONCERN} === 'vorher nachher'")
    await until(lambda: _stored(desk) == "vorher nachher", message="the draft at the server")


async def test_a_draft_that_the_server_cannot_keep_stays_and_is_sent_again(open_desk: OpenDesk) -> None:
    desk = await writing(open_desk)
    desk.stage.refuse["save_draft"] = p.Answer("", False, "storage_down")
    await desk.type("wichtig")
    await until(lambda: _stored(desk) == "wichtig", message="the draft, on the second try")
    assert len(desk.stage.sent(p.SaveDraft)) >= 2
    await desk.becomes("Object.keys(localStorage).every((key) => !key.startsWith('desk.draft.'))")


async def test_a_command_cut_before_its_answer_is_called_unknown_and_not_sent_again(
    open_desk: OpenDesk,
) -> None:
    desk = await open_desk()
    await scenes.talking(desk.stage)
    await desk.sees("#desk[data-phase=talking]")
    desk.stage.deaf.add("hold")
    await desk.press("h")
    await until(lambda: desk.stage.sent(p.Hold), message="the hold command")
    await desk.stage.drop()
    await desk.sees(".notice[data-kind=refused]", "die Verbindung riss ab, bevor die Antwort kam")
    await desk.sees("#desk[data-connection=up]")
    assert len(desk.stage.sent(p.Hold)) == 1


async def test_a_note_saved_twice_after_a_cut_is_one_command(open_desk: OpenDesk) -> None:
    desk = await writing(open_desk)
    await desk.type("Angebot")
    await desk.press("Tab")
    await desk.type("4711")
    desk.stage.deaf.add("save_note")
    await desk.press("Control+Enter")
    await until(lambda: desk.stage.sent(p.SaveNote), message="the first save")
    await desk.stage.drop()
    desk.stage.deaf.clear()
    await desk.sees(".notice[data-kind=refused]")
    await desk.sees("#desk[data-connection=up]")
    await desk.press("Control+Enter")
    await desk.sees(".note-kept", "Gespeichert")
    assert len({command.id for command in desk.stage.sent(p.SaveNote)}) == 1


async def test_events_missed_while_away_are_resumed_without_a_snapshot(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    await desk.stage.drop(stay_away=True)
    await desk.sees("desk-banner")
    await scenes.talking(desk.stage)
    desk.stage.open_for_business = True
    await desk.sees(".company-name", "Mustermann AG")
    await desk.gone("desk-banner")


async def test_a_gap_in_the_numbers_is_healed_by_a_fresh_snapshot(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    desk.stage.seq += 3
    await desk.stage.emit(p.Today(p.TodayView(1, 1, 1)))
    await until(lambda: desk.stage.sent(p.Resync), message="a resync")


async def test_the_page_folds_events_exactly_as_the_server_does(open_desk: OpenDesk) -> None:
    """Every event of every scene: the same picture from events as from a snapshot."""
    desk = await open_desk()
    quiet, stage = sample_views.quiet(), desk.stage
    for name, scene in scenes.SCENES.items():
        stage.picture, stage.history = quiet, []
        await scene(stage)
        start, end = msgspec.to_builtins(quiet), msgspec.to_builtins(stage.picture)
        events = [msgspec.to_builtins(event) for _, event in stage.history]
        folded: Any = await desk.page.evaluate(
            """async ([start, events]) => {
                const main = document.querySelector("script[type=module]").src;
                const { fold } = await import(main.replace("main.js", "state.js"));
                return JSON.stringify(events.reduce(fold, fold(null, start)));
            }""",
            [start, events],
        )
        shown = json.loads(folded)
        assert shown == {part: end[part] for part in shown}, f"{name}: the pictures differ"
        assert shown.keys() == end.keys() - {"type"}


def _stored(desk: Desk) -> str:
    calls = desk.stage.picture.calls
    return calls[0].draft.body.concern if calls and calls[0].draft else ""
