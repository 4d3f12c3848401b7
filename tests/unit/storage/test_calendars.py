from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from pbx_bridge.storage import tables
from pbx_bridge.storage.customers import calendars, customers
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.sql import insert_all
from pbx_bridge.storage.editing import calendars as calendars_editing
from pbx_bridge.storage.editing import employees
from pbx_bridge.storage.undo import undo
from rules.model import Appointment, Customer, Employee
from tests.sample_company import NOW, SampleCompany, furnish

URL = "https://calendar.example/erika.ics"
TRIP = Appointment(
    "",
    "Messe",
    datetime(2026, 11, 24),  # noqa: DTZ001 - wall time on purpose
    datetime(2026, 11, 26),  # noqa: DTZ001
    all_day=True,
    imported=True,
)


async def company(db: Database, house: SampleCompany) -> Customer:
    async with db.read() as conn:
        found = await customers.load_customer(conn, house.customer_id)
    assert found
    return found


async def add_source(db: Database, house: SampleCompany) -> calendars.Source:
    async with db.write() as conn:
        await calendars_editing.set_source(conn, house.erika, URL)
    async with db.read() as conn:
        return (await calendars.sources_of(conn, house.customer_id))[0]


async def test_what_a_calendar_brought_counts_among_the_appointments(db: Database) -> None:
    house = await furnish(db)
    source = await add_source(db, house)
    async with db.write() as conn:
        assert await calendars.keep(conn, source, [TRIP], NOW)
    found = await company(db, house)
    erika = found.employee(house.erika)
    assert erika
    assert [replace(one, id="") for one in erika.appointments] == [TRIP]
    async with db.write() as conn:  # the same again is no change: no desk is woken
        assert not await calendars.keep(conn, source, [TRIP], NOW + timedelta(hours=1))
    assert (await company(db, house)).version == found.version


async def test_a_failed_reading_keeps_what_was_known_and_says_so(db: Database) -> None:
    house = await furnish(db)
    source = await add_source(db, house)
    async with db.write() as conn:
        await calendars.keep(conn, source, [TRIP], NOW)
        await calendars.failed(conn, source, "timeout", NOW + timedelta(hours=1))
    async with db.read() as conn:
        [known] = await calendars.sources_of(conn, house.customer_id)
    assert (known.result, known.events) == ("timeout", 1)
    assert known.succeeded_at == NOW
    erika = (await company(db, house)).employee(house.erika)
    assert erika
    assert len(erika.appointments) == 1


async def test_due_are_the_new_ones_and_those_not_read_lately(db: Database) -> None:
    house = await furnish(db)
    source = await add_source(db, house)
    async with db.write() as conn:
        assert [one.id for one in await calendars.due(conn, NOW)] == [source.id]
        await calendars.failed(conn, source, "timeout", NOW)
        assert await calendars.due(conn, NOW) == ()
        assert [one.id for one in await calendars.due(conn, NOW + timedelta(seconds=1))] == [source.id]


async def test_none_waits_for_all_of_another_company(db: Database) -> None:
    first = await furnish(db)
    async with db.write() as conn:
        tariff = await conn.scalar(select(tables.customer.c.tariff_id))
        other = {"id": "other", "name": "Praxis Dr. Sommer", "greeting": "Hallo.", "tariff_id": tariff}
        await insert_all(conn, tables.customer, [other])
        await employees.insert(conn, "other", [Employee("o", "Dr. Sommer", "", "")])
        people = [Employee(f"p{n}", f"Person {n}", "", "") for n in range(5)]
        await employees.insert(conn, first.customer_id, people)
        for person in people:
            await calendars_editing.set_source(conn, person.id, URL)
        await calendars_editing.set_source(conn, "o", URL)
        for at, source in enumerate(await calendars.due(conn, NOW)):
            await calendars.failed(conn, source, "timeout", NOW + timedelta(minutes=at))
        await calendars_editing.set_source(conn, first.erika, URL)

        later = NOW + timedelta(hours=1)
        whose = [one.customer_id for one in await calendars.due(conn, later)]
        assert (len(whose), set(whose[:2])) == (7, {first.customer_id, "other"})
        [new] = await calendars.due(conn, later, most=1)
        assert new.employee_id == first.erika, "never read: first"


async def test_what_was_too_much_is_not_tried_again_soon_unless_one_asks(db: Database) -> None:
    house = await furnish(db)
    source = await add_source(db, house)
    async with db.write() as conn:
        await calendars.failed(conn, source, "too_many", NOW)
        later = NOW + timedelta(hours=1)
        assert await calendars.due(conn, later, NOW) == ()
        assert len(await calendars.due(conn, later, later)) == 1
        await calendars_editing.read_again(conn, source.id)
        assert len(await calendars.due(conn, later, NOW)) == 1


async def test_another_address_drops_what_the_first_one_brought(db: Database) -> None:
    house = await furnish(db)
    source = await add_source(db, house)
    async with db.write() as conn:
        await calendars.keep(conn, source, [TRIP], NOW)
        await calendars_editing.set_source(conn, house.erika, URL + "?other")
        assert not await calendars.keep(conn, source, [TRIP], NOW)  # a reading of the old one comes late
    erika = (await company(db, house)).employee(house.erika)
    assert erika
    assert erika.appointments == ()


async def test_a_feed_is_found_by_its_secret_until_it_is_closed_or_renewed(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        await calendars_editing.open_feed(conn, house.customer_id, None, "all", NOW)
        await calendars_editing.open_feed(conn, house.customer_id, house.erika, "old", NOW)
        await calendars_editing.open_feed(conn, house.customer_id, house.erika, "new", NOW)
        assert await calendars.feed(conn, "old") is None
        assert await calendars.feed(conn, "new") == calendars.Feed(house.customer_id, house.erika, NOW)
        await calendars_editing.close_feed(conn, house.customer_id, house.erika)
        assert [one.employee_id for one in await calendars.feeds_of(conn, house.customer_id)] == [None]


async def test_an_employee_who_comes_back_has_the_calendar_again(db: Database) -> None:
    house = await furnish(db)
    source = await add_source(db, house)
    async with db.write() as conn:
        async with undo.recorded(conn, house.customer_id, None, "gone", NOW, leaving=[house.erika]) as step:
            await employees.delete(conn, house.customer_id, [house.erika])
        assert await calendars.sources_of(conn, house.customer_id) == ()
        await undo.undo(conn, house.customer_id, None, step.id, NOW)
        [back] = await calendars.sources_of(conn, house.customer_id)
    assert (back.id, back.url, back.result) == (source.id, URL, "waiting")
