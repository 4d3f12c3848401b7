"""What a company asks beside name and matter comes back to be corrected as one types it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from pbx_bridge.storage import tables
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.sql import insert_all
from pbx_bridge.storage.notes import notes
from tests.desk_room import DeskRoom, Tab, desk_room
from tests.sample_company import NOW, SampleCompany
from tests.until import until

ASKED = {
    "geboren": "date",
    "betrag": "number",
    "kundennr": "number",
    "versichert": "yesno",
    "art": "choice",
    "fax": "phone",
    "akte": "text",
    "lage": "long",
}
TYPED = {
    "geboren": "3.12.1970",
    "betrag": "1234,50",
    "kundennr": "471100",
    "versichert": "ja",
    "art": "Bestandskunde",
    "fax": "089 123456",
    "akte": "2026-12-03",
    "lage": "Regal 3\nlinks oben",
}
STORED = TYPED | {"geboren": "1970-12-03", "betrag": "1234.50", "versichert": "yes", "fax": "+4989123456"}
AGAIN = TYPED | {
    "geboren": "03.12.1970",
    "betrag": "1.234,50",
    "versichert": "yes",  # the form's own value of "Ja"
    "fax": "+49 89 123456",
}


@pytest.fixture
async def room(sqlite_url: str, furnished: SampleCompany, sqlite_db: Database) -> AsyncIterator[DeskRoom]:
    rows: list[dict[str, Any]] = [
        {"customer_id": furnished.customer_id, "key": key, "label": key, "kind": kind, "place": place}
        | {"choices": ["Neukunde", "Bestandskunde"] if kind == "choice" else [], "required": False}
        for place, (key, kind) in enumerate(ASKED.items(), start=1)
    ]
    async with sqlite_db.write() as conn:
        await conn.execute(tables.note_field.delete())
        await insert_all(conn, tables.note_field, rows)
        await data_version.touch(conn, furnished.customer_id, NOW)
    async with desk_room(sqlite_url) as opened:
        yield opened


async def test_own_fields_come_back_as_typed_and_are_the_same_when_saved_again(
    room: DeskRoom, furnished: SampleCompany, sqlite_db: Database
) -> None:
    anna, call = await room.tab("anna"), room.id_of("1.1")
    room.pbx.ring_and_answer("1.1")
    await until(lambda: anna.phase(call) == "talking", message="the call")
    room.pbx.hang_up("1.1")
    await until(lambda: anna.phase(call) == "ended", message="the end")
    body = {"name": "Sabine Krause", "concern": "Angebot", "recipients": [furnished.erika], "fields": TYPED}
    assert (await anna.ask("save_note", call=call, body=body)).ok
    await until(lambda: anna.picture.notes and anna.call(call) is None, message="saved")

    assert (await anna.ask("correct_note", note=anna.picture.notes[0].id)).ok
    await until(lambda: anna.call(call), message="open again")
    shown = anna.call(call)
    assert shown is not None
    assert shown.draft is not None
    assert shown.draft.body.fields == AGAIN
    again = body | {"fields": shown.draft.body.fields, "concern": "Angebot über Regale"}
    assert (await anna.ask("save_note", call=call, body=again)).ok

    async with sqlite_db.read() as conn:
        first, second = await notes.versions(conn, call)
    assert dict(first.note.fields) == dict(second.note.fields) == STORED


async def test_what_is_retired_is_not_asked_and_its_answer_survives_a_correction(
    room: DeskRoom, furnished: SampleCompany, sqlite_db: Database
) -> None:
    anna, call = await room.tab("anna"), room.id_of("1.1")
    room.pbx.ring_and_answer("1.1")
    await until(lambda: anna.phase(call) == "talking", message="the call")
    retired = tables.note_field.update().where(tables.note_field.c.key.in_(["fax", "geboren"]))
    async with sqlite_db.write() as conn:
        await conn.execute(retired.values(retired=True, required=True))
        await data_version.touch(conn, furnished.customer_id, NOW)
    asked = sorted({*ASKED} - {"fax", "geboren"})
    await until(lambda: sorted(_asked(anna, call)) == asked, message="two fields less on the screen")
    room.pbx.hang_up("1.1")
    await until(lambda: anna.phase(call) == "ended", message="the end")
    typed = {"fax": "089 123456", "geboren": "wohl im Mai"}
    body = {"name": "Sabine Krause", "concern": "Angebot", "recipients": [furnished.erika], "fields": typed}
    assert (await anna.ask("save_note", call=call, body=body)).ok
    await until(lambda: anna.picture.notes and anna.call(call) is None, message="saved")

    assert (await anna.ask("correct_note", note=anna.picture.notes[0].id)).ok
    await until(lambda: anna.call(call), message="open again")
    shown = anna.call(call)
    assert shown is not None
    assert shown.draft is not None
    again = body | {"fields": shown.draft.body.fields, "concern": shown.draft.body.concern + " für Regale"}
    assert (await anna.ask("save_note", call=call, body=again)).ok

    async with sqlite_db.read() as conn:
        first, second = await notes.versions(conn, call)
    assert dict(first.note.fields) == dict(second.note.fields) == {"fax": "+4989123456"}
    assert first.note.concern == "Angebot\ngeboren: wohl im Mai"


def _asked(anna: Tab, call: str) -> list[str]:
    shown = anna.call(call)
    return [field.key for field in shown.pop.note_fields] if shown else []
