from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes import notes
from rules.model import CallNote
from tests.sample_company import NOW, SampleCompany, arrive, furnish

LATER = NOW + timedelta(minutes=2)


async def _save(
    conn: AsyncConnection, house: SampleCompany, call_id: str, note: CallNote, replaces: str | None = None
) -> None:
    await notes.insert(
        conn,
        note,
        call_id=call_id,
        customer_id=house.customer_id,
        agent_id=house.anna,
        now=LATER,
        replaces_id=replaces,
    )


async def test_an_older_draft_never_overwrites_a_newer_one(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        call_id = await arrive(conn, house)
        assert await notes.save_draft(conn, call_id, house.anna, {"concern": "Ang"}, 2, NOW)
        assert await notes.save_draft(conn, call_id, house.anna, {"concern": "Angebot"}, 3, LATER)
        assert not await notes.save_draft(conn, call_id, house.anna, {"concern": "An"}, 1, LATER)
        assert not await notes.save_draft(conn, call_id, house.anna, {"concern": "same again"}, 3, LATER)
        kept = await notes.draft(conn, call_id)

        assert kept == notes.Draft(call_id, house.anna, {"concern": "Angebot"}, 3, LATER)
        assert await notes.drafts_of(conn, house.anna) == (kept,)
        await notes.delete_draft(conn, call_id)
        assert await notes.draft(conn, call_id) is None


async def test_a_note_comes_back_as_it_was_saved(db: Database) -> None:
    house = await furnish(db)
    note = CallNote(
        id=new_id(),
        caller_name="Hans Müller",
        concern="Möchte ein Angebot über „Äpfel“ – bitte bald.",
        caller_company="Müller GmbH",
        callback_number="+491713920042",
        fields=(("art", "Neukunde"), ("nummer", "0815")),
        urgent=True,
        callback_by=datetime(2026, 11, 23, 14, 0),  # noqa: DTZ001 - wall time of the customer
        recipients=(house.erika,),
        put_through_to=house.jens,
        message_to_caller="Ruft in 30 Minuten zurück.",
        callback_wanted=True,
    )
    async with db.write() as conn:
        call_id = await arrive(conn, house)
        await _save(conn, house, call_id, note)
        assert await notes.by_id(conn, "nothing") is None
        stored = await notes.by_id(conn, note.id)

    assert stored == notes.StoredNote(note, call_id, house.customer_id, house.anna, None, LATER)


async def test_a_version_is_corrected_once(db: Database) -> None:
    house = await furnish(db)
    first, second, rival = (CallNote(new_id(), "Hans Müller", text) for text in ("a", "b", "c"))
    async with db.write() as conn:
        call_id = await arrive(conn, house)
        await _save(conn, house, call_id, first)
        await _save(conn, house, call_id, second, replaces=first.id)
    with pytest.raises(IntegrityError):
        async with db.write() as conn:
            await _save(conn, house, call_id, rival, replaces=first.id)
    async with db.read() as conn:
        assert [stored.note.concern for stored in await notes.versions(conn, call_id)] == ["a", "b"]
