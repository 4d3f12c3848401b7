"""What is known of companies is what is stored, and only what changed is read again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.customers import customers, data_version
from pbx_bridge.storage.customers.known_companies import KnownCompanies, in_parts
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import insert_all
from rules.model import Customer
from tests.sample_company import furnish

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)


async def stored(db: Database) -> dict[str, Customer]:
    async with db.read() as conn:
        return {company.id: company for company in await customers.load_all(conn)}


async def test_what_changed_came_and_went_is_known(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    house, known, all_of_them = await furnish(db), KnownCompanies(), await stored(db)
    async with db.read() as conn:
        assert {one.id: one for one in await known.update(conn)} == all_of_them
        (tariff,) = {one.tariff.id for one in all_of_them.values()}
    row = {"greeting": "Guten Tag, [Vorname].", "tariff_id": tariff}
    for name in ("Praxis Dr. Sommer", "Kanzlei Brandt & Weiß"):
        async with db.write() as conn:
            await insert_all(conn, t.customer, [row | {"id": (company := new_id()), "name": name}])
            await data_version.touch(conn, company, NOW)
    async with db.read() as conn:
        assert len(await known.update(conn)) == 3
    async with db.write() as conn:
        await conn.execute(t.customer.delete().where(t.customer.c.name == "Praxis Dr. Sommer"))
        await data_version.touch(conn, None, NOW)
    async with db.write() as conn:
        mine = t.customer.c.id == house.customer_id
        await conn.execute(t.customer.update().where(mine).values(instruction="Bitte nur notieren."))
        await data_version.touch(conn, house.customer_id, NOW)
    wanted, read = await stored(db), list[str]()
    one_by_one = customers.load_customers

    async def counted(conn: AsyncConnection, ids: Iterable[str]) -> tuple[Customer, ...]:
        read.extend(ids := tuple(ids))
        return await one_by_one(conn, ids)

    monkeypatch.setattr(customers, "load_customers", counted)
    monkeypatch.setattr(customers, "load_all", None)
    for _ in range(2):
        async with db.read() as conn:
            assert {one.id: one for one in await known.update(conn)} == wanted
    assert read == [house.customer_id], "of the others nothing is read again"
    assert wanted[house.customer_id].instruction == "Bitte nur notieren."


@pytest.mark.parametrize("stood_by", [True, False])
async def test_whoever_has_taken_them_all_is_the_only_one_to_keep_them(db: Database, stood_by: bool) -> None:
    await furnish(db)
    known, wanted = KnownCompanies(), await stored(db)
    async with db.read() as conn:
        if stood_by:
            await known.update(conn)
            assert known.is_begun
        taken = [one async for some in in_parts(conn, known) for one in some]
    assert {one.id: one for one in taken} == wanted
    assert not known.is_begun
