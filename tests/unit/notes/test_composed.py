"""While a note is being stored nobody works out words; and what goes out is true when it is stored."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from pbx_bridge.errors import Refused
from pbx_bridge.notes import composed
from pbx_bridge.notes.save_note import Invalid, NoteInput, Saved, save_note
from pbx_bridge.notes.short_note import tell_in_short
from pbx_bridge.outbox.composing.compose import compose
from pbx_bridge.storage import tables
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.db.engine import AsyncConnection, Database, StorageUnavailable
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.notes.references import StillThere
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import Notification
from rules.model import CallNote, MessageKind, VipCaller
from tests.sample_company import NOW, SampleCompany, furnish
from tests.unit.notes.test_save_note import TYPED, typed

Act = Callable[[], Awaitable[object]]


@dataclass
class Office:
    """Words cannot be made in a transaction that writes; `meanwhile`: done by others before each of the next
    transactions."""

    db: Database
    house: SampleCompany
    writing: bool = False
    composed: int = 0
    meanwhile: list[Act] = field(default_factory=list)

    async def save(self, note: NoteInput) -> Saved | Invalid | Refused:
        return await save_note(self.db, note, NOW, "example.org")

    async def outbox(self) -> list[Notification]:
        async with self.db.read() as conn:
            ids = (await conn.execute(tables.notification.select())).all()
            return [one for row in ids if (one := await notifications.by_id(conn, row.id))]

    async def notes_of(self, call_id: str) -> list[CallNote]:
        async with self.db.read() as conn:
            return [one.note for one in await notes.versions(conn, call_id)]

    def leaves(self, employee: str) -> Act:
        async def leave() -> None:
            async with self.db.write() as conn:
                await conn.execute(tables.employee.delete().where(tables.employee.c.id == employee))

        return leave

    async def company_leaves(self) -> None:
        async with self.db.write() as conn:
            await conn.execute(tables.customer.delete())


@pytest.fixture
async def office(db: Database, monkeypatch: pytest.MonkeyPatch) -> Office:
    office = Office(db, await furnish(db))
    write = Database.write

    @contextlib.asynccontextmanager
    async def writes(self: Database, **how: Any) -> AsyncIterator[AsyncConnection]:
        if office.meanwhile:
            await office.meanwhile.pop(0)()
        async with write(self, **how) as conn:
            office.writing = True
            try:
                yield conn
            finally:
                office.writing = False

    def composes(*what: Any) -> Any:
        assert not office.writing, "somebody who writes waits for words"
        office.composed += 1
        return compose(*what)

    monkeypatch.setattr(Database, "write", writes)
    monkeypatch.setattr("pbx_bridge.outbox.message_row.compose", composes)
    return office


async def test_of_a_note_no_word_is_made_in_the_transaction(office: Office) -> None:
    saved = await office.save(await typed(office.db, office.house))
    assert isinstance(saved, Saved)
    assert saved.messages == len(await office.outbox()) == office.composed == 1


async def test_nor_of_a_correction(office: Office) -> None:
    note = await typed(office.db, office.house)
    first = await office.save(note)
    assert isinstance(first, Saved)
    changed = replace(note, replaces_id=first.note.id, values=TYPED | {"concern": "Anderes"})
    assert isinstance(await office.save(changed), Saved)
    assert [one.kind for one in await office.outbox()] == [MessageKind.NOTE, MessageKind.CORRECTION]


async def in_short(office: Office, note: NoteInput) -> int:
    async def write(conn: AsyncConnection, tell: Callable[[], Awaitable[int]]) -> int:
        return await tell() if await calls.leave(conn, note.call_id, "other") else 0

    return await tell_in_short(office.db, note, NOW, "example.org", write)


async def test_nor_of_a_call_that_was_put_through_and_is_not_noted(office: Office) -> None:
    note = await typed(office.db, office.house, put_through_to=office.house.erika)
    assert await in_short(office, note) == len(await office.outbox()) == 1


async def test_of_a_call_that_was_not_put_through_no_word_is_made_at_all(office: Office) -> None:
    assert await in_short(office, await typed(office.db, office.house)) == 0
    assert office.composed == 0


async def test_who_leaves_between_words_and_storing_gets_nothing_and_the_company_does(office: Office) -> None:
    note = await typed(office.db, office.house)
    office.meanwhile = [office.leaves(office.house.erika)]

    saved = await office.save(note)

    assert isinstance(saved, Saved)
    assert saved.gone == (office.house.erika,)
    assert saved.note.recipients == ()
    sent = await office.outbox()
    assert [(one.employee_id, one.note_id) for one in sent] == [(None, saved.note.id)] * saved.messages
    assert "erika@example.org" not in {one.address for one in sent}
    assert len(await office.notes_of(note.call_id)) == 1


async def test_two_leave_one_after_the_other_and_the_note_is_stored_once(office: Office) -> None:
    note = await typed(office.db, office.house, recipients=(office.house.erika, office.house.jens))
    office.meanwhile = [office.leaves(one) for one in (office.house.erika, office.house.jens)]
    saved = await office.save(note)
    assert isinstance(saved, Saved)
    assert set(saved.gone) == {office.house.erika, office.house.jens}
    assert len(await office.notes_of(note.call_id)) == 1
    assert {one.employee_id for one in await office.outbox()} <= {None}


async def test_a_company_that_leaves_meanwhile_is_told_nothing_and_the_note_is_kept(office: Office) -> None:
    note = await typed(office.db, office.house)
    note = replace(note, call=calls.StoredCall(note.call_id, "1.1", "+493023125100", NOW, None))
    office.meanwhile = [office.company_leaves]
    saved = await office.save(note)
    assert isinstance(saved, Saved)
    assert saved.of_nobody
    assert await office.outbox() == []
    assert len(await office.notes_of(note.call_id)) == 1


async def test_a_correction_that_another_one_overtakes_is_refused(office: Office) -> None:
    note = await typed(office.db, office.house)
    first = await office.save(note)
    assert isinstance(first, Saved)
    theirs, mine = (
        replace(note, replaces_id=first.note.id, values=TYPED | {"concern": concern}) for concern in "ab"
    )
    office.meanwhile = [lambda: office.save(theirs)]
    assert await office.save(mine) == Refused("note_outdated")
    assert [one.concern for one in await office.notes_of(note.call_id)] == ["Angebot", "a"]
    assert len(await office.outbox()) == 2


async def test_an_employee_whom_the_memory_does_not_know_yet_is_no_fault(office: Office) -> None:
    """Their VIP caller calls just when both are new."""
    new = new_id()
    async with office.db.write() as conn:
        row = {"id": new, "customer_id": office.house.customer_id, "name": "Ines Brunner"}
        await conn.execute(tables.employee.insert().values(row))
    note = await typed(office.db, office.house)
    vip = VipCaller("v", "+491713920042", "Hans Müller", employee_id=new)
    saved = await office.save(replace(note, caller=replace(note.caller, vips=(vip,), vip=vip)))
    assert isinstance(saved, Saved)


async def test_what_changes_for_ever_is_given_up_and_nothing_is_stored(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    note, there = await typed(office.db, office.house), iter(range(1000))

    async def moves(*_: Any) -> composed.NoteBasis:
        return composed.NoteBasis(StillThere(customer=True, agent=True, employers={str(next(there)): "x"}))

    monkeypatch.setattr(composed, "_basis", moves)
    with pytest.raises(StorageUnavailable):
        await office.save(note)
    assert await office.notes_of(note.call_id) == []
    assert await office.outbox() == []
