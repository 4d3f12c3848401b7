"""Who has changed a company's data stands in the access log, and so in its chain of hashes."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from pbx_bridge.editing import blocked_callers, employees
from pbx_bridge.editing.bulk import bulk_change
from pbx_bridge.editing.change import Editing, Editor
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import audit_chain
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import Database
from rules.access.audit_chain import Breach
from rules.model import BlockReason
from tests.sample_company import NOW, SampleCompany, furnish

NUMBER = "+493023125908"


@pytest.fixture
async def house(sqlite_db: Database) -> SampleCompany:
    return await furnish(sqlite_db)


async def told(db: Database) -> list[tuple[str, str, str]]:
    c = t.access_log.c
    async with db.read() as conn:
        rows = await conn.execute(select(c.deed, c.login, c.detail).order_by(c.place))
        return [(row.deed, row.login, row.detail) for row in rows]


async def block(db: Database, house: SampleCompany, editor: Editor) -> None:
    async with Editing(db).change(house.customer_id, editor) as change:
        await blocked_callers.block_number(change, NUMBER, BlockReason.ADVERTISING)


async def test_a_change_is_a_link_of_the_chain(sqlite_db: Database, house: SampleCompany) -> None:
    await block(sqlite_db, house, Editor(NOW, None, "chefin"))
    async with Editing(sqlite_db).change(house.customer_id, Editor(NOW, None, "chefin")) as change:
        await employees.delete(change, house.jens)
    assert await told(sqlite_db) == [
        ("data_changed", "chefin", "Mustermann AG · caller_blocked"),
        ("data_changed", "chefin", "Mustermann AG · employee_deleted"),
    ]
    async with sqlite_db.write() as conn:
        assert (await audit_chain.check(conn)).breach is None
        c = t.access_log.c
        await conn.execute(t.access_log.update().where(c.place == 1).values(detail="Mustermann AG · x"))
        assert (await audit_chain.check(conn)).breach is Breach.CHANGED


async def test_an_agent_is_named_by_the_log_in(sqlite_db: Database, house: SampleCompany) -> None:
    await block(sqlite_db, house, Editor(NOW, house.anna_account))
    assert await told(sqlite_db) == [("data_changed", "anna", "Mustermann AG · caller_blocked")]


async def test_what_changes_nothing_is_not_told(sqlite_db: Database, house: SampleCompany) -> None:
    await block(sqlite_db, house, Editor(NOW, None, "chefin"))
    async with Editing(sqlite_db).change(house.customer_id, Editor(NOW, None, "chefin")) as change:
        await blocked_callers.release_number(change, "+493023125909")
    assert len(await told(sqlite_db)) == 1


async def test_a_file_for_many_companies_is_one_entry(sqlite_db: Database, house: SampleCompany) -> None:
    async with bulk_change(sqlite_db, Editor(NOW, login="import")) as change:
        await change.conn.execute(t.customer.update().values(instruction="Bitte durchstellen."))
    async with bulk_change(sqlite_db, Editor(NOW, login="import")) as change:
        await data_version.touch(change.conn, None, NOW)
    assert await told(sqlite_db) == [("data_changed", "import", "Mustermann AG")]
