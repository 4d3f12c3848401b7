"""Whatever is typed, pasted or sent by a client that errs is stored clean, or refused with its field; nothing
stops what comes after it. On both databases alike."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from pbx_bridge.calls import events as ev
from pbx_bridge.storage import tables
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.notes import notes
from rules.text.typed_text import line, lines
from tests.desk_room import DeskRoom, Tab, desk_room
from tests.sample_company import SampleCompany, furnish
from tests.until import until

ODD = (
    "Nu\x00ll",
    "Glocke\x07 Löschen\x7f Farbe\x1b[31m",
    "halb \ud83d",
    "Zeile\u2028Absatz\u2029Ende",
    "\u202ereyaL\u202c \u2066x\u2069 \u200fר",
    "eins\r\nzwei\rdrei\tvier",
    "x" * 10_000,
    "1234567890123456",
    "+4930231251234567",
    "' OR 1=1; -- {{7*7}} ${x} %s <b>",
    "👩\u200d👧 ß ẞ ﬁ ｆｕｌｌ",
    " ",
)
TEXTS = ("name", "company", "callback", "concern", "callback_by", "message_to_caller")
MAY_BE_REFUSED = {
    "name": {"too_long"},
    "company": {"too_long"},
    "concern": {"too_long"},
    "message_to_caller": {"too_long"},
    "callback": {"not_a_phone", "too_long", "two_phones"},
    "callback_by": {
        "too_long", "not_understood", "ambiguous", "past", "no_such_day", "no_such_time", "earliest",
    },
    "recipients": {"unknown_recipient"},
    "art": {"not_a_choice", "too_long"},
}  # fmt: skip


@pytest.fixture
async def house(db: Database) -> SampleCompany:
    return await furnish(db)


@pytest.fixture
async def room(database_url: str, house: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with desk_room(database_url) as opened:
        yield opened


async def talk(room: DeskRoom, tab: Tab, number: str = "1.1") -> str:
    room.pbx.ring_and_answer(number)
    call = room.id_of(number)
    await until(lambda: tab.phase(call) == "talking", message="the call")
    return call


def body(house: SampleCompany, **odd: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "name": "Sabine Krause", "concern": "Angebot", "fields": {"art": "Neukunde"},
        "recipients": [house.erika],
    }  # fmt: skip
    return plain | odd


async def test_odd_text_in_every_field_is_kept_clean_or_refused_with_its_field(
    room: DeskRoom, house: SampleCompany, db: Database
) -> None:
    anna = await room.tab("anna")
    for number, odd in enumerate(ODD):
        call = await talk(room, anna, f"{number}.1")
        own = {"fields": {"art": odd, odd[:60]: odd}, "recipients": [odd[:60], house.erika]}
        everywhere = dict.fromkeys(TEXTS, odd) | own
        assert (await anna.ask("save_draft", call=call, revision=1, body=everywhere)).ok, ascii(odd[:20])
        async with db.read() as conn:
            draft = await notes.draft(conn, call)
        assert draft is not None
        assert (draft.body["name"], draft.body["concern"]) == (line(odd), lines(odd))

        checked = await anna.ask("check_note", call=call, body=everywhere)
        refused = await anna.ask("save_note", call=call, body=everywhere)
        assert (refused.code, refused.fields) == ("invalid", checked.fields)
        assert all(refused.fields[name] in MAY_BE_REFUSED[name] | {"required"} for name in refused.fields)

        good = {name: odd for name in TEXTS if name not in refused.fields}
        answer = await anna.ask("save_note", call=call, body=body(house, **good))
        assert answer.ok, (ascii(odd[:20]), answer)
        async with db.read() as conn:
            (saved,) = await notes.versions(conn, call)
        if "concern" in good:
            assert saved.note.concern == lines(odd).strip()
        if "name" in good:
            assert saved.note.caller_name == line(odd).strip()
        room.pbx.hang_up(f"{number}.1")
        await until(lambda call=call: anna.call(call) is None, message="done")  # type: ignore[misc]  # a default


async def test_half_a_character_on_the_wire_is_no_reason_to_hang_up(
    room: DeskRoom, house: SampleCompany
) -> None:
    """JSON of a browser says it as an escape, which decoders refuse; the socket lives, the note is stored."""
    anna = await room.tab("anna")
    call = await talk(room, anna)
    typed = r"Fragt nach \ud83d und \\ud83d und \ud83d\ude00"
    text = json.dumps({"type": "save_draft", "id": "half", "call": call, "revision": 1, "body": {}})
    await anna.socket.send_str(text.replace('"body": {}', f'"body": {{"concern": "{typed}"}}'))
    await until(lambda: "half" in anna.answers, message="an answer")
    assert anna.answers["half"].ok
    await until(lambda: (c := anna.call(call)) and c.draft, message="the draft")
    shown = anna.call(call)
    assert shown
    assert shown.draft
    assert shown.draft.body.concern == r"Fragt nach " + "\ufffd" + r" und \ud83d und 😀"


@pytest.mark.parametrize("revision", [-1, 2**31 - 1, 2**31, 2**53, 2**63, 2**64, 10**30])
async def test_no_revision_stops_the_letters_that_follow(
    room: DeskRoom, house: SampleCompany, revision: int
) -> None:
    anna = await room.tab("anna")
    call = await talk(room, anna)
    odd = await anna.ask("save_draft", call=call, revision=revision, body={"concern": "A"})
    assert odd.code in {"unreadable", "draft_outdated"}
    for number in (1, 2):
        assert (await anna.ask("save_draft", call=call, revision=number, body={"concern": "An"})).ok
    outdated = await anna.ask("save_note", call=call, revision=revision, body=body(house))
    assert outdated.ok or outdated.code == "unreadable"
    if not outdated.ok:
        assert (await anna.ask("save_note", call=call, revision=2, body=body(house))).ok


@pytest.mark.parametrize("name", ["", "x" * 65, "x" * 5_000])
async def test_an_id_that_is_none_is_answered_and_kept_nowhere(
    room: DeskRoom, db: Database, name: str
) -> None:
    anna = await room.tab("anna")
    await anna.socket.send_json({"type": "ready", "id": name})
    await until(lambda: name in anna.answers, message="an answer")
    assert anna.answers[name].code == "unreadable"
    assert (await anna.ask("ready")).ok, "the socket lives"
    async with db.read() as conn:
        kept = (await conn.execute(tables.desk_command.select())).all()
    assert all(0 < len(row.id) <= 64 for row in kept)


async def test_an_odd_id_of_good_length_is_an_id(room: DeskRoom, house: SampleCompany) -> None:
    anna = await room.tab("anna")
    call = await talk(room, anna)
    for name in ("ü\u2028", "a\x00b", " "):
        answer = await anna.ask("save_note", name, call=call, body=body(house, concern=f"An {len(name)}"))
        assert answer.ok or answer.code == "already_noted", answer


async def test_a_caller_whose_name_is_odd_takes_a_note_like_any_other(
    room: DeskRoom, house: SampleCompany, db: Database
) -> None:
    anna = await room.tab("anna")
    odd = "Nu\x00ll \ud800\u202e"
    room.pbx.tell(ev.CallArrived("1.1", "PJSIP/trunk-1.1", "493023125100", "491713920042", odd))
    room.pbx.tell(ev.QueueJoined("1.1", "sec"))
    room.pbx.offer("1.1")
    room.pbx.answer("1.1")
    call = room.id_of("1.1")
    await until(lambda: anna.phase(call) == "talking", message="the call")
    assert (await anna.ask("save_note", call=call, body=body(house))).ok
    async with db.read() as conn:
        assert len(await notes.versions(conn, call)) == 1
