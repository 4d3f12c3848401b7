from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pbx_bridge.errors import Refused
from pbx_bridge.storage import attempts, customers, tables, undo
from pbx_bridge.storage.editing import company, employees
from pbx_bridge.storage.engine import AsyncConnection, Database
from pbx_bridge.storage.ids import new_id
from rules.model import Customer, Employee
from tests.house import NOW, House, arrive, furnish


async def _load(db: Database, house: House) -> Customer:
    async with db.read() as conn:
        customer = await customers.load_customer(conn, house.customer_id)
    assert customer
    return replace(customer, version=0, changed_at=None)


async def _undo(db: Database, house: House, step: str, *, hours: float = 0) -> Refused | str:
    async with db.write() as conn:
        return await undo.undo(
            conn, house.customer_id, house.anna_account, step, NOW + timedelta(hours=hours)
        )


async def _greet(db: Database, house: House, words: str) -> str:
    customer = await _load(db, house)
    async with db.write() as conn:
        async with undo.recorded(conn, house.customer_id, None, "company_saved", NOW) as step:
            await company.update(conn, replace(customer, greeting=words))
        return step.id


async def test_a_change_is_undone_and_the_undoing_too(db: Database) -> None:
    house = await furnish(db)
    before = await _load(db, house)
    step = await _greet(db, house, "Guten Tag, [Vorname].")
    after = await _load(db, house)

    again = await _undo(db, house, step)
    assert await _load(db, house) == before != after
    assert isinstance(again, str)
    await _undo(db, house, again)
    assert await _load(db, house) == after


async def test_nothing_changed_leaves_no_step_and_no_notice(db: Database) -> None:
    house = await furnish(db)
    step = await _greet(db, house, (await _load(db, house)).greeting)

    assert step == ""
    async with db.read() as conn:
        assert (await customers.versions(conn))[house.customer_id] == 1


async def test_a_deleted_employee_comes_back_with_all_that_was_theirs(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        call = await arrive(conn, house)
        await attempts.insert(conn, attempts.StoredAttempt(f"{call}-a1", call, NOW, house.jens))
        customer_tables = await _rows(conn)
    async with db.write() as conn:
        both = [house.erika, house.jens]
        async with undo.recorded(conn, house.customer_id, None, "gone", NOW, leaving=both) as step:
            await employees.delete(conn, house.customer_id, both)
    assert not (await _load(db, house)).employees

    assert isinstance(await _undo(db, house, step.id), str)

    async with db.read() as conn:
        assert await _rows(conn) == customer_tables


async def _rows(conn: AsyncConnection) -> dict[str, list[tuple[object, ...]]]:
    watched = (
        tables.employee,
        tables.employee_cc,
        tables.appointment,
        tables.vip_caller,
        tables.attempt,
    )
    return {
        table.name: sorted((tuple(row) for row in await conn.execute(table.select())), key=str)
        for table in watched
    }


async def test_a_new_employee_goes_again(db: Database) -> None:
    house = await furnish(db)
    before = await _load(db, house)
    lena = Employee(new_id(), "Lena Vogel", "Lena", "Vogel", cc=("team@example.org",), deputy_id=house.erika)
    async with (
        db.write() as conn,
        undo.recorded(conn, house.customer_id, None, "employee_saved", NOW) as step,
    ):
        await employees.insert(conn, house.customer_id, [lena])
    assert lena in (await _load(db, house)).employees

    await _undo(db, house, step.id)
    assert await _load(db, house) == before


async def test_a_later_change_is_not_overwritten(db: Database) -> None:
    house = await furnish(db)
    step = await _greet(db, house, "Guten Tag, [Vorname].")
    await _greet(db, house, "Guten Morgen, [Vorname].")

    assert await _undo(db, house, step) == Refused("undo_overtaken")
    assert (await _load(db, house)).greeting == "Guten Morgen, [Vorname]."


@pytest.mark.parametrize("hours, works", [(23.9, True), (24.1, False)])
async def test_after_a_day_it_is_too_late(db: Database, hours: float, works: bool) -> None:
    house = await furnish(db)
    step = await _greet(db, house, "Guten Tag, [Vorname].")

    assert isinstance(await _undo(db, house, step, hours=hours), str) is works


async def test_once_is_enough_and_strangers_find_nothing(db: Database) -> None:
    house = await furnish(db)
    step = await _greet(db, house, "Guten Tag, [Vorname].")
    async with db.write() as conn:
        assert await undo.undo(conn, "another", None, step, NOW) == Refused("not_found")
        own = await undo.undo(conn, house.customer_id, house.anna_account, step, NOW, only_own=True)
        assert own == Refused("not_found")
    await _undo(db, house, step)
    assert await _undo(db, house, step) == Refused("not_found")


async def test_an_employee_of_another_company_is_out_of_reach(db: Database) -> None:
    house = await furnish(db)
    before = await _load(db, house)
    async with db.write() as conn:
        await employees.update(
            conn, "another", [replace(before.employees[1], name="Fremd", cc=("x@example.org",))]
        )
        await employees.delete(conn, "another", [house.jens])
    assert await _load(db, house) == before
