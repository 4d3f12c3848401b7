"""A change made without any page: who hears of it, what can be undone, and who may make it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from pbx_bridge.editing import absences, appointments, company, employees, own_order, undoing, vip_callers
from pbx_bridge.editing.announcement import ANNOUNCED, SILENT
from pbx_bridge.editing.change import Change, Editing, Editor
from pbx_bridge.editing.values import Given, Rejected
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage import tables
from pbx_bridge.storage.customers import customers, data_version
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.sql import insert_all
from pbx_bridge.storage.undo import last_changes
from rules.customers.employee import texts_of
from rules.model import Customer, Employee, VipCaller
from tests.sample_company import NOW, SampleCompany, furnish

OFFICE = Editor(NOW)


async def stored(db: Database, house: SampleCompany) -> Customer:
    async with db.read() as conn:
        found = await customers.load_customer(conn, house.customer_id)
    assert found
    return found


async def version(db: Database) -> int:
    async with db.read() as conn:
        return await data_version.current(conn)


async def _rows(change: Change, house: SampleCompany) -> None:
    """Of each table that the sample company has no row in yet."""
    text = {"id": "b", "customer_id": house.customer_id, "place": 1, "name": "Rückruf", "text": "Bitte."}
    await insert_all(change.conn, tables.text_block, [text])
    number = {"id": "n", "customer_id": house.customer_id, "number": "+493023125777"}
    await insert_all(change.conn, tables.blocked_caller, [number | {"reason": "advertising", "at": NOW}])
    source = {"id": "s", "employee_id": house.erika, "url": "https://calendar.example/a.ics"}
    await insert_all(change.conn, tables.calendar_source, [source])
    hours = {"start_local": "2026-11-24T09:00", "end_local": "2026-11-24T10:00"}
    folds = {"start_fold": 0, "end_fold": 0, "all_day": False}
    await insert_all(change.conn, tables.nobody_free, [{"customer_id": house.customer_id}])
    await insert_all(
        change.conn, tables.calendar_event, [{"id": "e", "source_id": "s", "text": "Termin"} | hours | folds]
    )


@pytest.mark.parametrize("name", sorted(ANNOUNCED))
async def test_whatever_is_written_is_announced_recorded_or_not(db: Database, name: str) -> None:
    """Undo does not watch hue, tariff, lines and public numbers: desks hear all the same."""
    house, editing = await furnish(db), Editing(db)
    async with editing.change(house.customer_id, OFFICE) as change:
        await _rows(change, house)
    before = await version(db)
    table = tables.metadata.tables[name]
    column = table.c[0]
    async with editing.change(house.customer_id, OFFICE) as change:
        await change.conn.execute(
            table.update().values({column.name: column}).where(table.c[0] == table.c[0])
        )
    assert await version(db) == before + 1
    assert (await stored(db, house)).version == before + 1


@pytest.mark.parametrize("name", sorted(SILENT))
async def test_what_nobody_holds_is_not_announced(db: Database, name: str) -> None:
    house, editing = await furnish(db), Editing(db)
    before = await version(db)
    table = tables.metadata.tables[name]
    async with editing.change(house.customer_id, OFFICE) as change:
        await change.conn.execute(table.update().values({table.c[0].name: table.c[0]}))
    assert await version(db) == before


async def test_an_office_changes_an_employee_without_a_page(db: Database) -> None:
    house, editing = await furnish(db), Editing(db)
    async with editing.change(house.customer_id, Editor(NOW, house.anna_account)) as change:
        done = await employees.save(
            change, house.erika, lambda one: Given(texts_of(one) | {"position": "Vorstand"})
        )
    assert isinstance(done, Employee)
    erika = (await stored(db, house)).employee(house.erika)
    assert erika
    assert erika.position == "Vorstand"
    async with db.read() as conn:
        (entry,) = await last_changes.listed(conn, house.customer_id, NOW, 0, 9)
    assert (entry.id, entry.change_code, entry.who) == (change.step, "employee_saved", "anna")

    async with editing.change(house.customer_id, OFFICE) as change:
        assert await undoing.take_back(change, entry.id) is None
    erika = (await stored(db, house)).employee(house.erika)
    assert erika
    assert erika.position == ""


async def test_what_is_wrong_is_said_and_nothing_is_stored_or_told(db: Database) -> None:
    house, editing = await furnish(db), Editing(db)
    before = await version(db)
    async with editing.change(house.customer_id, OFFICE) as change:
        done = await employees.save(change, house.erika, lambda one: Given(texts_of(one) | {"email": "a@b"}))
    assert isinstance(done, Rejected)
    assert [fault.field for fault in done.faults] == ["email"]
    assert (change.step, change.code, await version(db)) == ("", "", before)


def _same_again(vip: VipCaller) -> Given:
    texts = {"pattern": vip.pattern, "name": vip.name, "info": vip.info}
    return Given(texts | {"employee": vip.employee_id or ""})


async def test_the_same_again_is_no_change(db: Database) -> None:
    house, editing = await furnish(db), Editing(db)
    before = await version(db)
    async with editing.change(house.customer_id, OFFICE) as change:
        await employees.save(change, house.erika, lambda one: Given(texts_of(one)))
        await company.save(change, Given)
        await absences.save(change, house.erika, lambda one: Given({"absence_info": one.absence_info}))
        for vip in (await change.customer()).vip_callers:
            await vip_callers.save(change, vip.id, _same_again)
    assert (change.step, await version(db)) == ("", before)


async def test_another_hour_of_a_repeated_one_is_a_change(db: Database) -> None:
    """Half past two in the first round and in the second are the same to Python."""
    house, editing = await furnish(db), Editing(db)
    (urlaub,) = ((await stored(db, house)).employee(house.jens) or Employee("", "", "", "")).appointments
    async with editing.change(house.customer_id, OFFICE) as change:
        done = await appointments.save(
            change,
            urlaub.id,
            lambda texts: Given(dict(texts) | {"start_twice": "second", "end_time": "04:00"}),
        )
    assert not isinstance(done, Rejected), done
    assert done.start.fold == 1
    assert change.step


async def test_whoever_may_change_only_their_own_does_not_find_others(db: Database) -> None:
    house, editing = await furnish(db), Editing(db)
    erikas = Editor(NOW, own=house.erika)
    async with editing.change(house.customer_id, erikas) as change:
        await absences.save(change, house.erika, lambda _: Given({"absence_info": "Montags im Haus"}))
        with pytest.raises(NotFoundError):
            await absences.save(change, house.jens, lambda _: Given({"absence_info": "Nie da"}))
    (urlaub,) = ((await stored(db, house)).employee(house.jens) or Employee("", "", "", "")).appointments
    with pytest.raises(NotFoundError):
        async with editing.change(house.customer_id, erikas) as change:
            await appointments.delete(change, urlaub.id)


async def test_an_answer_is_changed_without_reading_the_company(db: Database) -> None:
    """The list, the rows before and after, and for the log the company's name and the end of its chain: no
    employee is looked at."""
    house, editing = await furnish(db), Editing(db)
    read = list[str]()

    def note(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        read.append(statement)

    first = (await stored(db, house)).faq[0]
    async with editing.change(house.customer_id, OFFICE) as change:
        event.listen(change.conn.sync_connection, "before_cursor_execute", note)
        await own_order.FAQ.save(
            change, first.id, lambda one: Given(own_order.FAQ.texts_of(one) | {"answer": "Nein."})
        )
    assert [one.answer for one in (await stored(db, house)).faq] == ["Nein.", "Ja."]
    assert len([one for one in read if one.startswith("SELECT") and "FROM" in one]) == 5
    assert [one for one in read if "employee" in one] == []
