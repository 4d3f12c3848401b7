"""Text that is no text: kept alike by both databases, and never an error; and no error tells what it was."""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import JSON, BigInteger, Boolean, Integer, Table, text

from pbx_bridge.storage import tables
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.packed import JsonText
from pbx_bridge.storage.db.types import PlainText, UtcTime, storable
from pbx_bridge.storage.notes import notes
from rules.model import CallNote
from tests.sample_company import NOW, SampleCompany, arrive, furnish

ODD = {
    "Hans\x00Müller": "Hans\ufffdMüller",
    "\x00": "\ufffd",
    "halb \ud83d und ganz \ud83d\ude00": "halb \ufffd und ganz 😀",
    "\udc80\ud800": "\ufffd\ufffd",
    "Zeile\u2028Zeile": "Zeile\u2028Zeile",
    "\u202eumgekehrt\u202c": "\u202eumgekehrt\u202c",
    "😀ß\U0010ffff": "😀ß\U0010ffff",
    "x" * 10_000: "x" * 10_000,
}


@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_character_is_marked(odd: str) -> None:
    assert storable(odd) == ODD[odd]
    storable(odd).encode()


def test_every_text_of_every_table_goes_this_way() -> None:
    plain = (PlainText, UtcTime, JSON, JsonText, Integer, BigInteger, Boolean)
    columns = [column for table in tables.metadata.tables.values() for column in table.columns]
    assert [str(column) for column in columns if not isinstance(column.type, plain)] == []
    assert len(columns) > 150


@pytest.mark.parametrize("odd", ODD)
async def test_odd_text_in_every_field_of_a_note_is_stored(db: Database, odd: str) -> None:
    house = await furnish(db)
    note = CallNote(
        new_id(),
        odd,
        odd,
        odd,
        odd,
        fields=(("art", odd),),
        recipients=(house.erika,),
        message_to_caller=odd,
        callback_wanted=True,
    )
    async with db.write() as conn:
        call = await arrive(conn, house)
        await calls.insert(
            conn, calls.StoredCall(new_id(), odd, odd, NOW, caller_name=odd, caller_number=odd)
        )
        await notes.save_draft(conn, call, house.anna, {"concern": odd}, 1, NOW)
        owner = {"call_id": call, "customer_id": house.customer_id, "agent_id": house.anna}
        await notes.insert(conn, note, **owner, now=NOW, conversation=odd)  # type: ignore[arg-type]
        stored = await notes.by_id(conn, note.id)
        assert await notes.by_id(conn, odd) is None, "and looked for"
    assert stored is not None
    clean = replace(
        note,
        caller_name=ODD[odd],
        concern=ODD[odd],
        caller_company=ODD[odd],
        callback_number=ODD[odd],
        message_to_caller=ODD[odd],
    )
    assert replace(stored.note, fields=clean.fields) == clean


CANARY = "Kanaria Federkleid"
Fault = Callable[[AsyncConnection, SampleCompany], Awaitable[object]]


def _insert(table: Table, **values: object) -> Fault:
    return lambda conn, _: conn.execute(table.insert().values(**values))


_NOTE = {"id": CANARY, "caller_name": CANARY, "concern": CANARY, "fields": {"art": CANARY}}
_AT = datetime(2026, 11, 23, tzinfo=UTC)
FAULTS: dict[str, Fault] = {
    "a reference to nothing": _insert(tables.call_note, **_NOTE, call_id=CANARY, created_at=_AT),
    "something left out": _insert(tables.call_note, **_NOTE, call_id=CANARY),
    "a moment without zone": _insert(
        tables.call_note, **_NOTE, call_id=CANARY, created_at=datetime(2026, 11, 23)  # noqa: DTZ001 - the fault
    ),
    "a number that is none": _insert(
        tables.call_note, **_NOTE, call_id=CANARY, created_at=_AT, revision=CANARY
    ),
    "a number too large": _insert(
        tables.call_note, **_NOTE, call_id=CANARY, created_at=_AT, revision=2**63
    ),
    "what JSON cannot say": _insert(
        tables.call_note, **_NOTE | {"fields": {CANARY: _AT}}, call_id=CANARY, created_at=_AT
    ),
    "a word that no state has": lambda conn, _: conn.execute(
        tables.customer.update().values(hue=77, spoken_name=CANARY)
    ),
    "a name that is taken": lambda conn, house: conn.execute(
        tables.customer.insert().values(
            id=CANARY, name="Mustermann AG", spoken_name=CANARY, tariff_id=house.customer_id, greeting=CANARY
        )
    ),
    "a column that is not there": lambda conn, _: conn.execute(
        text("UPDATE customer SET nothing = :canary"), {"canary": CANARY}
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_error_of_the_database_tells_what_was_to_be_stored(db: Database, fault: str) -> None:
    house = await furnish(db)
    told = ""
    try:
        async with db.write() as conn:
            await FAULTS[fault](conn, house)
    except Exception:  # what a log would say
        told = traceback.format_exc()
    assert told, "the database took it"
    said = told.partition("[SQL:")[0]
    assert CANARY not in told
    assert "Mustermann" not in said, "nor what was there before"
