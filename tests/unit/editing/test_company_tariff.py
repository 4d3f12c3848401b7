"""Another tariff from a day on: the statement is split there, however late that is done."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from pbx_bridge.admin.company_upkeep import CompanyUpkeep
from pbx_bridge.editing import company_tariff, service_state
from pbx_bridge.editing.change import Editing, Editor
from pbx_bridge.editing.values import Given, Rejected
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.billing import coming_tariffs, prices, statements
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.editing import billing
from rules.billing.statement import LineKind
from rules.billing.terms import BEGINNING, Terms
from rules.model import Tariff
from rules.vocabulary import ServiceState
from tests.sample_company import NOW, SampleCompany, furnish

EURO = 1_000_000
BASE = Terms(BEGINNING, base_micros=30 * EURO)
OFFICE = Editor(NOW, login="office")
DECEMBER = date(2026, 12, 1)


async def two_tariffs(db: Database, house: SampleCompany) -> None:
    """The company has one of 30 euros a month; there is one of 60."""
    async with db.write() as conn:
        has = (await conn.execute(select(t.customer.c.tariff_id))).scalar_one()
        await billing.add_tariff(conn, Tariff("more", "Mehr", put_through=True))
        await billing.put_terms(conn, has, BASE)
        await billing.put_terms(conn, "more", Terms(BEGINNING, base_micros=60 * EURO))


async def choose(db: Database, house: SampleCompany, day: str) -> object:
    async with Editing(db).change(house.customer_id, OFFICE) as change:
        return await company_tariff.choose(change, Given({"tariff": "more", "first_day": day}))


async def base_lines(db: Database, house: SampleCompany, month: date) -> list[tuple[date, date, int]]:
    async with db.read() as conn:
        made = await statements.of_month(conn, house.customer_id, "Europe/Berlin", month)
    return [(one.first, one.last, one.cents) for one in made.lines if one.kind is LineKind.BASE]


async def test_the_day_decides_whether_it_is_still_to_come_or_done_late(db: Database) -> None:
    house = await furnish(db)
    await two_tariffs(db, house)
    assert not isinstance(await choose(db, house, "2026-12-16"), Rejected)
    split = [(DECEMBER, date(2026, 12, 15), 1452), (date(2026, 12, 16), date(2026, 12, 31), 3097)]
    assert await base_lines(db, house, DECEMBER) == split, "as it will be"
    for late, done in ((datetime(2026, 12, 15, 22, 59, tzinfo=UTC), False), (NOW + timedelta(days=40), True)):
        await CompanyUpkeep(db, Editing(db), timedelta(days=30), lambda late=late: late).begin_tariffs()  # type: ignore[misc]
        async with db.read() as conn:
            company = await customers.load_customer(conn, house.customer_id)
            coming = await coming_tariffs.of_company(conn, house.customer_id)
        assert company
        assert (company.tariff.name == "Mehr", coming is None) == (done, done), late
        assert await base_lines(db, house, DECEMBER) == split, "as it was said"


async def test_from_today_on_it_holds_at_once_and_the_log_says_so(db: Database) -> None:
    house = await furnish(db)
    await two_tariffs(db, house)
    await choose(db, house, "2026-12-16")
    await choose(db, house, "2026-11-23")
    async with db.read() as conn:
        company = await customers.load_customer(conn, house.customer_id)
        assert await coming_tariffs.of_company(conn, house.customer_id) is None, (
            "what was to come is replaced"
        )
        held = [one.first_day for one in await prices.of_company(conn, house.customer_id)]
        told = (await conn.execute(select(t.access_log.c.detail).order_by(t.access_log.c.id))).scalars().all()
    assert company
    assert company.tariff.name == "Mehr"
    assert held == [BEGINNING, date(2026, 11, 23)]
    assert told == [
        "Mustermann AG · Premium > Mehr · 2026-12-16",
        "Mustermann AG · Premium > Mehr · 2026-11-23",
    ]


async def test_what_is_withdrawn_never_comes(db: Database) -> None:
    house = await furnish(db)
    await two_tariffs(db, house)
    await choose(db, house, "2026-12-16")
    async with Editing(db).change(house.customer_id, OFFICE) as change:
        assert await company_tariff.withdraw(change)
        assert not await company_tariff.withdraw(change)
    assert await base_lines(db, house, DECEMBER) == [(DECEMBER, date(2026, 12, 31), 3000)]


async def test_nobody_pays_for_days_after_the_end(db: Database) -> None:
    house = await furnish(db)
    await two_tariffs(db, house)
    async with Editing(db).change(house.customer_id, OFFICE) as change:
        assert await service_state.decide(change, "live", "ended") is ServiceState.ENDED
    assert await base_lines(db, house, date(2026, 11, 1)) == [(date(2026, 11, 1), date(2026, 11, 23), 2300)]
    assert await base_lines(db, house, DECEMBER) == []
