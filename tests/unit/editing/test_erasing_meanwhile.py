"""What is written of somebody while they are being erased does not outlive it; and one erasure that cannot go
on holds up no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pbx_bridge.admin.company_upkeep import CompanyUpkeep
from pbx_bridge.editing import employees as use_cases
from pbx_bridge.editing import erasing, erasing_parts
from pbx_bridge.editing.change import Editing
from pbx_bridge.errors import Refused
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.erasure import protocol
from pbx_bridge.storage.erasure.employees import EmployeeData
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import Notification
from rules.model import CallNote, Channel, MessageKind
from rules.vocabulary import ErasureKind
from tests.planted import texts
from tests.sample_company import NOW, SampleCompany, arrive, furnish
from tests.unit.editing.test_erasing import BOSS
from tests.unit.editing.test_erasing_parts import person_works

MARKS = ("Minach", "Mivor", "minach00x")


async def noted(db: Database, house: SampleCompany, who: EmployeeData) -> str:
    """A note to them, whose mail waits; returns the call."""
    async with db.write() as conn:
        call_id = await arrive(conn, house, "+493023125907", pbx="late.1")
        written = CallNote(new_id(), "Hans Müller", "Angebot", recipients=(who.employee_id,))
        company = house.customer_id
        await notes.insert(conn, written, call_id=call_id, customer_id=company, agent_id=None, now=NOW)
        one = Notification(
            new_id(), written.id, company, Channel.EMAIL, MessageKind.NOTE, "minach00x&co@example.org", "",
            due_at=NOW, created_at=NOW, employee_id=who.employee_id, message_id="<late@example.org>",
        )  # fmt: skip
        await notifications.insert(conn, [one])
        told = t.call.update().where(t.call.c.id == call_id)
        await conn.execute(told.values(untold=False, outcome="noted", ended_at=NOW))
    return call_id


async def test_what_is_written_of_an_employee_meanwhile_does_not_outlive_them(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await furnish(db)
    subject = await person_works(db, house)
    erase, calls = erasing_parts.erase, list[str]()

    async def and_people_go_on(editing: Editing, *said: Any) -> None:
        await erase(editing, *said)
        if not calls:  # all parts are done, and the record is still there
            calls.append(await noted(db, house, subject))
            async with editing.change(house.customer_id, BOSS) as change:
                await use_cases.delete(change, subject.employee_id)
            assert change.step

    monkeypatch.setattr(erasing_parts, "erase", and_people_go_on)
    assert not isinstance(await erasing.erase(Editing(db), subject, BOSS), Refused)

    left = {name: some for name, some in (await texts(db)).items() if any(_named(one) for one in some)}
    assert left == {}
    async with db.read() as conn:
        assert (
            await conn.execute(t.notification.select().where(t.notification.c.state == "waiting"))
        ).all() == []
        (call,) = (await conn.execute(t.call.select().where(t.call.c.id == calls[0]))).all()
    assert call.untold, "nobody is told of that call any more, and somebody has to see it"


def _named(text: str) -> bool:
    return any(mark.lower() in text.lower() for mark in MARKS)


async def test_one_that_cannot_go_on_holds_up_no_other_and_no_end_of_a_company(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await furnish(sqlite_db)
    subject = await person_works(sqlite_db, house)
    async with sqlite_db.write() as conn:
        told = (ErasureKind.EMPLOYEE, house.customer_id, "chefin", {"employee": 1})
        broken = replace(subject, employee_id="broken")
        await protocol.begin(conn, *told, NOW, erasing_parts.in_words(broken), "broken")
        late = NOW + timedelta(seconds=1)
        await protocol.begin(conn, *told, late, erasing_parts.in_words(subject), subject.employee_id)
    erase = erasing_parts.erase

    async def fails(editing: Editing, one: Any, who: Any) -> None:
        if one.employee_id == "broken":
            raise RuntimeError("a row that nobody thought of")
        await erase(editing, one, who)

    monkeypatch.setattr(erasing_parts, "erase", fails)
    later = NOW + timedelta(minutes=30)
    upkeep = CompanyUpkeep(sqlite_db, Editing(sqlite_db), timedelta(days=30), lambda: later)

    await upkeep.round()

    async with sqlite_db.read() as conn:
        (left,) = await protocol.pending(conn)
        customer = await customers.load_customer(conn, house.customer_id)
    assert left.of["employee_id"] == "broken", "it stays, for a better program"
    assert customer
    assert customer.employee(subject.employee_id) is None


async def test_a_log_that_somebody_read_from_when_it_was_to_be_emptied_is_emptied_soon(
    sqlite_db: Database,
) -> None:
    house = await furnish(sqlite_db)
    subject = await person_works(sqlite_db, house)
    log = Path(f"{sqlite_db.url.database}-wal")
    upkeep = CompanyUpkeep(sqlite_db, Editing(sqlite_db), timedelta(days=30), lambda: NOW)
    await upkeep.round()
    async with sqlite_db.read() as conn:
        await conn.execute(t.tariff.select())  # a report that takes its time
        await erasing.erase(Editing(sqlite_db), subject, BOSS)
        await sqlite_db.empty_log()
        assert b"Minach" in log.read_bytes()
    await upkeep.round()
    assert log.stat().st_size == 0
