"""A month of a company: the sum of its events, at the prices that held; on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.billing import prices, statements, usage
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import insert_all
from pbx_bridge.storage.editing import billing
from rules.billing.statement import Adjustment, LineKind, Statement
from rules.billing.terms import BEGINNING, CallTime, Terms, repriced
from tests.loop_watch import Watch
from tests.sample_company import NOW, SampleCompany, furnish

BERLIN = "Europe/Berlin"
OCTOBER = date(2026, 10, 1)
EURO = 1_000_000
PRICES = Terms(BEGINNING, call_micros=EURO, minute_micros=600_000, step=1, sms_micros=100_000)


@pytest.fixture
async def house(db: Database) -> SampleCompany:
    return await furnish(db)


async def tariff_of(conn: AsyncConnection, house: SampleCompany) -> str:
    query = t.customer.select().where(t.customer.c.id == house.customer_id)
    return str((await conn.execute(query)).one().tariff_id)


async def calls_at(conn: AsyncConnection, house: SampleCompany, *moments: str, talk: int = 60) -> None:
    rows = [
        {"id": f"call {at}", "customer_id": house.customer_id, "at": datetime.fromisoformat(at)}
        | {"kind": "call", "call_id": f"c {at}", "talk": talk}
        for at in moments
    ]
    await insert_all(conn, t.usage, rows)


async def october(conn: AsyncConnection, house: SampleCompany) -> Statement:
    return await statements.of_month(conn, house.customer_id, BERLIN, OCTOBER)


def lines(made: Statement) -> Sequence[tuple[LineKind, int, int]]:
    return [(line.kind, line.quantity, line.cents) for line in made.lines]


async def test_it_is_the_sum_of_its_events_and_stays_so(db: Database, house: SampleCompany) -> None:
    async with db.write() as conn:
        await billing.put_terms(conn, await tariff_of(conn, house), PRICES)
        await calls_at(conn, house, "2026-10-05T09:00+00:00", "2026-10-06T09:00+00:00", talk=90)
        await usage.sms_sent(conn, "one", house.customer_id, 2, datetime(2026, 10, 5, 9, tzinfo=UTC))
        wrong = Adjustment("k", date(2026, 10, 31), -50, "Doppelt berechnet im September.")
        assert await billing.add_adjustment(conn, house.customer_id, wrong, "betrieb", NOW)
        assert not await billing.add_adjustment(
            conn, house.customer_id, replace(wrong, cents=-90), "betrieb", NOW
        )
        made = await october(conn, house)
        assert lines(made) == [
            (LineKind.CALLS, 2, 200),
            (LineKind.TIME, 180, 180),
            (LineKind.SMS, 2, 20),
            (LineKind.ADJUSTMENT, 0, -50),
        ]
        assert made.cents == 350
        assert made.lines[0].usage == ("call 2026-10-05T09:00+00:00", "call 2026-10-06T09:00+00:00")
        assert repr(await october(conn, house)) == repr(made)


async def test_a_month_ends_on_the_company_s_own_clock(db: Database, house: SampleCompany) -> None:
    """Over the end of summer time: 22:30 UTC is 00:30 in Berlin before it, 23:30 after it."""
    async with db.write() as conn:
        await billing.put_terms(conn, await tariff_of(conn, house), PRICES)
        first, last = "2026-09-30T22:00:00+00:00", "2026-10-31T22:59:59+00:00"
        await calls_at(conn, house, "2026-09-30T21:59:59+00:00", first, last, "2026-10-31T23:00:00+00:00")
        made = await october(conn, house)
        assert made.lines[0].usage == (f"call {first}", f"call {last}")
        west = await statements.of_month(conn, house.customer_id, "Pacific/Honolulu", OCTOBER)
        assert west.lines[0].usage == (f"call {last}", "call 2026-10-31T23:00:00+00:00")
        assert await statements.first_month(conn, house.customer_id, BERLIN) == date(2026, 9, 1)
        assert await statements.first_month(conn, "nobody", BERLIN) is None
        assert await prices.of_company(conn, "nobody") == ()


async def test_a_price_splits_the_month_and_what_it_was_before_stays(
    db: Database, house: SampleCompany
) -> None:
    async with db.write() as conn:
        tariff = await tariff_of(conn, house)
        counted = frozenset({CallTime.TALK, CallTime.WRAP_UP})
        await billing.put_terms(conn, tariff, replace(PRICES, counted=counted))
        await usage.sms_sent(conn, "one", house.customer_id, 1, datetime(2026, 10, 15, 21, tzinfo=UTC))
        await usage.sms_sent(conn, "two", house.customer_id, 1, datetime(2026, 10, 15, 22, tzinfo=UTC))
        dearer = repriced(await prices.of_tariff(conn, tariff), date(2026, 10, 16), 250_000)
        assert dearer
        await billing.put_terms(conn, tariff, dearer)
        assert [one.sms_micros for one in await prices.of_tariff(conn, tariff)] == [100_000, 250_000]
        assert [one.counted for one in await prices.of_tariff(conn, tariff)] == [counted, counted]
        assert lines(await october(conn, house)) == [(LineKind.SMS, 1, 10), (LineKind.SMS, 1, 25)]


async def test_another_tariff_splits_the_month_too_and_a_gap_is_said(
    db: Database, house: SampleCompany
) -> None:
    async with db.write() as conn:
        old, new = await tariff_of(conn, house), new_id()
        await insert_all(conn, t.tariff, [{"id": new, "name": "Neu", "put_through": False}])
        await billing.put_terms(conn, old, PRICES)
        await billing.put_terms(conn, new, Terms(date(2026, 10, 21), sms_micros=300_000))
        assert await billing.tariff_left(conn, house.customer_id, old, date(2026, 10, 10))
        assert not await billing.tariff_left(conn, house.customer_id, new, date(2026, 10, 10))
        await conn.execute(t.customer.update().values(tariff_id=new))
        for day in (10, 11, 20, 21):
            at = datetime(2026, 10, day, 12, tzinfo=UTC)
            await usage.sms_sent(conn, f"{day}", house.customer_id, 1, at)
        made = await october(conn, house)
        assert lines(made) == [(LineKind.SMS, 1, 10), (LineKind.SMS, 1, 30)]
        assert made.unpriced == ("sms 11", "sms 20")


async def test_a_big_month_holds_nobody_up(sqlite_db: Database, loop_watch: Watch) -> None:
    house = await furnish(sqlite_db)
    begin = datetime(2026, 10, 1, tzinfo=UTC)
    async with sqlite_db.write() as conn:
        await billing.put_terms(conn, await tariff_of(conn, house), PRICES)
        moments = (begin + timedelta(seconds=100 * number) for number in range(20_000))
        rows = (
            {"id": f"call {n}", "customer_id": house.customer_id, "at": at, "kind": "call"}
            | {"call_id": f"{n}", "talk": 60}
            for n, at in enumerate(moments)
        )
        await insert_all(conn, t.usage, rows)
    loop_watch.clear()
    async with sqlite_db.read() as conn:
        made = await october(conn, house)
    assert lines(made) == [(LineKind.CALLS, 20_000, 2_000_000), (LineKind.TIME, 1_200_000, 1_200_000)]
