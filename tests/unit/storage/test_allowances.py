"""How much companies have used of what is included, reckoned beforehand: nothing that is used gets lost
between two rounds, and pages ask an index. On both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from pbx_bridge.admin.allowance_round import AGAIN_AFTER, AllowanceRound
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.billing import allowances, statements, usage
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.calls.calls import StoredCall
from pbx_bridge.storage.customers import company_list
from pbx_bridge.storage.customers.company_list import CompanySearch
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.editing import billing
from rules.billing.allowance import Allowance, AllowanceKind
from rules.billing.statement import Statement
from rules.billing.terms import BEGINNING, Terms
from rules.office.needs import Concern, Sighting
from rules.vocabulary import EndReason
from tests.sample_company import NOW, SampleCompany, furnish
from tests.unit.storage.test_plans import overheard, plan_of

MONTH = date(2026, 11, 1)
FULL, NEAR = Concern.ALLOWANCE_FULL, Concern.ALLOWANCE_NEAR
CALLS = AllowanceKind.CALLS


async def called(db: Database, house: SampleCompany, times: int) -> str:
    """So many answered calls of a minute; the id of the last one."""
    call_id = ""
    async with db.write() as conn:
        for _ in range(times):
            call_id = new_id()
            one = StoredCall(
                call_id, call_id, "+493023125100", NOW, house.customer_id,
                answered_at=NOW, ended_at=NOW + timedelta(minutes=1), agent_id=house.anna,
            )  # fmt: skip
            assert await calls.insert(conn, one)
            assert await usage.call_over(conn, call_id, EndReason.CALLER)
    return call_id


async def test_each_event_is_seen_by_the_next_round(db: Database) -> None:
    house, moment = await furnish(db), NOW + AGAIN_AFTER
    reckoning = AllowanceRound(db, lambda: moment)
    async with db.write() as conn:
        premium = (await conn.execute(t.tariff.select())).one().id
        await billing.put_terms(conn, premium, Terms(BEGINNING, included_calls=4, call_micros=1_000_000))
    last = await called(db, house, 3)

    assert await reckoning.look() == 1
    async with db.read() as conn:
        kept = await allowances.of_company(conn, house.customer_id)
        assert kept == allowances.KeptAllowances(MONTH, (Allowance(CALLS, 3, 4),), moment)
        assert await allowances.sighted(conn, NEAR, MONTH) == Sighting(NEAR, 1, names=("Mustermann AG",))
        assert await allowances.sighted(conn, FULL, MONTH) == Sighting(FULL)
        assert await allowances.sighted(conn, NEAR, date(2026, 12, 1)) == Sighting(NEAR), "a new month"
        near, _ = await company_list.listed(conn, CompanySearch(allowance=(NEAR, MONTH)))
        full, _ = await company_list.listed(conn, CompanySearch(allowance=(FULL, MONTH)))
        assert ([one.id for one in near], full) == ([house.customer_id], ())

    moment += AGAIN_AFTER
    async with db.write() as conn:
        assert not await usage.call_over(conn, last, EndReason.CALLER)
    assert await reckoning.look() == 0, "what is told twice is used once"

    await called(db, house, 1)
    assert await reckoning.look() == 1
    async with db.read() as conn:
        assert (await allowances.sighted(conn, FULL, MONTH)).count == 1
        assert (await allowances.sighted(conn, NEAR, MONTH)).count == 0
    assert await reckoning.look() == 0

    await called(db, house, 1)
    assert await reckoning.look() == 0, "nobody is reckoned again within minutes"
    moment += AGAIN_AFTER
    assert await reckoning.look() == 1

    moment += AGAIN_AFTER
    async with db.write() as conn:
        await billing.put_terms(conn, premium, Terms(BEGINNING, included_calls=100, call_micros=1))
    assert await reckoning.look() == 1, "the tariff includes more now"
    async with db.read() as conn:
        assert (await allowances.sighted(conn, FULL, MONTH)).count == 0


async def test_what_is_used_while_somebody_reckons_stays_marked(db: Database) -> None:
    house = await furnish(db)
    await called(db, house, 2)
    async with db.read() as conn:
        (seen,) = await allowances.marked(conn, NOW, 10)
    assert seen.marks == 2
    await called(db, house, 1)
    async with db.write() as conn:
        await allowances.put(conn, seen, MONTH, [Allowance(CALLS, 2, 4)], NOW)
        assert [one.marks for one in await allowances.marked(conn, NOW, 10)] == [1]


async def test_however_many_companies_there_are_an_index_is_asked(db: Database) -> None:
    """Of five thousand companies, all but one of the month before and reckoned."""
    await furnish(db)
    async with db.write() as conn:
        await conn.execute(text(_COMPANIES.format(numbered=_NUMBERED[db.dialect])))
        await conn.execute(text(_OF_OCTOBER))
        if db.dialect == "postgresql":
            await conn.execute(text("ANALYZE"))
        with overheard(conn) as said:
            for concern in (NEAR, FULL):
                await allowances.sighted(conn, concern, MONTH)
            await allowances.marked(conn, NOW, 100)
        lines = [line for one in said for line in await plan_of(conn, *one)]
    assert len(said) == 3
    assert [
        line for line in lines if line.startswith("SCAN allowance") or "Seq Scan on allowance" in line
    ] == []


_NUMBERED = {
    "sqlite": "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)",
    "postgresql": "WITH n (i) AS (SELECT generate_series(1, 5000))",
}
_COMPANIES = """
    INSERT INTO customer (id, name, tariff_id, greeting)
    {numbered} SELECT 'c' || i, 'Firma ' || i, (SELECT id FROM tariff), '' FROM n"""
_OF_OCTOBER = """
    INSERT INTO allowance (customer_id, month, percent, marks, reckoned_at)
    SELECT id, '2026-10-01', 80, 0, created_at FROM customer"""


async def test_one_that_cannot_be_reckoned_holds_up_no_other(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await furnish(sqlite_db)
    await called(sqlite_db, house, 1)
    async with sqlite_db.write() as conn:
        row = dict((await conn.execute(t.customer.select())).mappings().one())
        await conn.execute(t.customer.insert().values(row | {"id": "odd", "name": "Praxis Dr. Sommer"}))
        await allowances.mark(conn, "odd", NOW - timedelta(days=1))
    of_month = statements.of_month

    async def odd(conn: AsyncConnection, customer_id: str, zone: str, month: date) -> Statement:
        if customer_id == "odd":
            raise ValueError("of a kind that nobody thought of")
        return await of_month(conn, customer_id, zone, month)

    monkeypatch.setattr(statements, "of_month", odd)
    moment = NOW + AGAIN_AFTER
    await AllowanceRound(sqlite_db, lambda: moment).look()
    async with sqlite_db.read() as conn:
        left = await allowances.marked(conn, moment, 10)
    assert [one.customer_id for one in left] == ["odd"], "it was the first one, and is left"
