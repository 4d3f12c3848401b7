from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pbx_bridge.storage.calls import agent_figures, calls
from pbx_bridge.storage.customers import company_changes
from pbx_bridge.storage.customers.company_changes import CompanyChange
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.editing import employees
from pbx_bridge.storage.notes import last_notes, notes
from rules.customers.change_feed import News, NewsKind
from rules.model import CallNote
from tests.sample_company import IN_TIME, NOW, SampleCompany, arrive, furnish

AWAY = News(
    NewsKind.AWAY,
    "appointment 1",
    {"name": "Erika Beispiel", "text": "Im Urlaub"},
    datetime.fromisoformat("2026-11-24"),
    datetime.fromisoformat("2026-11-28"),
    all_day=True,
)
GREETING = News(NewsKind.GREETING, "greeting")


async def test_news_come_back_as_they_were_and_leave_after_two_weeks(db: Database) -> None:
    house = await furnish(db)
    first = CompanyChange(house.customer_id, NOW, AWAY)
    later = CompanyChange(house.customer_id, NOW + timedelta(days=10), GREETING)
    async with db.write() as conn:
        await company_changes.insert(conn, [first], first.at)
        await company_changes.insert(conn, [later], later.at)
    async with db.read() as conn:
        assert await company_changes.load_all(conn, later.at) == (first, later)
        assert await company_changes.load_all(conn, NOW + timedelta(days=15)) == (later,)


def of(house: SampleCompany, *news: News) -> list[CompanyChange]:
    return [CompanyChange(house.customer_id, NOW, one) for one in news]


async def kept(db: Database) -> list[News]:
    async with db.read() as conn:
        return [one.news for one in await company_changes.load_all(conn, NOW)]


async def test_what_is_told_of_somebody_goes_with_them_in_the_same_transaction(db: Database) -> None:
    """Nobody has to be told, and no second write has to succeed."""
    house = await furnish(db)
    hers, his = replace(AWAY, whose=house.erika), replace(AWAY, whose=house.jens)  # namesakes, by the facts
    async with db.write() as conn:
        await company_changes.insert(conn, of(house, hers, his, GREETING), NOW)
    async with db.write() as conn:
        await employees.delete(conn, house.customer_id, [house.erika])

    assert sorted(await kept(db), key=lambda one: one.kind) == [his, GREETING]


async def test_of_whoever_is_gone_by_then_nothing_is_kept_but_that(db: Database) -> None:
    """The change is told a moment after it was made: by then it may be followed by another one."""
    house = await furnish(db)
    gone = News(NewsKind.EMPLOYEE_GONE, "employee e9", {"name": "Ines Brunner"})
    hers, nobodys = replace(AWAY, whose=house.erika), replace(AWAY, whose="e9")
    async with db.write() as conn:
        await company_changes.insert(conn, of(house, hers, nobodys, gone), NOW)
        await company_changes.insert(conn, [CompanyChange("no such company", NOW, GREETING)], NOW)

    assert sorted(await kept(db), key=lambda one: one.kind) == [hers, gone]


async def test_when_each_agent_last_answered_for_each_company(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        for minutes in (5, 1):
            call = await arrive(conn, house, pbx=f"1.{minutes}")
            await calls.answered(conn, call, house.anna, NOW + timedelta(minutes=minutes))
        await arrive(conn, house, pbx="2.1")
        last = await company_changes.last_answers(conn, NOW + timedelta(hours=1))
    assert last == {(house.anna, house.customer_id): NOW + timedelta(minutes=5)}


async def test_the_own_day_counts_own_calls_first_versions_and_talk(db: Database) -> None:
    house = await furnish(db)
    async with db.write() as conn:
        for number, wait in enumerate((5, 40)):
            call = await arrive(conn, house, pbx=f"1.{number}")
            await calls.answered(conn, call, house.anna, NOW + timedelta(seconds=wait))
            await calls.ended(conn, call, NOW + timedelta(seconds=wait + 60))
        note, mended = (CallNote(new_id(), "Hans Müller", text) for text in "ab")
        said: Any = {"call_id": call, "customer_id": house.customer_id, "agent_id": house.anna}
        await notes.insert(conn, note, now=NOW, **said)
        await notes.insert(conn, mended, now=NOW, replaces_id=note.id, **said)
        anna = await agent_figures.of_agent(conn, house.anna, NOW, IN_TIME)
        ben = await agent_figures.of_agent(conn, house.ben, NOW, IN_TIME)
        patient = await agent_figures.of_agent(conn, house.anna, NOW, timedelta(days=1))
        tomorrow = await agent_figures.of_agent(conn, house.anna, NOW + timedelta(days=1), IN_TIME)
        last = await last_notes.last_of_agent(conn, house.anna)
    assert patient.in_time == 2
    assert anna == agent_figures.OwnDay(answered=2, in_time=1, notes=1, put_through=0, talk_seconds=120)
    assert ben == tomorrow == agent_figures.OwnDay(0, 0, 0, 0, 0)
    assert [one.note_id for one in last] == [mended.id], "a corrected note is one line"
