"""An agent says at the desk that a call back has reached a mailbox only."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls import call_backs
from pbx_bridge.storage.db.engine import Database
from rules.vocabulary import CallBackEnd
from tests.desk_room import DeskRoom, Tab, desk_room
from tests.integration.test_desk_blocking import closable
from tests.sample_company import NOW, SampleCompany, arrive
from tests.until import until

CALLER = "+491713920042"
ASKED, RING, OTHER = "1795424400.1", "1795424500.912345678901", "1795424600.7"


@pytest.fixture
async def room(sqlite_url: str, furnished: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url) as opened:
        yield opened


async def over(room: DeskRoom, anna: Tab, call: str) -> str:
    """Anna had this call, and it is over."""
    room.pbx.ring_and_answer(call, caller=CALLER)
    found = room.id_of(call)
    await until(lambda: anna.phase(found) == "talking", message="talking")
    room.pbx.hang_up(call)
    await until(lambda: closable(anna, found), message="over")
    return found


async def test_the_promise_stands_again_and_no_other_call_can_be_left_so(
    room: DeskRoom, sqlite_db: Database, furnished: SampleCompany
) -> None:
    async with sqlite_db.write() as conn:
        asked = await arrive(conn, furnished, CALLER, ASKED)
        assert await call_backs.add(conn, "wish", asked, NOW)
        (one,) = await call_backs.waiting(conn)
        assert await call_backs.rung(conn, one.id, RING, NOW)
        assert await call_backs.reached(conn, RING, NOW)
    anna = await room.tab()

    call = await over(room, anna, OTHER)
    refused = await anna.ask("close_call", call=call, reason="not_reached")
    assert (refused.ok, refused.code) == (False, "not_now")
    assert (await anna.ask("close_call", call=call, reason="silent")).ok
    assert await ends(sqlite_db) == [CallBackEnd.REACHED]

    call = await over(room, anna, RING)
    assert (await anna.ask("close_call", call=call, reason="not_reached")).ok
    assert await ends(sqlite_db) == [None]


async def ends(db: Database) -> list[str | None]:
    async with db.read() as conn:
        return list((await conn.execute(select(t.call_back.c.done_how))).scalars())
