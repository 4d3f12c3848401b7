"""What changed at a company since the agent last answered for it, in sentences, on the pop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from pbx_bridge.storage import tables
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import insert_all
from tests.desk_room import ANNA, BEN, Clock, DeskRoom, Tab, desk_room
from tests.sample_company import SampleCompany
from tests.until import until


@pytest.fixture
async def room(sqlite_url: str, furnished: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url, Clock()) as opened:
        yield opened


async def change(db: Database, house: SampleCompany, instruction: str) -> None:
    """A new instruction, a holiday of Jens and a new colleague, as the portal would store them."""
    clock = Clock()
    table = tables.customer
    away = {"start_local": "2026-11-24T00:00", "end_local": "2099-11-28T00:00", "all_day": True}
    ines = {"customer_id": house.customer_id, "name": "Brunner, Ines", "family_name": "Brunner"}
    async with db.write() as conn:
        await conn.execute(
            table.update().where(table.c.id == house.customer_id).values(instruction=instruction)
        )
        row = {"id": new_id(), "employee_id": house.jens, "text": "Elternzeit."} | away
        await insert_all(conn, tables.appointment, [row])
        await insert_all(conn, tables.employee, [{"id": new_id(), "given_name": "Ines"} | ines])
        await data_version.touch(conn, house.customer_id, clock())


async def known_to(room: DeskRoom, text: str) -> None:
    await until(
        lambda: any(c.instruction == text for c in room.rooms.directory.index.customers.values()),
        message="the change",
    )


async def answered(room: DeskRoom, tab: Tab, call: str, interface: str = ANNA) -> None:
    room.pbx.ring_and_answer(call, interface)
    await until(lambda: tab.phase(room.id_of(call)) == "talking", message="the call")
    room.pbx.hang_up(call, interface)


async def news(room: DeskRoom, tab: Tab, call: str, interface: str = ANNA) -> list[str]:
    room.pbx.arrive(call)
    room.pbx.offer(call, interface)
    await until(lambda: tab.call(room.id_of(call)), message="the pop")
    shown = tab.call(room.id_of(call))
    assert shown is not None
    return shown.pop.news


EXPECTED = {
    "Die Anweisung ist neu.",
    "Jens Meier: Elternzeit (Di 24.11. bis Fr 27.11.)",
    "Neu hier: Ines Brunner.",
}


async def test_what_changed_since_the_last_answer_is_said_and_to_a_newcomer_nothing(
    room: DeskRoom, furnished: SampleCompany, sqlite_db: Database
) -> None:
    anna, ben = await room.tab("anna"), await room.tab("ben")
    await answered(room, anna, "1.1")
    await change(sqlite_db, furnished, "Nur Notizen.")
    await known_to(room, "Nur Notizen.")
    assert set(await news(room, anna, "2.2")) == EXPECTED
    assert await news(room, ben, "3.3", BEN) == [], "to whom all is new, nothing is"
    room.pbx.answer("2.2")
    await until(lambda: anna.phase(room.id_of("2.2")) == "talking", message="answered")
    during = anna.call(room.id_of("2.2"))
    assert during is not None
    assert set(during.pop.news) == EXPECTED, "the news stay through the call"
    assert await news(room, anna, "4.4") == [], "and are no news in the next one"


async def test_news_survive_a_restart(sqlite_url: str, furnished: SampleCompany, sqlite_db: Database) -> None:
    async with desk_room(sqlite_url) as room:
        anna = await room.tab("anna")
        await answered(room, anna, "1.1")
        await room.rooms.calls.journal.settled()
        await change(sqlite_db, furnished, "Nur Notizen.")
        await known_to(room, "Nur Notizen.")
    async with desk_room(sqlite_url) as room:
        anna = await room.tab("anna")
        assert set(await news(room, anna, "2.2")) == EXPECTED


async def test_what_changes_during_the_call_is_on_the_open_pop(
    room: DeskRoom, furnished: SampleCompany, sqlite_db: Database
) -> None:
    anna = await room.tab("anna")
    await answered(room, anna, "1.1")
    assert await news(room, anna, "2.2") == []
    await change(sqlite_db, furnished, "Nur Notizen.")

    def said() -> set[str]:
        shown = anna.call(room.id_of("2.2"))
        return set(shown.pop.news) if shown else set()

    await until(lambda: said() == EXPECTED, message="the open pop")


async def test_news_grow_old(sqlite_url: str, furnished: SampleCompany, sqlite_db: Database) -> None:
    clock = Clock()
    async with desk_room(sqlite_url, clock) as room:
        anna = await room.tab("anna")
        await answered(room, anna, "1.1")
        await change(sqlite_db, furnished, "Nur Notizen.")
        await known_to(room, "Nur Notizen.")
        clock.ahead = timedelta(days=15)
        assert await news(room, anna, "2.2") == []
