"""A desk where a call is noted: what the tests of notes begin with, and what they look at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from pbx_bridge.storage import tables
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.notes import notes
from tests.desk_room import DeskRoom, Tab, desk_room
from tests.sample_company import SampleCompany
from tests.until import until


@pytest.fixture
async def room(sqlite_url: str, furnished: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url) as opened:
        yield opened


@pytest.fixture
def body(furnished: SampleCompany) -> dict[str, Any]:
    return {
        "name": "Sabine Krause", "concern": "Angebot", "fields": {"art": "Neukunde"},
        "recipients": [furnished.erika],
    }  # fmt: skip


async def talk(room: DeskRoom, tab: Tab, number: str = "1.1") -> str:
    room.pbx.ring_and_answer(number)
    call = room.id_of(number)
    await until(lambda: tab.phase(call) == "talking", message="the call")
    return call


async def texts(db: Database, call: str) -> list[list[str]]:
    """Of each note all versions."""
    async with db.read() as conn:
        return [[one.note.concern for one in chain] for chain in await notes.chains(conn, call)]


async def draft_of(db: Database, call: str) -> str | None:
    async with db.read() as conn:
        rows = (
            await conn.execute(tables.note_draft.select().where(tables.note_draft.c.call_id == call))
        ).all()
    return rows[0].body["concern"] if rows else None


def typed(tab: Tab, call: str) -> str | None:
    shown = tab.call(call)
    return shown.draft.body.concern if shown and shown.draft else None
