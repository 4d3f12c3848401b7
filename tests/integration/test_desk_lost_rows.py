"""The journal may lose a call while the database is away for long; its note is not lost with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from pbx_bridge.storage import tables
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.notes import notes
from tests.desk_room import DeskRoom, desk_room
from tests.sample_company import SampleCompany
from tests.until import until


@pytest.fixture
async def room(sqlite_url: str, furnished: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url) as opened:
        yield opened


@pytest.mark.parametrize("typed_before", [True, False])
async def test_a_call_that_the_journal_lost_takes_its_note_all_the_same(
    room: DeskRoom, furnished: SampleCompany, sqlite_db: Database, typed_before: bool
) -> None:
    body: dict[str, Any] = {
        "name": "Sabine Krause", "concern": "Bittet um Rückruf.", "recipients": [furnished.erika],
        "fields": {"art": "Neukunde"},
    }  # fmt: skip
    anna, call = await room.tab("anna"), room.id_of("1.1")
    room.pbx.ring_and_answer("1.1")
    await until(lambda: anna.phase(call) == "talking", message="the call")
    await room.rooms.calls.journal.settled()
    async with sqlite_db.write() as conn:
        await conn.execute(tables.call.delete())

    if typed_before:
        assert (await anna.ask("save_draft", call=call, revision=1, body=body)).ok
    assert (await anna.ask("save_note", call=call, body=body)).ok
    assert (await anna.ask("save_note", call=call, body=body)).code in {"already_noted", "unknown_call"}
    async with sqlite_db.read() as conn:
        (saved,) = await notes.versions(conn, call)
    assert saved.note.concern == body["concern"]
