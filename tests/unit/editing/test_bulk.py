"""Any number of companies in one change: those that are different are announced, and no others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbx_bridge.editing import whole_companies
from pbx_bridge.editing.bulk import bulk_change
from pbx_bridge.editing.change import Editor
from pbx_bridge.editing.whole_companies import WholeCompany
from pbx_bridge.storage import tables
from pbx_bridge.storage.access import accounts
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.customers import customers, data_version
from pbx_bridge.storage.db.engine import Database
from rules.model import Customer
from tests.sample_company import NOW, furnish

OFFICE = Editor(NOW, login="import")


async def version(db: Database) -> int:
    async with db.read() as conn:
        return await data_version.current(conn)


async def stored(db: Database) -> dict[str, Customer]:
    async with db.read() as conn:
        return {one.name: one for one in await customers.load_all(conn)}


async def test_who_looks_only_is_not_heard(db: Database) -> None:
    await furnish(db)
    before = await version(db)
    async with bulk_change(db, OFFICE) as change:
        assert change.before == await stored(db)
    assert (change.different, await version(db)) == ((), before)


async def test_only_the_different_ones_are_announced(db: Database) -> None:
    house = await furnish(db)
    before, old = await version(db), await stored(db)
    mine = next(one for one in old.values() if one.id == house.customer_id)
    new = replace(mine, name="Praxis Dr. Sommer", employees=(), vip_callers=(), blocked=())
    async with bulk_change(db, OFFICE) as change:
        await whole_companies.put(change, WholeCompany(new, {("", "faq")}))
        await whole_companies.put(change, WholeCompany(mine, ()))
    assert change.different == (new.name,)
    after = await stored(db)
    assert after[new.name].faq == tuple(
        replace(one, id=there.id) for one, there in zip(mine.faq, after[new.name].faq, strict=True)
    )
    assert (after[mine.name].version, after[new.name].version > before) == (mine.version, True)


async def test_what_no_company_shows_moves_the_version(db: Database) -> None:
    """It may have been an agent: followers load lines and agents again."""
    await furnish(db)
    before = await version(db)
    async with bulk_change(db, OFFICE) as change:
        somebody = Account("", "office", Role.OPERATOR, "de", None, None)
        await accounts.insert(change.conn, somebody, "hash", NOW)
    assert change.different == ()
    assert await version(db) > before


async def test_a_change_that_fails_is_none(db: Database) -> None:
    house = await furnish(db)
    before, old = await version(db), await stored(db)
    mine = next(one for one in old.values() if one.id == house.customer_id)

    async def fail() -> None:
        async with bulk_change(db, OFFICE) as change:
            await whole_companies.put(change, WholeCompany(replace(mine, instruction="Anders."), ()))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert (await stored(db), await version(db)) == (old, before)


async def test_companies_are_read_again_after_a_write(db: Database) -> None:
    house = await furnish(db)
    async with bulk_change(db, OFFICE) as change:
        assert await change.companies() is change.before
        mine = next(one for one in change.before.values() if one.id == house.customer_id)
        await change.conn.execute(tables.customer.update().values(instruction="Anders."))
        assert (await change.companies())[mine.name].instruction == "Anders."
    assert mine.name in change.different
