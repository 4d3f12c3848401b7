"""An erasure is many short transactions; whatever breaks it off, it goes on to its end."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from pbx_bridge.admin.company_upkeep import CompanyUpkeep
from pbx_bridge.editing import erasing, erasing_parts
from pbx_bridge.editing.change import Editing
from pbx_bridge.errors import Refused
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import audit_chain
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.erasure import parts, protocol
from pbx_bridge.storage.erasure.callers import CallerData
from pbx_bridge.storage.erasure.employees import EmployeeData
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import Notification
from rules.model import CallNote, Channel, MessageKind
from tests.planted import texts
from tests.sample_company import NOW, SampleCompany, arrive, furnish
from tests.unit.editing.test_erasing import BOSS, employee_works, note, people

HANS = "+493023125901"
CALLS = 7


async def hans_called(db: Database, house: SampleCompany) -> CallerData:
    """Seven times, each with a note."""
    async with db.write() as conn:
        for number in range(CALLS):
            call_id = await arrive(conn, house, HANS, pbx=f"{number}.9")
            await note(conn, house, call_id, "Hans Müller", HANS, "bittet um Rückruf")
        await conn.execute(t.call.update().values(ended_at=NOW, outcome="noted"))
        customer = await customers.load_customer(conn, house.customer_id)
        assert customer
        return await erasing.caller(conn, customer, HANS)


async def person_works(db: Database, house: SampleCompany) -> EmployeeData:
    (one,) = people(1, "Mi", "+4917139209")
    await employee_works(db, house, one)
    async with db.read() as conn:
        customer = await customers.load_customer(conn, house.customer_id)
        person = customer.employee(one.id) if customer else None
        assert customer
        assert person
        return await erasing.employee(conn, customer, person)


async def calls_left(db: Database) -> int:
    async with db.read() as conn:
        return int((await conn.execute(select(func.count()).select_from(t.call))).scalar_one())


async def test_no_transaction_takes_more_than_some_calls(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await furnish(db)
    subject = await hans_called(db, house)
    monkeypatch.setattr(parts, "CALLS_AT_ONCE", 3)
    left: list[int] = []
    delete = parts.delete

    async def counted(conn: Any, table: Any, keys: Any) -> None:
        if table is t.call:
            left.append(await calls_left(db))  # by another reader: what is stored by now
        await delete(conn, table, keys)

    monkeypatch.setattr(parts, "delete", counted)
    done = await erasing.erase(Editing(db), subject, BOSS)
    assert not isinstance(done, Refused)
    assert left == [7, 4, 1], "each part is stored before the next one begins"
    assert (done.counts["calls"], done.counts["notes"]) == (CALLS, CALLS)
    assert await calls_left(db) == 0


@pytest.mark.parametrize("kind", ["caller", "employee"])
async def test_what_is_broken_off_goes_on_and_the_protocol_counts_it_once(
    db: Database, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    house = await furnish(db)
    subject = await (hans_called(db, house) if kind == "caller" else person_works(db, house))
    words = ["3023125901", "Hans"] if kind == "caller" else ["Minach", "Mivor"]
    monkeypatch.setattr(parts, "CALLS_AT_ONCE", 3)
    meant = {"caller": t.call, "employee": t.call_note}[kind]

    class Died(Exception):
        pass

    with monkeypatch.context() as patched:
        delete, change = parts.delete, parts.change

        async def dies(deed: Any, conn: Any, table: Any, *more: Any) -> None:
            await deed(conn, table, *more)
            if table is meant:
                raise Died

        patched.setattr(parts, "delete", lambda *said: dies(delete, *said))
        patched.setattr(parts, "change", lambda *said: dies(change, *said))
        with pytest.raises(Died):
            await erasing.erase(Editing(db), subject, BOSS)
    async with db.read() as conn:
        (line,), _ = await protocol.listed(conn)
        counts = dict(line.counts)
    assert line.pending
    left = json.dumps(await texts(db), ensure_ascii=False)
    assert any(word in left for word in words)

    later = NOW + timedelta(minutes=30)
    await CompanyUpkeep(db, Editing(db), timedelta(days=30), lambda: later).round()

    left = json.dumps(await texts(db), ensure_ascii=False)
    assert [word for word in words if word in left and word != "Hans"] == []
    async with db.read() as conn:
        (line,), _ = await protocol.listed(conn)
        assert (await audit_chain.check(conn)).breach is None
    assert not line.pending
    assert line.done_by == "chefin"
    assert {kind: line.counts[kind] for kind in counts} == counts


async def test_who_calls_again_meanwhile_is_left_alone(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    house = await furnish(db)
    subject = await hans_called(db, house)
    erase = erasing_parts.erase

    async def rings(*said: Any) -> None:
        monkeypatch.setattr(erasing_parts, "erase", erase)  # once
        async with db.write() as conn:
            new = await arrive(conn, house, HANS, pbx="new")
            await conn.execute(
                t.call.update().where(t.call.c.id == new).values(arrived_at=NOW + timedelta(seconds=1))
            )
        await erase(*said)

    monkeypatch.setattr(erasing_parts, "erase", rings)
    assert not isinstance(await erasing.erase(Editing(db), subject, BOSS), Refused)
    assert await calls_left(db) == 1, "that call is new, and goes on"


async def test_a_note_of_which_nothing_tells_any_more_is_told_to_nobody(db: Database) -> None:
    """Whom the message was for is erased before it went out; the caller still waits for somebody."""
    house = await furnish(db)
    async with db.write() as conn:
        call_id = await arrive(conn, house, HANS)
        written = CallNote(new_id(), "Hans Müller", "Angebot", recipients=(house.erika,))
        company = house.customer_id
        await notes.insert(conn, written, call_id=call_id, customer_id=company, agent_id=None, now=NOW)
        one = Notification(
            new_id(), written.id, company, Channel.EMAIL, MessageKind.NOTE, "erika@example.org", "",
            due_at=NOW, created_at=NOW, employee_id=house.erika, message_id="<1@example.org>",
        )  # fmt: skip
        await notifications.insert(conn, [one])
        await conn.execute(t.call.update().values(untold=False, outcome="noted", ended_at=NOW))
    erika = EmployeeData(house.customer_id, house.erika, ("Erika Beispiel",), ())
    assert not isinstance(await erasing.erase(Editing(db), erika, BOSS), Refused)
    async with db.read() as conn:
        assert await conn.scalar(select(t.call.c.untold).where(t.call.c.id == call_id))
