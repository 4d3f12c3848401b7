"""What an agent wrote last, and what became of its messages."""

from __future__ import annotations

from datetime import timedelta

from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes import last_notes, notes
from pbx_bridge.storage.notes.last_notes import NoteSummary
from pbx_bridge.storage.outbox import notifications
from rules.model import CallNote, Channel, MessageKind
from tests.sample_company import NOW, SampleCompany, arrive, furnish


async def _save(
    conn: AsyncConnection,
    house: SampleCompany,
    call_id: str,
    note: CallNote,
    replaces: CallNote | None = None,
    messages: int = 0,
) -> CallNote:
    await notes.insert(
        conn,
        note,
        call_id=call_id,
        customer_id=house.customer_id,
        agent_id=house.anna,
        now=NOW + timedelta(minutes=2),
        replaces_id=replaces.id if replaces else None,
    )
    await notifications.insert(conn, [_mail(house, note) for _ in range(messages)])
    return note


def _mail(house: SampleCompany, note: CallNote) -> notifications.Notification:
    return notifications.Notification(
        id=new_id(),
        note_id=note.id,
        customer_id=house.customer_id,
        channel=Channel.EMAIL,
        kind=MessageKind.NOTE,
        address="erika@example.org",
        body_text="…",
        due_at=NOW,
        created_at=NOW,
    )


async def test_an_agent_sees_the_own_last_notes(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        for number in range(3):
            call_id = await arrive(conn, house, pbx=f"1.{number}")
            note = CallNote(new_id(), f"Anrufer {number}", "…", recipients=(house.erika,))
            await _save(conn, house, call_id, note)
        last = await last_notes.last_of_agent(conn, house.anna, limit=2)
        assert await last_notes.last_of_agent(conn, house.ben) == ()

    assert [summary.caller_name for summary in last] == ["Anrufer 2", "Anrufer 1"]
    assert (last[0].customer_name, last[0].recipients, last[0].states) == (
        "Mustermann AG",
        ("Beispiel, Erika",),
        (),
    )


async def _only(db: Database, house: SampleCompany) -> NoteSummary:
    async with db.read() as conn:
        (line,) = await last_notes.last_of_agent(conn, house.anna)
    return line


async def test_a_correction_that_told_nobody_anything_new_keeps_what_became_of_the_note(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        call_id = await arrive(conn, house)
        first = await _save(conn, house, call_id, CallNote(new_id(), "Hans Müller", "a"), messages=2)
        second = await _save(conn, house, call_id, CallNote(new_id(), "Hans Müller", "b"), first)
    assert (await _only(db, house)).states == ("waiting", "waiting")
    async with db.write() as conn:
        third = await _save(conn, house, call_id, CallNote(new_id(), "Hans Müller", "c"), second, messages=1)
    line = await _only(db, house)
    assert (line.note_id, line.states) == (third.id, ("waiting",))


async def test_a_note_and_its_corrections_that_never_told_anybody_say_so(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        call_id = await arrive(conn, house)
        other = await arrive(conn, house, pbx="1.2")
        first = await _save(conn, house, call_id, CallNote(new_id(), "Hans Müller", "a"))
        await _save(conn, house, other, CallNote(new_id(), "Sabine Krause", "told"), messages=1)
        await _save(conn, house, call_id, CallNote(new_id(), "Hans Müller", "b"), first)
        lines = await last_notes.last_of_agent(conn, house.anna)
    assert {line.caller_name: line.states for line in lines} == {
        "Hans Müller": (),
        "Sabine Krause": ("waiting",),
    }


async def test_whoever_took_the_call_stands_beside_those_who_were_named_each_once(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        call_id = await arrive(conn, house)
        both = (house.erika, house.jens)
        note = CallNote(new_id(), "Hans Müller", "a", recipients=both, put_through_to=house.jens)
        await _save(conn, house, call_id, note)
    assert (await _only(db, house)).recipients == ("Beispiel, Erika", "Jens Meier")
