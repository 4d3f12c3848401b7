"""What a desk knows of callers and notes: nothing from another company, nothing twice, all corrected."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from pbx_bridge.desk import protocol as p
from pbx_bridge.storage import tables
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import insert_all
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.outbox import notifications
from tests.desk_room import ANNA, BEN, Clock, DeskRoom, Tab, desk_room
from tests.sample_company import NOW, SampleCompany
from tests.until import until

STRANGER = "491713920077"
OTHER_LINE = "493023125200"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def room(sqlite_url: str, furnished: SampleCompany, clock: Clock) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url, clock) as opened:
        yield opened


@pytest.fixture
async def body(furnished: SampleCompany) -> dict[str, Any]:
    return {
        "name": "Sabine Krause",
        "company": "Krause Logistik",
        "callback": "0171 3920077",
        "concern": "Bittet um Rückruf.",
        "fields": {"art": "Neukunde"},
        "recipients": [furnished.erika],
    }


async def talking(room: DeskRoom, tab: Tab, call: str, **arrival: str) -> str:
    room.pbx.ring_and_answer(call, **arrival)
    await until(lambda: tab.phase(room.id_of(call)) == "talking", message="the call")
    return room.id_of(call)


async def noted(room: DeskRoom, tab: Tab, call: str, body: dict[str, Any]) -> str:
    """A call of the stranger with this note; the note's id."""
    name = await talking(room, tab, call, caller=STRANGER)
    room.pbx.hang_up(call)
    await until(lambda: tab.phase(name) == "ended", message="the end")
    assert (await tab.ask("save_note", call=name, body=body)).ok
    await until(lambda: any(n.call == name for n in tab.picture.notes), message="among the last notes")
    await room.rooms.calls.journal.settled()
    return next(n.id for n in tab.picture.notes if n.call == name)


async def second_company(db: Database) -> None:
    """Praxis Dr. Sommer, with a line of its own."""
    async with db.write() as conn:
        practice, tariff = new_id(), new_id()
        await insert_all(conn, tables.tariff, [{"id": tariff, "name": "Basis", "put_through": False}])
        greeting = "Praxis Dr. Sommer, [Vorname, Nachname]."
        row = {"id": practice, "name": "Praxis Dr. Sommer", "tariff_id": tariff, "greeting": greeting}
        await insert_all(conn, tables.customer, [row])
        await insert_all(
            conn, tables.line, [{"id": new_id(), "number": f"+{OTHER_LINE}", "customer_id": practice}]
        )
        await data_version.touch(conn, practice, NOW)


async def test_a_caller_who_left_a_note_is_known_at_this_company_and_at_no_other(
    room: DeskRoom, body: dict[str, Any], sqlite_db: Database
) -> None:
    await second_company(sqlite_db)
    await until(lambda: len(room.rooms.directory.index.customers) == 2, message="the practice")
    anna = await room.tab("anna")
    await noted(room, anna, "1.1", body)
    again = await talking(room, anna, "2.2", caller=STRANGER)
    await until(lambda: anna.events("pop_changed"), message="what the earlier note tells")
    shown = anna.call(again)
    assert shown is not None
    assert (shown.pop.caller.kind, shown.pop.caller.name) == ("known", "Sabine Krause")
    assert shown.pop.caller.company == "Krause Logistik"
    assert [call.summary for call in shown.earlier] == ["Bittet um Rückruf."]

    ben = await room.tab("ben")
    room.pbx.arrive("3.3", caller=STRANGER, dialled=OTHER_LINE)
    room.pbx.offer("3.3", BEN)
    await until(lambda: ben.call(room.id_of("3.3")), message="the practice's call")
    await until(lambda: room.rooms.desks.reads.idle, message="the look-up")
    elsewhere = ben.call(room.id_of("3.3"))
    assert elsewhere is not None
    assert (elsewhere.pop.caller.kind, elsewhere.pop.caller.name, elsewhere.earlier) == ("unknown", "", [])


async def test_who_is_known_is_named_to_the_employee(
    room: DeskRoom, body: dict[str, Any], furnished: SampleCompany
) -> None:
    anna = await room.tab("anna")
    await noted(room, anna, "1.1", body)
    call = await talking(room, anna, "2.2", caller=STRANGER)
    await until(lambda: anna.events("pop_changed"), message="what the earlier note tells")
    assert (await anna.ask("ring", call=call, employee=furnished.erika)).ok
    await until(lambda: (c := anna.call(call)) and c.view.put_through, message="the put-through")
    shown = anna.call(call)
    assert shown is not None
    assert shown.view.put_through is not None
    assert shown.view.put_through.say == "In der Leitung ist Sabine Krause von Krause Logistik."


async def test_names_are_shown_as_one_says_them(room: DeskRoom, body: dict[str, Any]) -> None:
    anna = await room.tab("anna")
    await noted(room, anna, "1.1", body)
    assert anna.picture.notes[0].to == "Erika Beispiel"
    await talking(room, anna, "2.2")
    employees = anna.picture.calls[0].pop.employees
    assert [(e.name, e.sort_name) for e in employees] == [
        ("Erika Beispiel", "Beispiel, Erika"),
        ("Jens Meier", "Meier, Jens"),
    ]


async def test_advertising_is_remembered_for_the_next_agent(room: DeskRoom) -> None:
    anna = await room.tab("anna")
    call = await talking(room, anna, "1.1", caller=STRANGER)
    room.pbx.hang_up("1.1")
    await until(lambda: anna.phase(call) == "ended", message="the end")
    assert (await anna.ask("close_call", call=call, reason="advertising")).ok
    ben = await room.tab("ben")
    room.pbx.arrive("2.2", caller=STRANGER)
    room.pbx.offer("2.2", BEN)
    await until(lambda: ben.events("earlier"), message="the earlier call")
    assert [call.reason for call in ben.picture.calls[0].earlier] == ["advertising"]


async def test_what_is_typed_is_understood_before_it_is_saved(
    room: DeskRoom, clock: Clock, body: dict[str, Any]
) -> None:
    anna = await room.tab("anna")
    call = await talking(room, anna, "1.1")
    answer = await anna.ask("check_note", call=call, body=body | {"callback_by": "in 2 Stunden"})
    due = datetime.fromisoformat(answer.read["callback_by"])
    assert abs(due - clock() - timedelta(hours=2)) < timedelta(minutes=2)
    assert answer.read["callback"] == "+49 171 3920077"
    assert answer.fields == {}
    wrong = body | {"callback_by": "irgendwann", "callback": "12", "concern": ""}
    answer = await anna.ask("check_note", call=call, body=wrong)
    assert answer.fields == {
        "callback_by": "not_understood",
        "callback": "not_a_phone",
        "concern": "required",
    }
    assert answer.ok
    assert answer.read == {}
    shown = anna.call(call)
    assert shown is not None
    assert shown.draft is None, "looking stores nothing"
    ben = await room.tab("ben")
    assert (await ben.ask("check_note", call=call, body=body)).code == "not_yours"


async def test_a_correction_is_a_new_version_and_the_recipient_gets_it(
    room: DeskRoom, body: dict[str, Any], sqlite_db: Database
) -> None:
    anna, second = await room.tab("anna"), await room.tab("anna")
    note = await noted(room, anna, "1.1", body)
    call = room.id_of("1.1")
    state = anna.picture.me.state
    assert (await anna.ask("correct_note", note=note)).ok
    await until(lambda: second.call(call), message="open in both tabs")
    shown = second.call(call)
    assert shown is not None
    assert shown.view.correction is not None
    assert shown.view.correction.note == note
    assert shown.draft is not None
    assert shown.draft.body.concern == "Bittet um Rückruf."
    assert shown.draft.body.callback == "0171 3920077"
    assert shown.view.may == ["save_draft", "save_note", "put_away"]

    mended = body | {"concern": "Bittet um Rückruf bis Freitag."}
    assert (await second.ask("save_note", call=call, body=mended)).ok
    await until(lambda: anna.call(call) is None, message="off the screen")
    await until(lambda: anna.picture.notes[0].id != note, message="the newer version among the last notes")
    assert [n.call for n in anna.picture.notes] == [call], "one line a note, not one a version"
    async with sqlite_db.read() as conn:
        versions = await notes.versions(conn, call)
        sent = await notifications.of_note(conn, anna.picture.notes[0].id)
    assert [v.note.concern for v in versions] == ["Bittet um Rückruf.", "Bittet um Rückruf bis Freitag."]
    assert [(mail.channel, mail.kind) for mail in sent] == [("email", "correction")]
    assert anna.picture.me.state == state, "a correction neither pauses nor releases anybody"

    assert (await anna.ask("correct_note", note=anna.picture.notes[0].id)).ok
    await until(lambda: anna.call(call), message="open again")
    again = anna.call(call)
    assert again is not None
    assert again.view.correction is not None
    assert [(v.agent, v.body.concern) for v in again.view.correction.versions] == [
        ("Anna Keller", "Bittet um Rückruf."),
        ("Anna Keller", "Bittet um Rückruf bis Freitag."),
    ]


async def test_a_correction_put_away_leaves_the_note_as_it_was(
    room: DeskRoom, body: dict[str, Any], sqlite_db: Database
) -> None:
    anna = await room.tab("anna")
    note = await noted(room, anna, "1.1", body)
    call = room.id_of("1.1")
    assert (await anna.ask("put_away", call=call)).code == "unknown_call"
    await anna.ask("correct_note", note=note)
    await until(lambda: anna.call(call), message="open")
    assert (await anna.ask("save_draft", call=call, revision=2, body=body | {"concern": "Doch"})).ok
    assert (await anna.ask("close_call", call=call, reason="other")).code == "not_now"
    assert (await anna.ask("put_away", call=call)).ok
    await until(lambda: anna.call(call) is None, message="off the screen")
    async with sqlite_db.read() as conn:
        assert [v.note.concern for v in await notes.versions(conn, call)] == ["Bittet um Rückruf."]
        assert await notes.draft(conn, call) is None


async def test_only_ones_own_note_can_be_corrected_and_not_while_its_call_is_open(
    room: DeskRoom, body: dict[str, Any]
) -> None:
    anna, ben = await room.tab("anna"), await room.tab("ben")
    note = await noted(room, anna, "1.1", body)
    assert (await ben.ask("correct_note", note=note)).code == "unknown_note"
    assert (await anna.ask("correct_note", note="nothing")).code == "unknown_note"
    call = await talking(room, anna, "2.2", caller=STRANGER)
    assert (await anna.ask("save_note", call=call, body=body)).ok
    await until(lambda: anna.picture.notes[0].call == call, message="noted while they talk")
    assert (await anna.ask("correct_note", note=anna.picture.notes[0].id)).code == "not_now"


async def test_letters_typed_into_a_correction_survive_a_restart(
    sqlite_url: str, furnished: SampleCompany, body: dict[str, Any]
) -> None:
    async with desk_room(sqlite_url) as room:
        anna = await room.tab("anna")
        note, call = await noted(room, anna, "1.1", body), room.id_of("1.1")
        await anna.ask("correct_note", note=note)
        await until(lambda: anna.call(call), message="open")
        assert (await anna.ask("save_draft", call=call, revision=2, body=body | {"concern": "Doch n"})).ok
    async with desk_room(sqlite_url) as room:
        anna = await room.tab("anna")
        shown = anna.call(call)
        assert shown is not None
        assert shown.draft is not None
        assert shown.draft.body.concern == "Doch n"
        assert shown.view.correction is not None
        assert shown.view.correction.note == note


async def test_a_call_back_time_that_has_gone_by_does_not_stop_a_correction(
    room: DeskRoom, body: dict[str, Any], clock: Clock
) -> None:
    anna = await room.tab("anna")
    note = await noted(room, anna, "1.1", body | {"callback_by": "in 1 Stunde"})
    clock.ahead = timedelta(hours=3)
    await anna.ask("correct_note", note=note)
    call = room.id_of("1.1")
    await until(lambda: anna.call(call), message="open")
    shown = anna.call(call)
    assert shown is not None
    assert shown.draft is not None
    same = p.NoteBody(**{**body, "callback_by": shown.draft.body.callback_by, "company": "Krause AG"})
    values = {name: getattr(same, name) for name in same.__struct_fields__}
    assert (await anna.ask("save_note", call=call, body=values | {"callback_by": "gestern"})).fields
    assert (await anna.ask("save_note", call=call, body=values)).ok


async def test_the_own_day_is_shown_to_oneself_alone(room: DeskRoom, body: dict[str, Any]) -> None:
    anna, ben = await room.tab("anna"), await room.tab("ben")
    await noted(room, anna, "1.1", body)
    await until(lambda: anna.picture.mine.notes == 1, message="the own figures")
    assert (anna.picture.mine.calls, anna.picture.mine.in_time) == (1, 1)
    assert ben.picture.mine == p.MineView()
    assert ANNA not in str(ben.events("mine"))
