from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import event

from pbx_bridge.storage import tables
from pbx_bridge.storage.access import agents
from pbx_bridge.storage.customers import customers, data_version, lines
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import insert_all
from rules.model import FaqEntry, FieldKind, NoteField, PutThrough
from tests.sample_company import NOW, furnish


async def test_a_company_comes_whole(db: Database) -> None:
    house = await furnish(db)
    async with db.read() as conn:
        customer = await customers.load_customer(conn, house.customer_id)
        assert await customers.load_customer(conn, "nobody") is None
        assert await customers.load_all(conn) == (customer,)

    assert customer is not None
    assert (customer.name, customer.tariff.name, customer.tariff.put_through, customer.hue) == (
        "Mustermann AG",
        "Premium",
        True,
        3,
    )
    assert customer.public_numbers == ("+4930231251",)
    erika, jens = customer.employees
    assert (erika.name, erika.cc, erika.deputy_id) == (
        "Beispiel, Erika",
        ("erste@example.org", "zweite@example.org"),
        jens.id,
    )
    assert erika.put_through is PutThrough.ALL
    assert {vip.pattern: vip.employee_id for vip in customer.vip_callers} == {
        "+491713920042": erika.id,
        "+49302312*": None,
    }
    assert [replace(entry, id="") for entry in customer.faq] == [
        FaqEntry("", "Frage 1", "Ja."),
        FaqEntry("", "Frage 2", "Ja."),
    ]
    assert customer.note_fields == (
        NoteField("art", "Art", FieldKind.CHOICE, True, ("Neukunde", "Bestandskunde")),
    )
    assert (customer.version, customer.changed_at) == (1, NOW)


async def test_the_repeated_hour_keeps_its_fold(db: Database) -> None:
    house = await furnish(db)
    async with db.read() as conn:
        customer = await customers.load_customer(conn, house.customer_id)

    assert customer is not None
    (appointment,) = customer.employees[1].appointments
    assert (appointment.start.hour, appointment.start.fold, appointment.end.fold) == (2, 0, 1)


async def test_lines_and_agents(db: Database) -> None:
    house = await furnish(db)
    async with db.read() as conn:
        assert [(line.number, line.customer_id) for line in await lines.load_all(conn)] == [
            ("+493023125100", house.customer_id)
        ]
        assert [agent.name for agent in await agents.load_all(conn)] == ["Anna Keller", "Ben Vogt"]
        anna = await agents.by_interface(conn, "PJSIP/anna")
        assert anna is not None
        assert (
            anna == await agents.by_account(conn, house.anna_account) == await agents.by_id(conn, house.anna)
        )


async def test_the_number_of_queries_does_not_grow(sqlite_db: Database) -> None:
    house = await furnish(sqlite_db)
    async with sqlite_db.write() as conn:
        (row,) = (await conn.execute(tables.customer.select())).mappings()
        await insert_all(
            conn, tables.customer, [dict(row) | {"id": new_id(), "name": f"Firma {n}"} for n in range(50)]
        )
    asked: list[str] = []
    async with sqlite_db.read() as conn:
        sync = conn.sync_connection
        assert sync is not None
        event.listen(sync, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
        assert len(await customers.load_all(conn)) == 51
        of_all = len(asked)
        assert [one.id for one in await customers.load_customers(conn, [house.customer_id, "nobody"])] == [
            house.customer_id
        ]

    assert of_all - 1 == len(asked) - of_all == 14, "and once all ids"


async def test_deleting_a_company_takes_all_that_is_its_own(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        await conn.execute(tables.customer.delete().where(tables.customer.c.id == house.customer_id))
        await data_version.touch(conn, None, NOW)
    async with db.read() as conn:
        for table in (
            tables.employee,
            tables.employee_cc,
            tables.appointment,
            tables.vip_caller,
            tables.faq_entry,
        ):
            assert not (await conn.execute(table.select())).all(), table.name
        assert not (await conn.execute(tables.note_field.select())).all()
        assert [line.customer_id for line in await lines.load_all(conn)] == [None]


async def test_all_are_read_in_parts_of_which_each_is_whole(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No statement but that for the ids reads what grows with the companies whole: its rows hold the loop."""
    monkeypatch.setattr(customers, "NAMED", 2)
    await furnish(db)
    async with db.write() as conn:
        (row,) = (await conn.execute(tables.customer.select())).mappings()
        rows = [dict(row) | {"id": new_id(), "name": f"Firma {n}"} for n in (4, 3, 2, 1)]
        await insert_all(conn, tables.customer, rows)
        people = [
            {"id": one["id"], "customer_id": one["id"], "name": "Ada", "family_name": "Ada"} for one in rows
        ]
        await insert_all(conn, tables.employee, people)
    asked: list[str] = []
    async with db.read() as conn:
        sync = conn.sync_connection
        assert sync is not None
        event.listen(sync, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
        parts = [part async for part in customers.load_in_parts(conn)]
        found = await customers.load_all(conn)
    assert [len(part) for part in parts] == [2, 2, 1]
    assert sorted(one.id for part in parts for one in part) == sorted(one.id for one in found)
    assert [one.name for one in found] == ["Firma 1", "Firma 2", "Firma 3", "Firma 4", "Mustermann AG"]
    assert all(one.employees for one in found)
    whole = [one for one in asked if "BETWEEN" not in one]
    assert {one.partition("FROM ")[2].split()[0] for one in whole} == {"customer", "house_day", "tariff"}
    assert len([one for one in whole if "FROM customer" in one]) == 2, "the ids, of both times"
