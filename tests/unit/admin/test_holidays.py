"""Holidays of the house: a list for each Land and year, days of our own, and whom they reach at once."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.customers import customers, data_version, house_days
from rules.text.holidays import HouseDay
from tests.unit.admin.office_site import OfficeSite

PATH = "/admin/feiertage"
LIST = f"{PATH}?land=BE&jahr=2027"
TYPED = {"day": "8.5.2027", "state": "BE", "kind": "free", "name": "Tag der Befreiung"}
DAY = HouseDay(date(2027, 5, 8), "BE", True, "Tag der Befreiung")


async def stored(office: OfficeSite) -> tuple[HouseDay, ...]:
    async with office.db.read() as conn:
        return await house_days.load(conn)


async def test_the_law_is_listed_by_land_and_year(office: OfficeSite) -> None:
    status, page = await office.see(LIST)
    assert status == 200
    for word in ("Berlin, 2027", "Frauentag", "Gesetzlicher Feiertag"):
        assert word in page
    assert "Frauentag" not in (await office.see(f"{PATH}?land=BY&jahr=2027"))[1]
    for odd in ("?land=XX&jahr=99999", "?jahr=x", ""):
        assert (await office.see(PATH + odd))[0] == 200


async def test_a_day_of_our_own_counts_at_once_and_is_taken_back(office: OfficeSite) -> None:
    async with office.db.write() as conn:
        await conn.execute(t.customer.update().values(state="BE"))
        await conn.execute(t.employee.update().values(hours="Mo–So 8–18"))
        before = await data_version.current(conn)
    status, page, where = await office.send(f"{PATH}/neu", f"{PATH}/neu", **TYPED)
    assert (status, "Der Tag gilt schon." in page) == (200, True)
    assert "land=BE&jahr=2027" in where
    assert "Tag der Befreiung" in page
    assert await stored(office) == (DAY,)
    async with office.db.read() as conn:
        company = await customers.load_customer(conn, office.house.customer_id)
        assert await data_version.current(conn) > before
    assert company is not None
    assert company.version > before
    assert {one.hours.own.free for one in company.employees if one.hours} == {frozenset({DAY.day})}
    _, table = await office.see(f"{PATH}/feiertage.csv?land=BE&jahr=2027")
    assert "2027-05-08;Tag der Befreiung;Frei" in table

    status, page, _ = await office.send(LIST, f"{PATH}/entfernen", day="2027-05-08", state="BE")
    assert (status, "Es gilt wieder das Gesetz." in page) == (200, True)
    assert await stored(office) == ()
    async with office.db.read() as conn:
        log = select(t.access_log.c.detail).where(t.access_log.c.deed == AccessEvent.HOLIDAYS_CHANGED)
        told = {row.detail for row in await conn.execute(log)}
    word = "2027-05-08 BE (free) Tag der Befreiung"
    assert told == {f"> {word}", f"{word} >"}


async def test_a_mistake_is_named_and_what_is_gone_is_no_fault(office: OfficeSite) -> None:
    status, page, _ = await office.send(f"{PATH}/neu", f"{PATH}/neu", **TYPED | {"day": "1.5.2027"})
    assert (status, "An diesem Tag ist dort schon Feiertag." in page) == (422, True)
    assert 'value="1.5.2027"' in page
    assert await stored(office) == ()
    status, _, _ = await office.send(LIST, f"{PATH}/entfernen", day="2027-05-08", state="BE")
    assert status == 200
