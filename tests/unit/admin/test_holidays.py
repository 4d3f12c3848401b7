"""Holidays of the house: a list for each Land and year, days of our own, and whom they reach at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.customers import customers, data_version, house_days
from pbx_bridge.storage.editing import nobody_free
from rules.calls.nobody_free import fits_in_plan
from rules.fields.nobody_free import NobodyFree
from rules.text.holidays import HouseDay, HouseDays
from rules.text.working_hours import WorkingHours
from tests.sample_company import NOW
from tests.unit.admin.office_site import OfficeSite

PATH = "/admin/feiertage"
LIST = f"{PATH}?land=BE&jahr=2027"
TYPED = {"day": "8.5.2027", "state": "BE", "kind": "free", "name": "Tag der Befreiung"}
BERLIN, SOON = "Europe/Berlin", date(2026, 12, 31)
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


def at_the_limit() -> NobodyFree:
    """Hours that the PBX takes with the holidays of the law, and not with one more."""
    day = tuple((60 * hour, 60 * hour + 30) for hour in range(4))
    week = tuple((*day, (1380, 1400 + at % 2)) for at in range(7))  # no two days are told together
    for letters in range(60):
        longest = NobodyFree(announcement="a" * 60, call_back="b" * letters, music="m" * 60)
        policy = replace(longest, hours=WorkingHours(week, "BE"))
        with_one = replace(policy, hours=WorkingHours(week, "BE", HouseDays(free=frozenset({SOON}))))
        if not fits_in_plan(with_one, BERLIN, NOW.date()):
            assert fits_in_plan(policy, BERLIN, NOW.date())
            return policy
    raise AssertionError


async def test_a_day_that_the_telephone_system_cannot_be_told_is_refused_with_whose_hours(
    office: OfficeSite,
) -> None:
    async with office.db.write() as conn:
        await conn.execute(t.customer.update().values(state="BE"))
        await nobody_free.keep(conn, office.house.customer_id, at_the_limit())
    soon = TYPED | {"day": f"{SOON:%d.%m.%Y}"}
    for state in ("BE", ""):
        status, page, _ = await office.send(f"{PATH}/neu", f"{PATH}/neu", **soon | {"state": state})
        assert status == 422
        assert "passen die Zeiten von Mustermann AG nicht mehr in die Telefonanlage" in page
        assert f'value="{SOON:%d.%m.%Y}"' in page
    assert await stored(office) == ()
    for other in (soon | {"state": "BY"}, TYPED):  # of another Land; far away, and told when it is nearer
        assert (await office.send(f"{PATH}/neu", f"{PATH}/neu", **other))[0] == 200


async def test_a_holiday_of_the_law_comes_back_only_where_it_can_be_told(office: OfficeSite) -> None:
    christmas = HouseDay(date(2026, 12, 25), "BE", False, "Geöffnet")
    async with office.db.write() as conn:
        await conn.execute(t.customer.update().values(state="BE"))
        await house_days.insert(conn, christmas)
        await house_days.insert(conn, HouseDay(SOON, "BE", True, "Stadtfest"))
        await nobody_free.keep(conn, office.house.customer_id, at_the_limit())
    status, page, _ = await office.send(LIST, f"{PATH}/entfernen", day="2026-12-25", state="BE")
    assert (status, "passen die Zeiten von Mustermann AG" in page) == (422, True)
    assert christmas in await stored(office)
    assert (await office.send(LIST, f"{PATH}/entfernen", day=SOON.isoformat(), state="BE"))[0] == 200
    assert (await office.send(LIST, f"{PATH}/entfernen", day="2026-12-25", state="BE"))[0] == 200
    assert await stored(office) == ()
