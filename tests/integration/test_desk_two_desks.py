"""Two desks of one agent write in one note: no draft is taken that was typed without knowing the newest."""

from __future__ import annotations

from typing import Any

import pytest

from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.notes import notes
from tests.desk_room import DeskRoom, Tab, desk_room
from tests.desk_world import World, world_room
from tests.note_room import body, draft_of, room, talk, texts, typed
from tests.sample_company import NOW, SampleCompany
from tests.until import until

__all__ = ["body", "room"]

Body = dict[str, Any]


# ---- what is taken

CASES = {
    # revision and base of a draft when revision 5 is the newest → what is answered; more in tests/unit/desk
    "knows it": (6, 5, ""),
    "knows an older one, and has counted on": (40, 4, "draft_outdated"),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("corrects", [False, True])
async def test_which_draft_is_taken(
    sqlite_url: str, body: Body, sqlite_db: Database, case: str, restarted: bool, corrects: bool
) -> None:
    revision, base, code = CASES[case]
    async with desk_room(sqlite_url) as room:
        anna = await room.tab("anna")
        call = await talk(room, anna)
        if corrects:
            assert (await anna.ask("save_note", call=call, revision=3, body=body)).ok
        first = body | {"concern": "Fünf"}
        assert (await anna.ask("save_draft", call=call, revision=5, body=first)).ok
        if corrects:  # the note, as it was saved, has counted too
            room.pbx.hang_up("1.1")
            await until(lambda: (c := anna.call(call)) and c.view.correction, message="a correction")
        if not restarted:
            await _asks(anna, call, revision, base, code, body)
    if restarted:
        async with desk_room(sqlite_url) as room:
            await _asks(await room.tab("anna"), call, revision, base, code, body)
    assert await draft_of(sqlite_db, call) == ("Fünf" if code else "Anders")


async def _asks(anna: Tab, call: str, revision: int, base: int | None, code: str, body: Body) -> None:
    await until(lambda: typed(anna, call) == "Fünf", message="the newest draft")
    more: dict[str, Any] = {} if base is None else {"base": base}
    words = body | {"concern": "Anders"}
    answer = await anna.ask("save_draft", call=call, revision=revision, body=words, **more)
    assert (answer.ok, answer.code) == (not code, code)
    assert answer.params == ({"revision": "5"} if code else {})


async def test_what_another_process_has_stored_is_not_overwritten_but_shown(
    room: DeskRoom, body: Body, sqlite_db: Database, furnished: SampleCompany
) -> None:
    anna = await room.tab("anna")
    call = await talk(room, anna)
    assert (await anna.ask("save_draft", call=call, revision=1, base=0, body=body)).ok
    agent = next(a for a in room.rooms.desks.screens.staff.all() if a.name.startswith("Anna"))
    async with sqlite_db.write() as conn:
        theirs = body | {"concern": "Von nebenan"}
        assert await notes.save_draft(conn, call, agent.id, theirs, 4, NOW)
    mine = body | {"company": "Krause GmbH"}
    answer = await anna.ask("save_draft", call=call, revision=9, base=1, body=mine)
    assert answer.code == "draft_outdated"
    assert await draft_of(sqlite_db, call) == "Von nebenan"
    await until(lambda: typed(anna, call) == "Von nebenan", message="their draft, on top of mine")
    base = int(answer.params["revision"])
    both = mine | {"concern": "Von nebenan"}
    assert (await anna.ask("save_draft", call=call, revision=base + 1, base=base, body=both)).ok


# ---- saving


async def test_a_saved_note_contains_the_own_draft_that_has_no_answer_yet(
    room: DeskRoom, body: Body, sqlite_db: Database
) -> None:
    anna = await room.tab("anna")
    call = await talk(room, anna)
    half = body | {"concern": "Ange"}
    assert (await anna.ask("save_draft", "d1", call=call, revision=4, base=0, body=half)).ok
    saved = await anna.ask("save_note", call=call, revision=9, base=0, drafts=["d1"], body=body)
    assert saved.ok
    assert typed(anna, call) == "Angebot"
    assert await draft_of(sqlite_db, call) is None


async def test_a_saved_note_does_not_contain_what_only_counts_as_far(
    room: DeskRoom, body: Body, sqlite_db: Database
) -> None:
    """Each desk counts its own letters: a small revision of the other one is no sign that it is known."""
    first, second = await room.tab("anna"), await room.tab("anna")
    call = await talk(room, first)
    theirs = body | {"company": "Krause GmbH"}
    assert (await second.ask("save_draft", "d2", call=call, revision=2, base=0, body=theirs)).ok
    assert (await first.ask("save_note", call=call, revision=9, base=0, drafts=["d1"], body=body)).ok
    shown = first.call(call)
    assert shown
    assert shown.draft
    assert shown.draft.body.company == "Krause GmbH"
    room.pbx.hang_up("1.1")
    await until(lambda: (c := first.call(call)) and c.view.correction, message="a correction")


async def test_whoever_does_not_know_the_saved_note_does_not_take_it_back(
    room: DeskRoom, body: Body, sqlite_db: Database
) -> None:
    first, second = await room.tab("anna"), await room.tab("anna")
    call = await talk(room, first)
    assert (await first.ask("save_draft", call=call, revision=5, base=0, body=body | {"concern": "An"})).ok
    assert (await first.ask("save_note", call=call, revision=9, base=5, body=body)).ok
    stale = body | {"concern": "An", "company": "Krause GmbH"}
    assert (await second.ask("save_note", call=call, revision=7, base=5, body=stale)).code == "draft_outdated"
    assert await texts(sqlite_db, call) == [["Angebot"]]
    newest = second.call(call)
    assert newest
    assert newest.draft
    both = body | {"company": "Krause GmbH"}
    base = newest.draft.revision
    assert (await second.ask("save_note", call=call, revision=base + 1, base=base, body=both)).ok
    assert await texts(sqlite_db, call) == [["Angebot", "Angebot"]]


@pytest.mark.parametrize("kind", ["save_draft", "save_note"])
async def test_letters_that_do_not_know_the_note_of_a_call_that_is_over_open_it_as_it_was_saved(
    room: DeskRoom, body: Body, sqlite_db: Database, kind: str
) -> None:
    anna = await room.tab("anna")
    call = await talk(room, anna)
    room.pbx.hang_up("1.1")
    await until(lambda: anna.phase(call) == "ended", message="the end")
    assert (await anna.ask("save_note", call=call, revision=9, base=0, body=body)).ok
    await until(lambda: anna.call(call) is None, message="off the screen")
    stale = body | {"concern": "", "company": "Krause GmbH"}
    assert (await anna.ask(kind, call=call, revision=7, base=0, body=stale)).code == "draft_outdated"
    await until(lambda: typed(anna, call) == "Angebot", message="it lies open as it was saved")
    assert await texts(sqlite_db, call) == [["Angebot"]]
    both = body | {"company": "Krause GmbH"}
    assert (await anna.ask("save_draft", call=call, revision=10, base=9, body=both)).ok
    assert await draft_of(sqlite_db, call) == "Angebot"


async def test_a_colleague_who_does_not_know_the_last_letters_does_not_undo_them(
    sqlite_url: str, furnished: SampleCompany, body: Body, sqlite_db: Database
) -> None:
    world = World()
    async with world_room(sqlite_url, world) as room:
        anna, ben = await room.tab("anna"), await room.tab("ben")
        call = room.id_of(world.call)
        world.arrive()
        world.offer("anna")
        world.answer("anna")
        await until(lambda: anna.phase(call) == "talking", message="Anna talks")
        assert (await anna.ask("save_draft", call=call, revision=1, base=0, body=body | {"concern": "An"})).ok
        world.hold()
        world.agent_hangs_up()
        world.offer("ben")
        world.answer("ben")
        await until(lambda: ben.phase(call) == "talking" and anna.call(call) is None, message="Ben talks")
        known = ben.call(call)
        assert known
        assert known.draft
        late = body | {"concern": "Angebot"}
        assert (await anna.ask("save_draft", call=call, revision=2, base=1, body=late)).ok
        mine = body | {"concern": "An", "company": "Krause GmbH"}
        base = known.draft.revision
        answer = await ben.ask("save_draft", call=call, revision=base + 30, base=base, body=mine)
        assert answer.code == "draft_outdated"
        assert await draft_of(sqlite_db, call) == "Angebot"
