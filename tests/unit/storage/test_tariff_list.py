"""Tariffs as the office lists them, and a version that is withdrawn; on both databases."""

from __future__ import annotations

from datetime import date

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.billing import prices, statements
from pbx_bridge.storage.customers import tariff_list
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.sql import insert_all
from pbx_bridge.storage.editing import billing
from rules.billing.statement import Adjustment
from rules.billing.terms import BEGINNING, Terms
from tests.sample_company import NOW, furnish

HELD, COMING = Terms(BEGINNING), Terms(date(2026, 12, 1), base_micros=1)


async def test_each_tariff_with_its_versions_and_companies(db: Database) -> None:
    await furnish(db)
    async with db.write() as conn:
        await insert_all(conn, t.tariff, [{"id": "basis", "name": "Basis", "put_through": False}])
        premium = (await conn.execute(t.tariff.select().where(t.tariff.c.name == "Premium"))).one().id
        for terms in (COMING, HELD):
            await billing.put_terms(conn, premium, terms)
        found = await tariff_list.listed(conn)
        assert [(one.tariff.name, one.terms, one.companies) for one in found] == [
            ("Basis", (), 0),
            ("Premium", (HELD, COMING), 1),
        ]
        assert await tariff_list.one(conn, premium) == found[1]
        assert await tariff_list.one(conn, "none") is None
        assert await tariff_list.is_there(conn, "basis")
        assert not await tariff_list.is_there(conn, "none")
        assert not await billing.remove_terms(conn, "basis", COMING.first_day)
        assert await billing.remove_terms(conn, premium, COMING.first_day)
        assert not await billing.remove_terms(conn, premium, COMING.first_day)
        assert await prices.of_tariff(conn, premium) == (HELD,)


async def test_a_company_s_own_corrections_with_who_wrote_them(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        one = Adjustment("k", date(2026, 11, 1), -50, "Doppelt berechnet.")
        await billing.add_adjustment(conn, house.customer_id, one, "betrieb", NOW)
        kept = await statements.all_adjustments(conn, house.customer_id, 5)
        assert [(each.adjustment, each.done_by, each.at) for each in kept] == [(one, "betrieb", NOW)]
        assert await statements.kept_adjustment(conn, house.customer_id, "k") == kept[0]
        assert await statements.kept_adjustment(conn, "another", "k") is None
