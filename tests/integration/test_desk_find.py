"""A company with more people than a pop holds: the pop stays small, and the desk finds everybody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.screen.pop import SHOWN
from pbx_bridge.storage import tables
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.sql import insert_all
from tests.desk_room import BEN, DeskRoom, Tab, desk_room
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
