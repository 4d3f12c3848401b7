"""Words that come late, twice or from another tab: each is stored or on a screen, and none is sent twice."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from pbx_bridge.desk.session.idempotency import AnsweredCommands
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.notes import idempotency
from tests.desk_room import DeskRoom, Tab, desk_room
from tests.desk_world import World, world_room
from tests.note_room import body, draft_of, room, talk, texts, typed
from tests.sample_company import SampleCompany
from tests.until import PATIENCE, until

__all__ = ["body", "room"]

# ---- saved, and typed on


async def test_saving_the_same_again_tells_nobody_anything(
    room: DeskRoom, body: dict[str, Any], sqlite_db: Database
) -> None:
    anna = await room.tab("anna")
    call = await talk(room, anna)
    assert (await anna.ask("save_note", call=call, body=body)).ok
    for same in (body, body | {"concern": " Angebot\n"}, body | {"company": " "}):
        assert (await anna.ask("save_note", call=call, body=same)).code == "already_noted"
    assert await texts(sqlite_db, call) == [["Angebot"]]
    assert (await anna.ask("save_note", call=call, body=body | {"urgent": True})).ok
    assert await texts(sqlite_db, call) == [["Angebot", "Angebot"]]


async def test_who_takes_back_what_was_typed_after_saving_leaves_nothing_open(
    room: DeskRoom, body: dict[str, Any], sqlite_db: Database
) -> None:
    anna = await room.tab("anna")
    call = await talk(room, anna)
    assert (await anna.ask("save_note", call=call, body=body)).ok
    assert (await anna.ask("save_draft", call=call, revision=8, body=body | {"concern": "Angebot!"})).ok
    assert await draft_of(sqlite_db, call) == "Angebot!"
    assert (await anna.ask("save_draft", call=call, revision=9, body=body)).code == "already_noted"
    assert await draft_of(sqlite_db, call) is None
    room.pbx.hang_up("1.1")
    await until(lambda: anna.call(call) is None, message="off the screen")


async def test_what_another_tab_has_typed_meanwhile_stays_open(
    room: DeskRoom, body: dict[str, Any], sqlite_db: Database
) -> None:
    first, second = await room.tab("anna"), await room.tab("anna")
    call = await talk(room, first)
    assert (await first.ask("save_draft", call=call, revision=1, body=body)).ok
    assert (
        await second.ask("save_draft", call=call, revision=2, body=body | {"concern": "Angebot bis Fr"})
    ).ok
    assert (await first.ask("save_note", call=call, revision=1, body=body)).ok
    assert typed(second, call) == "Angebot bis Fr"
    room.pbx.hang_up("1.1")
    await until(lambda: (c := first.call(call)) and c.view.correction, message="a correction")
    assert await draft_of(sqlite_db, call) == "Angebot bis Fr"
    assert (await second.ask("save_note", call=call, body=body | {"concern": "Angebot bis Freitag"})).ok
    assert await texts(sqlite_db, call) == [["Angebot", "Angebot bis Freitag"]]
    await until(lambda: first.call(call) is None, message="off the screen")


LATE = {
    # revision and words of a draft that comes when the noted call has left the screen → what is answered
    "older letters": (3, "Ange", "already_noted"),
    "the same words": (9, "Angebot", "already_noted"),
    "newer letters": (9, "Angebot bis Freitag", ""),
}


@pytest.mark.parametrize("case", LATE)
@pytest.mark.parametrize("restarted", [False, True])
async def test_letters_that_come_after_the_call_has_left_the_screen(
    sqlite_url: str, body: dict[str, Any], sqlite_db: Database, case: str, restarted: bool
) -> None:
    revision, words, code = LATE[case]
    async with desk_room(sqlite_url) as room:
        anna = await room.tab("anna")
        call = await talk(room, anna)
        room.pbx.hang_up("1.1")
        await until(lambda: anna.phase(call) == "ended", message="the end")
        assert (await anna.ask("save_note", call=call, revision=5, body=body)).ok
        await until(lambda: anna.call(call) is None, message="off the screen")
        await room.rooms.calls.journal.settled()
        if not restarted:
            await _late(anna, call, revision, body | {"concern": words}, code)
    if restarted:
        async with desk_room(sqlite_url) as room:
            await _late(await room.tab("anna"), call, revision, body | {"concern": words}, code)
    assert await draft_of(sqlite_db, call) == (words if not code else None)


async def _late(anna: Tab, call: str, revision: int, body: dict[str, Any], code: str) -> None:
    answer = await anna.ask("save_draft", call=call, revision=revision, body=body)
    assert (answer.ok, answer.code) == (not code, code)
    if code:
        assert anna.call(call) is None
        return
    await until(lambda: (c := anna.call(call)) and c.view.correction, message="it lies open")
    assert typed(anna, call) == body["concern"]


async def test_a_note_saved_anew_after_the_call_has_left_the_screen_is_a_correction(
    room: DeskRoom, body: dict[str, Any], sqlite_db: Database
) -> None:
    anna = await room.tab("anna")
    call = await talk(room, anna)
    room.pbx.hang_up("1.1")
    await until(lambda: anna.phase(call) == "ended", message="the end")
    assert (await anna.ask("save_note", call=call, body=body)).ok
    assert (await anna.ask("save_note", call=call, body=body)).code == "unknown_call", "it is over and done"
    assert (await anna.ask("save_note", call=call, body=body | {"concern": "Auftrag"})).ok
    assert await texts(sqlite_db, call) == [["Angebot", "Auftrag"]]
    assert anna.call(call) is None


async def test_nobody_else_gets_at_a_note_by_being_late(room: DeskRoom, body: dict[str, Any]) -> None:
    anna, ben = await room.tab("anna"), await room.tab("ben")
    call = await talk(room, anna)
    assert (await ben.ask("save_draft", call=call, revision=9, body=body)).code == "not_yours"
    assert (await ben.ask("save_note", call=call, body=body)).code == "not_yours"
    room.pbx.hang_up("1.1")
    await until(lambda: anna.phase(call) == "ended", message="the end")
    assert (await anna.ask("save_note", call=call, body=body)).ok
    words = body | {"concern": "Fremd"}
    late = (
        await ben.ask("save_draft", call=call, revision=99, body=words),
        await ben.ask("save_note", call=call, body=words),
        await ben.ask("close_call", call=call, reason="other"),
    )
    assert {answer.code for answer in late} == {"unknown_call"}


# ---- a colleague answers


async def test_the_last_letters_follow_a_call_to_whoever_answers_it(
    sqlite_url: str, furnished: SampleCompany, body: dict[str, Any], sqlite_db: Database
) -> None:
    world = World()
    async with world_room(sqlite_url, world) as room:
        anna, ben = await room.tab("anna"), await room.tab("ben")
        call = room.id_of(world.call)
        world.arrive()
        world.offer("anna")
        world.answer("anna")
        await until(lambda: anna.phase(call) == "talking", message="Anna talks")
        assert (await anna.ask("save_draft", call=call, revision=1, body=body | {"concern": "An"})).ok
        world.hold()
        world.agent_hangs_up()
        world.offer("ben")
        world.answer("ben")
        await until(lambda: ben.phase(call) == "talking" and anna.call(call) is None, message="Ben talks")
        assert typed(ben, call) == "An"
        assert (await anna.ask("save_draft", call=call, revision=2, body=body | {"concern": "Ange"})).ok
        await until(lambda: typed(ben, call) == "Ange", message="her last letters")
        mine = body | {"concern": "Ange von vorhin", "company": "Krause GmbH"}
        assert (await ben.ask("save_draft", call=call, revision=9, body=mine)).ok
        late = body | {"concern": "Angebot", "company": "Krause Logistik", "callback": "030 2312590"}
        assert (await anna.ask("save_note", call=call, revision=4, body=late)).code == "not_yours"
        await until(lambda: "Angebot" in (typed(ben, call) or ""), message="and the very last ones")
        shown = ben.call(call)
        assert shown
        assert shown.draft
        assert shown.draft.body.concern == "Ange von vorhin\nAngebot"
        assert (shown.draft.body.company, shown.draft.body.callback) == ("Krause GmbH", "030 2312590")
        assert await draft_of(sqlite_db, call) == "Ange von vorhin\nAngebot"
        assert (await ben.ask("save_note", call=call, body=body)).ok
        assert (await anna.ask("save_draft", call=call, revision=9, body=mine)).code == "not_yours"


def _talks(desk: Tab, call: str) -> bool:
    return desk.phase(call) == "talking"


async def test_letters_in_a_call_that_rings_again_where_it_was_are_not_late(
    sqlite_url: str, furnished: SampleCompany, body: dict[str, Any], sqlite_db: Database
) -> None:
    world = World()
    async with world_room(sqlite_url, world) as room:
        anna, ben = await room.tab("anna"), await room.tab("ben")
        call = room.id_of(world.call)
        world.arrive()
        for name, desk in (("anna", anna), ("ben", ben)):
            world.offer(name)
            world.answer(name)
            await until(partial(_talks, desk, call), message=f"{name} talks")
            if desk is anna:
                assert (await anna.ask("save_draft", call=call, revision=1, body=body)).ok
            world.hold()
            world.agent_hangs_up()
        world.offer("anna")
        await until(lambda: anna.phase(call) == "offered", message="it rings at Anna's again")
        new = body | {"concern": "Ruft wieder an", "name": "Krause"}
        refused = await anna.ask("save_draft", call=call, revision=9, base=0, body=new)
        assert refused.code == "not_yours"
        assert typed(ben, call) == await draft_of(sqlite_db, call) == "Angebot"


# ---- the same command again


class Forgetful(AnsweredCommands):
    """Dies after the deed, before it can write down what it answered."""

    async def _remember(self, *_: object) -> None:
        return


@pytest.mark.parametrize("kind", ["save_note", "close_call", "put_away"])
async def test_what_a_desk_was_answered_is_written_once(
    room: DeskRoom, body: dict[str, Any], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what was done, where something is stored; after it, where nothing is."""
    wishes: dict[str, dict[str, Any]] = {"save_note": {"body": body}, "close_call": {"reason": "hung_up"}}
    more = wishes.get(kind, {})
    anna = await room.tab("anna")
    call = await talk(room, anna)
    room.pbx.hang_up("1.1")
    await until(lambda: anna.phase(call) == "ended", message="the end")
    written, remember = list[str](), idempotency.remember

    async def counted(conn: AsyncConnection, account_id: str, command_id: str, *rest: Any) -> bool:
        written.append(command_id)
        return await remember(conn, account_id, command_id, *rest)

    monkeypatch.setattr(idempotency, "remember", counted)
    assert (await anna.ask(kind, "once", call=call, **more)).ok == (kind != "put_away")
    await room.rooms.desks.settle(PATIENCE)
    assert written == ["once"]


@pytest.mark.parametrize("kind", ["save_note", "close_call"])
async def test_who_dies_before_answering_has_answered_all_the_same(
    sqlite_url: str, body: dict[str, Any], sqlite_db: Database, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = {"body": body} if kind == "save_note" else {"reason": "hung_up"}
    async with desk_room(sqlite_url) as room:
        monkeypatch.setattr(AnsweredCommands, "_remember", Forgetful._remember)
        anna = await room.tab("anna")
        call = await talk(room, anna)
        room.pbx.hang_up("1.1")
        await until(lambda: anna.phase(call) == "ended", message="the end")
        assert (await anna.ask(kind, "once", call=call, **more)).ok
    async with desk_room(sqlite_url) as room:
        anna = await room.tab("anna")
        assert (await anna.ask(kind, "once", call=call, **more)).ok
        assert (await anna.ask(kind, "twice", call=call, **more)).code == "unknown_call"
    assert await texts(sqlite_db, call) == ([["Angebot"]] if kind == "save_note" else [])
