"""A month that is over has the statement that was sent, whatever is decided about the company afterwards."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from pbx_bridge.editing import company_tariff, service_state, whole_companies
from pbx_bridge.editing.bulk import bulk_change
from pbx_bridge.editing.change import Editing, Editor
from pbx_bridge.editing.values import Given
from pbx_bridge.editing.whole_companies import WholeCompany
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.billing import statements
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import insert_all
from pbx_bridge.storage.editing import billing
from rules.billing.statement import Adjustment, LineKind
from rules.billing.terms import BEGINNING, Terms
from rules.model import Customer, Tariff
from tests.sample_company import SampleCompany, furnish

BERLIN = "Europe/Berlin"
EURO = 1_000_000
BASE = Terms(BEGINNING, base_micros=30 * EURO, minimum_micros=40 * EURO, included_calls=3, call_micros=EURO)
FIRST = datetime(2026, 1, 7, 9, 0, tzinfo=UTC)
MONTHS = [date(2026, month, 1) for month in range(1, 13)]
DEEDS = ("state", "state", "state", "tariff", "coming", "prices", "correction", "call")


async def two_tariffs(conn: AsyncConnection) -> None:
    has = (await conn.execute(select(t.customer.c.tariff_id))).scalar_one()
    await billing.add_tariff(conn, Tariff("more", "Mehr", put_through=True))
    for tariff in (has, "more"):
        await billing.put_terms(conn, tariff, BASE)


async def statement_of(db: Database, customer_id: str, month: date) -> str:
    async with db.read() as conn:
        return repr(await statements.of_month(conn, customer_id, BERLIN, month))


async def base_of(db: Database, customer_id: str, month: date) -> list[tuple[int, int, int]]:
    async with db.read() as conn:
        made = await statements.of_month(conn, customer_id, BERLIN, month)
    return [(one.first.day, one.last.day, one.cents) for one in made.lines if one.kind is LineKind.BASE]


async def decide(db: Database, house: SampleCompany, day: date, seen: str, wanted: str) -> None:
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    async with Editing(db).change(house.customer_id, Editor(at, login="office")) as change:
        assert await service_state.decide(change, seen, wanted) == wanted


async def test_who_is_taken_up_again_pays_nothing_for_the_time_between(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        await two_tariffs(conn)
    await decide(db, house, date(2026, 4, 10), "live", "ended")
    sent = {month: await statement_of(db, house.customer_id, month) for month in MONTHS[:6]}
    await decide(db, house, date(2026, 7, 22), "ended", "suspended")
    assert {month: await statement_of(db, house.customer_id, month) for month in MONTHS[:6]} == sent
    assert await base_of(db, house.customer_id, date(2026, 7, 1)) == [(22, 31, 968)]
    await decide(db, house, date(2026, 7, 25), "suspended", "ended")
    assert await base_of(db, house.customer_id, date(2026, 7, 1)) == [(22, 25, 387)]
    assert await base_of(db, house.customer_id, date(2026, 4, 1)) == [(1, 10, 1000)]


async def test_the_first_month_is_paid_from_the_first_day(db: Database) -> None:
    house = await furnish(db)
    at = datetime(2026, 6, 20, 22, 30, tzinfo=UTC)
    async with db.write() as conn:
        await two_tariffs(conn)
    async with db.read() as conn:
        pattern = await customers.load_customer(conn, house.customer_id)
    assert pattern
    new = Customer(new_id(), "Praxis Dr. Sommer", pattern.tariff, pattern.greeting)
    async with bulk_change(db, Editor(at)) as change:
        await whole_companies.put(change, WholeCompany(new, ()))
    async with bulk_change(db, Editor(at + timedelta(days=60))) as change:
        await whole_companies.put(change, WholeCompany(new, ()))
    async with db.read() as conn:
        customer_id = (
            await conn.execute(select(t.customer.c.id).where(t.customer.c.name == new.name))
        ).scalar_one()
        assert await statements.first_month(conn, customer_id, BERLIN) == date(2026, 6, 1)
    assert await base_of(db, customer_id, date(2026, 6, 1)) == [(21, 30, 1000)], "it is the 21st in Berlin"
    assert await base_of(db, customer_id, date(2026, 5, 1)) == []
    assert await base_of(db, customer_id, date(2026, 7, 1)) == [(1, 31, 3000)]


@pytest.mark.parametrize("chance", range(3))
async def test_no_later_deed_changes_a_month_that_is_over(sqlite_db: Database, chance: int) -> None:
    db = sqlite_db
    house, dice, now, done = await furnish(db), random.Random(chance), FIRST, set[str]()
    async with db.write() as conn:
        await two_tariffs(conn)
    sent: dict[date, str] = {}
    while now.year == 2026:
        for month in MONTHS:
            if (month.year, month.month) < (now.year, now.month):
                made = await statement_of(db, house.customer_id, month)
                assert sent.setdefault(month, made) == made, (month, now)
        done.add(deed := dice.choice(DEEDS))
        await _do(db, house, deed, now, dice)
        now += timedelta(days=dice.randrange(1, 25))
    assert len(set(sent.values())) > 6, "months differ"
    assert "state" in done


async def _do(db: Database, house: SampleCompany, deed: str, now: datetime, dice: random.Random) -> None:
    day = now.date()
    later = day + timedelta(days=dice.randrange(1, 40))
    async with Editing(db).change(house.customer_id, Editor(now, login="office")) as change:
        conn = change.conn
        match deed:
            case "state":
                seen = await customers.service(conn, house.customer_id)
                assert seen
                wanted = {"live": "ended", "ended": "suspended", "suspended": "ended"}[seen]
                assert await service_state.decide(change, seen.value, wanted) == wanted
            case "tariff" | "coming":
                has = (await conn.execute(select(t.customer.c.tariff_id))).scalar_one()
                values = {"tariff": "more" if has != "more" else "", "first_day": str(day)}
                if values["tariff"]:
                    begins = day if deed == "tariff" else later
                    await company_tariff.choose(change, Given(values | {"first_day": str(begins)}))
            case "prices":
                terms = Terms(later, base_micros=dice.randrange(90) * EURO, call_micros=2 * EURO)
                await billing.put_terms(conn, "more", terms)
            case "correction":
                one = Adjustment(new_id(), day, -100, "Doppelt berechnet.")
                await billing.add_adjustment(conn, house.customer_id, one, "office", now)
            case "call":
                row = {"id": f"call {now}", "customer_id": house.customer_id, "at": now, "kind": "call"}
                await insert_all(conn, t.usage, [row | {"talk": 90}])
