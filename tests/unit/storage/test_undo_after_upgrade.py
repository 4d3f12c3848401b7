"""What was done before an upgrade can be undone after it."""

from __future__ import annotations

import json
from dataclasses import replace

from pbx_bridge.storage import tables
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.editing import employees
from pbx_bridge.storage.undo import undo
from rules.model import Customer
from tests.sample_company import NOW, SampleCompany, furnish


async def test_a_column_that_came_with_an_upgrade_keeps_nobody_from_undoing(db: Database) -> None:
    house = await furnish(db)
    before = await _load(db, house)
    erika = before.employee(house.erika)
    assert erika
    async with db.write() as conn:
        async with undo.recorded(conn, house.customer_id, None, "employee_saved", NOW) as step:
            await employees.update(conn, house.customer_id, [replace(erika, position="Chefin")])
        await _forget_column(conn, step.id, "hours")

        undone = await undo.undo(conn, house.customer_id, house.anna_account, step.id, NOW)

    assert isinstance(undone, str)

    assert await _load(db, house) == before


async def _forget_column(conn: AsyncConnection, step: str, name: str) -> None:
    """As the step was written before there was this column."""
    row = (await conn.execute(tables.undo_step.select().where(tables.undo_step.c.id == step))).one()
    pairs = (await undo.diff_of(conn, row)).pairs
    for both in pairs["employee"]:
        for one in both:
            assert one
            del one[name]
    old = json.dumps({"rows": pairs, "links": {}})
    await conn.execute(tables.undo_step.update().where(tables.undo_step.c.id == step).values(diff=old))


async def _load(db: Database, house: SampleCompany) -> Customer:
    async with db.read() as conn:
        customer = await customers.load_customer(conn, house.customer_id)
    assert customer
    return replace(customer, version=0, changed_at=None)
