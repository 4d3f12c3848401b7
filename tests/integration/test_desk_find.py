"""A company with more people than a pop holds: the pop stays small, and the desk finds everybody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from sqlalchemy import Table

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.screen.pop import SHOWN
from pbx_bridge.storage import tables
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.sql import insert_all
from tests.desk_room import BEN, Clock, DeskRoom, Tab, desk_room
from tests.sample_company import NOW, SampleCompany, furnish
from tests.until import until

PEOPLE, ANSWERS = 300, 120


@pytest.fixture
async def crowd(sqlite_db: Database) -> SampleCompany:
    """Mustermann AG with three hundred more, each with the next one as deputy, and many answers."""
    house = await furnish(sqlite_db)
    async with sqlite_db.write() as conn:
        await insert_all(conn, tables.employee, [_person(house, number) for number in range(PEOPLE)])
        await insert_all(conn, tables.faq_entry, [_answer(house, number) for number in range(ANSWERS)])
        await data_version.touch(conn, house.customer_id, NOW)
    return house


def _person(house: SampleCompany, number: int) -> dict[str, Any]:
    names = {"name": f"Lena Vogel {number:03}", "given_name": "Lena", "family_name": f"Vogel {number:03}"}
    rung = {"put_through": "all", "extension": f"+4930231253{number:02}", "position": f"Halle {number}"}
    deputy = {"deputy_id": f"p{number - 1:03}" if number else house.jens}
    return {"id": f"p{number:03}", "customer_id": house.customer_id} | names | rung | deputy


def _answer(house: SampleCompany, number: int) -> dict[str, Any]:
    words = {"question": f"Wo ist Tor {number}?", "answer": f"Hinter Halle {number}."}
    return {"id": f"f{number}", "customer_id": house.customer_id, "place": 10 + number} | words


@pytest.fixture
async def room(sqlite_url: str, crowd: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url) as opened:
        yield opened


async def ringing(room: DeskRoom, tab: Tab, caller: str = "491713920099") -> p.ScreenPop:
    room.pbx.arrive("1.1", caller=caller)
    room.pbx.offer("1.1")
    await until(lambda: tab.call(room.id_of("1.1")), message="the pop")
    found = tab.call(room.id_of("1.1"))
    assert found
    return found.pop


async def test_the_pop_has_the_first_ones_and_says_of_how_many(room: DeskRoom) -> None:
    pop = await ringing(room, await room.tab())
    assert (len(pop.employees), pop.employees_total) == (SHOWN, PEOPLE + 2)
    assert (len(pop.faq), pop.faq_total) == (SHOWN, ANSWERS + 2)
    known = {one.id for one in pop.employees} | pop.names.keys()
    assert {one for employee in pop.employees for one in employee.tries} <= known


async def test_who_knows_the_caller_is_in_front(room: DeskRoom, crowd: SampleCompany) -> None:
    """Hans Müller is a VIP of Erika Beispiel."""
    pop = await ringing(room, await room.tab(), caller="491713920042")
    assert pop.employees[0].id == crowd.erika


async def test_everybody_is_found_by_what_is_typed(room: DeskRoom) -> None:
    tab = await room.tab()
    call = (await ringing(room, tab)).call
    for number in (0, 150, PEOPLE - 1):
        answer = await tab.ask("find", call=call, query=f"vogel {number:03}")
        assert answer.ok
        assert answer.employees[0].id == f"p{number:03}"
    many = await tab.ask("find", call=call, query="lena")
    assert (len(many.employees), many.total) == (SHOWN, PEOPLE)
    assert (await tab.ask("find", call=call, query="niemand")).employees == []


async def test_these_very_people_are_found_and_nobody_of_another_company(room: DeskRoom) -> None:
    tab = await room.tab()
    call = (await ringing(room, tab)).call
    answer = await tab.ask("find", call=call, ids=["p299", "foreign", "p001"])
    assert [one.id for one in answer.employees] == ["p299", "p001"]


async def test_answers_are_found(room: DeskRoom) -> None:
    tab = await room.tab()
    call = (await ringing(room, tab)).call
    answer = await tab.ask("find", call=call, what="faq", query="tor 119")
    assert [one.answer for one in answer.faq] == ["Hinter Halle 119."]


ELSEWHERE: dict[str, tuple[Table, str, dict[str, Any]]] = {
    "wish": (tables.employee, "p299", {"put_through": "none"}),
    "extension": (tables.employee, "p299", {"extension": ""}),
    "deputy": (tables.employee, "p299", {"deputy_id": "p150"}),
    "deputy of a deputy": (tables.employee, "p298", {"put_through": "none"}),
    "position": (tables.employee, "p299", {"position": "Empfang"}),
    "absence": (tables.employee, "p299", {"absence_info": "Dienstags im Lager."}),
    "answer": (tables.faq_entry, "f119", {"answer": "Vor Halle 1."}),
}
"""What a company changes of whom, or of what, no pop shows."""


async def test_a_change_that_is_not_in_the_pop_is_told(
    room: DeskRoom, crowd: SampleCompany, sqlite_db: Database
) -> None:
    tab = await room.tab()
    first = await ringing(room, tab)
    editions = [first.edition]

    async def change(what: str) -> None:
        table, key, values = ELSEWHERE[what]
        async with sqlite_db.write() as conn:
            await conn.execute(table.update().where(table.c.id == key).values(**values))
            await data_version.touch(conn, crowd.customer_id, NOW)
        told = len(editions)
        await until(lambda: len(tab.events("others_changed")) == told, message=f"a word of the {what}")

    for what in ELSEWHERE:
        await change(what)
        found = tab.call(first.call)
        assert found
        editions.append(found.pop.edition)
        pop = msgspec.structs.replace(found.pop, edition=first.edition, news=first.news)
        assert pop == first, f"{what}: all else in the pop is as it was"
    assert len(set(editions)) == len(editions)
    assert not tab.events("pop_changed"), "nobody sends fifty people who are as they were"


async def test_a_change_of_somebody_in_the_pop_brings_it(
    room: DeskRoom, crowd: SampleCompany, sqlite_db: Database
) -> None:
    tab = await room.tab()
    first = await ringing(room, tab)
    shown = first.employees[0].id
    async with sqlite_db.write() as conn:
        await conn.execute(
            tables.employee.update().where(tables.employee.c.id == shown).values(position="Neu")
        )
        await data_version.touch(conn, crowd.customer_id, NOW)
    await until(lambda: tab.events("pop_changed"), message="the pop")
    found = tab.call(first.call)
    assert found
    assert found.pop.employees[0].position == "Neu"
    assert found.pop.edition != first.edition


@pytest.mark.parametrize("begins, ends", [(30, 3_000), (-30, 30)], ids=["begins", "ends"])
async def test_an_absence_of_somebody_who_is_not_in_the_pop_turns_at_its_time(
    sqlite_url: str, crowd: SampleCompany, sqlite_db: Database, begins: int, ends: int
) -> None:
    """Minutes from now."""
    clock = Clock()
    wall = clock().astimezone(ZoneInfo("Europe/Berlin"))
    start, end = (f"{wall + timedelta(minutes=minutes):%Y-%m-%dT%H:%M}" for minutes in (begins, ends))
    async with sqlite_db.write() as conn:
        row = {
            "id": "turning",
            "employee_id": "p299",
            "text": "Urlaub",
            "start_local": start,
            "end_local": end,
        }
        await conn.execute(tables.appointment.insert().values(row))
        await data_version.touch(conn, crowd.customer_id, NOW)
    async with desk_room(sqlite_url, clock) as room:
        tab = await room.tab()
        before = await ringing(room, tab)

        async def kind() -> str:
            answer = await tab.ask("find", call=before.call, ids=["p299"])
            return str(answer.employees[0].availability.kind)

        def edition() -> str:
            found = tab.call(before.call)
            assert found
            return found.pop.edition

        first = await kind()
        clock.ahead = timedelta(minutes=31)
        await until(lambda: edition() != before.edition, message="the word that somebody is found otherwise")
        assert {first, await kind()} == {"present", "away"}


async def test_only_who_has_the_call_on_the_screen_may_ask(room: DeskRoom) -> None:
    anna, ben = await room.tab(), await room.tab("ben")
    call = (await ringing(room, anna)).call
    assert (await ben.ask("find", call=call, query="lena")).code == "not_yours"
    assert (await ben.ask("find", call="none", query="lena")).code == "unknown_call"
    room.pbx.offer("1.1", BEN)
    await until(lambda: ben.call(call), message="Ben's pop")
    assert (await ben.ask("find", call=call, query="lena")).ok


async def test_whoever_was_found_can_be_rung_and_no_address_is_told(room: DeskRoom) -> None:
    tab = await room.tab()
    call = (await ringing(room, tab)).call
    room.pbx.answer("1.1")
    await until(lambda: tab.phase(call) == "talking", message="the conversation")
    answer = await tab.ask("find", call=call, query="vogel 299")
    assert "@" not in str(answer)
    assert "+49" not in str(answer)
    assert (await tab.ask("ring", call=call, employee=answer.employees[0].id)).ok
    await until(room.pbx.rung, message="a phone that rings")


async def test_too_much_is_not_read(room: DeskRoom) -> None:
    tab = await room.tab()
    call = (await ringing(room, tab)).call
    assert (await tab.ask("find", call=call, query="x" * 101)).code == "unreadable"
    assert (await tab.ask("find", call=call, ids=["p"] * 51)).code == "unreadable"
