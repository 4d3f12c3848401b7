from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from pbx_bridge.settings import CallSettings
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.notes import notes
from tests.desk_room import ANNA, BEN, DeskRoom, desk_room
from tests.sample_company import SampleCompany
from tests.until import PATIENCE, until


@pytest.fixture
async def room(sqlite_url: str, furnished: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url, calls=replace(CallSettings(), wrap_up_seconds=0.2)) as opened:
        yield opened


async def test_the_pop_comes_to_the_agent_who_is_rung_and_to_nobody_else(room: DeskRoom) -> None:
    anna, ben = await room.tab("anna"), await room.tab("ben")
    room.pbx.arrive("1.1")
    room.pbx.offer("1.1", ANNA)
    await until(lambda: anna.events("offer"), message="the pop")
    call = anna.call(room.id_of("1.1"))
    assert call is not None
    assert call.pop.greeting == "Herzlich Willkommen bei der Mustermann AG, mein Name ist Anna Keller."
    assert (call.pop.caller.kind, call.pop.caller.name, call.pop.caller.vip_of) == (
        "vip",
        "Hans Müller",
        "Erika Beispiel",
    )
    assert [employee.sort_name for employee in call.pop.employees] == ["Beispiel, Erika", "Meier, Jens"]
    await until(lambda: ben.picture.waiting, message="Ben sees who waits")
    assert not ben.events("offer")


async def test_when_one_answers_the_pop_leaves_the_others(room: DeskRoom) -> None:
    anna, ben = await room.tab("anna"), await room.tab("ben")
    room.pbx.arrive("1.1")
    room.pbx.offer("1.1", ANNA)
    room.pbx.offer("1.1", BEN)
    await until(lambda: ben.events("offer"), message="Ben's pop")
    room.pbx.answer("1.1", ANNA)
    await until(lambda: anna.phase(room.id_of("1.1")) == "talking", message="Anna talks")
    await until(lambda: ben.events("offer_gone"), message="gone from Ben")
    assert ben.events("offer_gone")[0] | {"call": ""} == {
        "type": "offer_gone",
        "call": "",
        "reason": "answered_elsewhere",
        "by": "Anna Keller",
    }
    assert ben.picture.calls == []


async def test_an_unknown_line_still_gives_a_neutral_pop(room: DeskRoom) -> None:
    anna = await room.tab("anna")
    room.pbx.arrive("1.1", dialled="493023125999")
    room.pbx.offer("1.1")
    await until(lambda: anna.events("offer"), message="the pop")
    pop = anna.picture.calls[0].pop
    assert (pop.company.id, pop.employees) == (None, [])
    assert "Anna Keller" in pop.greeting


async def test_an_agent_in_a_call_is_offered_nothing_and_ready_again_after_the_wrap_up(
    room: DeskRoom,
) -> None:
    anna = await room.tab("anna")
    room.pbx.ring_and_answer("1.1")
    await until(lambda: room.pbx.named("QueuePause"), message="paused at the answer")
    await until(lambda: anna.picture.me.state == "talking", message="Anna talks")
    room.pbx.hang_up("1.1")

    def told() -> list[dict[str, Any]]:
        return [event["me"] for event in anna.events("me")][-2:]

    await until(
        lambda: [agent["state"] for agent in told()] == ["wrap_up", "ready"], message="ready by itself"
    )
    assert told()[0]["wrap_up_until"]


async def test_a_saved_note_ends_the_call_on_the_screen_and_the_wrap_up(
    sqlite_url: str, furnished: SampleCompany
) -> None:
    long = replace(CallSettings(), wrap_up_seconds=600)
    async with desk_room(sqlite_url, calls=long) as room:
        anna = await room.tab("anna")
        room.pbx.ring_and_answer("1.1")
        call = room.id_of("1.1")
        await until(lambda: anna.phase(call) == "talking", message="the call")
        room.pbx.hang_up("1.1")
        await until(lambda: anna.phase(call) == "ended", message="the end")
        body: dict[str, Any] = {"name": "Hans Müller", "callback": "0171 3920042", "concern": "Angebot"}
        refused = await anna.ask("save_note", call=call, body=body)
        assert (refused.code, refused.fields) == ("invalid", {"art": "required"})
        body |= {"fields": {"art": "Neukunde"}, "recipients": [furnished.erika]}
        assert (await anna.ask("save_note", call=call, body=body)).ok
        await until(lambda: anna.phase(call) is None, message="off the screen")
        await until(lambda: anna.picture.me.state == "ready", message="ready at once")
        await until(lambda: anna.picture.notes, message="among the last notes")
        again = await anna.ask("save_note", call=call, body=body)
        assert again.code == "unknown_call"


async def test_the_note_of_an_older_call_leaves_the_time_for_the_newer_ones(
    sqlite_url: str, furnished: SampleCompany
) -> None:
    long = replace(CallSettings(), wrap_up_seconds=600)
    async with desk_room(sqlite_url, calls=long) as room:
        anna = await room.tab("anna")
        for number in ("1.1", "1.2"):
            assert (await anna.ask("ready")).ok
            room.pbx.ring_and_answer(number)
            await until(lambda: anna.picture.me.state == "talking", message="the call")
            room.pbx.hang_up(number)
            await until(lambda: anna.picture.me.state == "wrap_up", message="wrap-up")
        older, newer = room.id_of("1.1"), room.id_of("1.2")
        assert (await anna.ask("close_call", call=older, reason="hung_up")).ok
        await until(lambda: anna.phase(older) is None, message="off the screen")
        assert anna.picture.me.state == "wrap_up"
        assert (await anna.ask("close_call", call=newer, reason="hung_up")).ok
        await until(lambda: anna.picture.me.state == "ready", message="ready at once")


async def test_what_is_typed_is_on_all_tabs_and_in_the_database(room: DeskRoom, sqlite_db: Database) -> None:
    first, second = await room.tab("anna"), await room.tab("anna")
    room.pbx.ring_and_answer("1.1")
    call = room.id_of("1.1")
    await until(lambda: first.phase(call) == "talking" and second.phase(call) == "talking", message="both")
    assert (await first.ask("save_draft", call=call, revision=1, body={"concern": "Ang"})).ok
    await until(lambda: second.events("draft"), message="the other tab")
    late = await second.ask("save_draft", call=call, revision=1, body={"concern": "alt"})
    assert (late.code, late.params) == ("draft_outdated", {"revision": "1"})
    async with sqlite_db.read() as conn:
        stored = await notes.draft(conn, call)
    assert stored is not None
    assert stored.body["concern"] == "Ang"


async def test_letters_still_on_their_way_when_the_note_is_saved_lay_nothing_open_again(
    room: DeskRoom, furnished: SampleCompany, sqlite_db: Database
) -> None:
    anna = await room.tab("anna")
    room.pbx.ring_and_answer("1.1")
    call = room.id_of("1.1")
    await until(lambda: anna.phase(call) == "talking", message="Anna talks")
    body = {"name": "Hans Müller", "concern": "Angebot", "fields": {"art": "Neukunde"}}
    assert (await anna.ask("save_note", call=call, body=body)).ok
    late = await anna.ask("save_draft", call=call, revision=9, body=body)
    assert (late.ok, late.code) == (False, "already_noted")
    async with sqlite_db.read() as conn:
        assert await notes.drafts_of(conn, furnished.anna) == ()


async def test_letters_that_came_before_the_window_closed_are_stored_after_it(
    room: DeskRoom, furnished: SampleCompany, sqlite_db: Database
) -> None:
    leaving, staying = await room.tab("anna"), await room.tab("anna")
    room.pbx.ring_and_answer("1.1")
    call = room.id_of("1.1")
    await until(lambda: leaving.phase(call) == "talking", message="Anna talks")
    await room.rooms.calls.journal.settled()
    async with sqlite_db.write():  # nobody else can write until the window has closed
        letters = {
            "type": "save_draft",
            "id": "last",
            "call": call,
            "revision": 1,
            "body": {"concern": "Ang"},
        }
        await leaving.socket.send_json(letters)
        await until(lambda: staying.events("draft"), message="on the other screen")
        await leaving.socket.close()
    kept: tuple[notes.Draft, ...] = ()
    async with asyncio.timeout(PATIENCE):
        while not kept:
            async with sqlite_db.read() as conn:
                kept = await notes.drafts_of(conn, furnished.anna)
    assert kept[0].body["concern"] == "Ang"


async def test_an_open_call_and_its_draft_survive_a_restart(
    sqlite_url: str, furnished: SampleCompany
) -> None:
    async with desk_room(sqlite_url) as room:
        anna = await room.tab("anna")
        room.pbx.ring_and_answer("1.1")
        call = room.id_of("1.1")
        await until(lambda: anna.phase(call) == "talking", message="the call")
        room.pbx.hang_up("1.1")
        await until(lambda: anna.phase(call) == "ended", message="the end")
        assert (await anna.ask("save_draft", call=call, revision=4, body={"name": "Müll"})).ok
        before = anna.place
    async with desk_room(sqlite_url) as room:
        anna = await room.tab("anna", place=before)
        assert anna.hello is not None
        assert anna.hello.resumed is False
        found = anna.call(call)
        assert found is not None
        assert (found.view.phase, found.pop.company.name) == ("ended", "Mustermann AG")
        assert found.draft is not None
        assert (found.draft.revision, found.draft.body.name) == (4, "Müll")
        assert (await anna.ask("close_call", call=call, reason="hung_up")).ok
        await until(lambda: anna.phase(call) is None, message="closed")


async def test_a_call_that_was_running_when_we_died_is_over_when_the_pbx_does_not_know_it(
    sqlite_url: str, furnished: SampleCompany, sqlite_db: Database
) -> None:
    async with desk_room(sqlite_url) as room:
        anna = await room.tab("anna")
        room.pbx.ring_and_answer("1.1")
        call = room.id_of("1.1")
        await until(lambda: anna.phase(call) == "talking", message="the call")
    async with desk_room(sqlite_url) as room:
        anna = await room.tab("anna")
        await until(lambda: anna.phase(call) == "ended", message=lambda: f"over: {anna.call(call)}")
        await room.rooms.calls.journal.settled()
        async with sqlite_db.read() as conn:
            stored = await calls.by_id(conn, call)
        assert stored is not None
        assert stored.ended_at is not None
        assert stored.outcome == "open"
