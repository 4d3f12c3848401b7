"""After an advertising call: the offer to block, taken and taken back, at the desk and in the PBX."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from pbx_bridge.calls import events as ev
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.customers import blocked_callers
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.editing import blocked_callers as blocked_callers_editing
from rules.model import BlockedCaller, BlockReason
from tests.desk_room import ANNA, BEN, LINE, Clock, DeskRoom, Tab, desk_room, member
from tests.sample_company import NOW, SampleCompany, furnish
from tests.until import PATIENCE, until

CALL, NEXT = "1795429654.30", "1795429654.31"
PUSHY = "491713920077"


@pytest.fixture
async def house(sqlite_db: Database) -> SampleCompany:
    return await furnish(sqlite_db)


@pytest.fixture
async def room(sqlite_url: str, house: SampleCompany) -> AsyncIterator[DeskRoom]:
    async with desk_room(sqlite_url) as opened:
        yield opened


async def advertised(room: DeskRoom, anna: Tab, caller: str = PUSHY, call: str = CALL) -> str:
    """Somebody called Anna, advertised, and she closed the call so."""
    room.pbx.ring_and_answer(call, caller=caller)
    call_id = room.id_of(call)
    await until(lambda: anna.phase(call_id) == "talking", message="talking")
    room.pbx.hang_up(call)
    await until(lambda: closable(anna, call_id), message="over")
    answer = await anna.ask("close_call", call=call_id, reason="advertising")
    assert answer.ok, answer
    return call_id


def closable(tab: Tab, call: str) -> bool:
    """The caller is gone too, not only the agent."""
    found = tab.call(call)
    return found is not None and "close_call" in found.view.may


def state(tab: Tab) -> str | None:
    return tab.picture.block.state if tab.picture.block else None


def turned_away(room: DeskRoom) -> set[str]:
    return room.pbx.walls.turned_away(LINE)


async def test_offered_taken_and_taken_back(room: DeskRoom, house: SampleCompany) -> None:
    anna, other = await room.tab("anna"), await room.tab("anna")
    call = await advertised(room, anna)
    await until(lambda: state(anna) == state(other) == "offered", message="the offer in both tabs")
    offer = anna.picture.block
    assert offer
    assert (offer.call, offer.company, offer.caller) == (call, "Mustermann AG", "+49 171 3920077")

    assert (await anna.ask("block_caller", call=call)).ok
    await until(lambda: state(other) == "blocked", message="confirmed")
    await until(lambda: turned_away(room) == {PUSHY}, message="the PBX knows")
    async with room.rooms.db.read() as conn:
        (block,) = await blocked_callers.listed(conn, house.customer_id)
    assert (block.caller.number, block.caller.reason) == (f"+{PUSHY}", BlockReason.ADVERTISING)
    assert (block.by, block.role) == ("Anna Keller", Role.AGENT)

    assert (await other.ask("release_caller", call=call)).ok
    await until(lambda: state(anna) == "offered", message="taken back")
    await until(lambda: turned_away(room) == set(), message="the PBX forgot")
    assert (await anna.ask("put_off_block", call=call)).ok
    await until(lambda: other.picture.block is None, message="put off")
    assert (await anna.ask("block_caller", call=call)).code == "not_now"


async def test_the_same_key_twice_blocks_once_and_a_new_tab_sees_the_offer(
    room: DeskRoom, house: SampleCompany
) -> None:
    anna = await room.tab("anna")
    call = await advertised(room, anna)
    assert (await anna.ask("block_caller", "k1", call=call)).ok
    assert (await anna.ask("block_caller", "k1", call=call)).ok
    assert (await anna.ask("block_caller", "k2", call=call)).code == "not_now"
    assert state(await room.tab("anna")) == "blocked"


@pytest.mark.parametrize(
    "caller,code,params",
    [
        ("", "block_withheld", {}),
        ("491713920042", "block_vip", {"name": "Hans Müller"}),
        ("493023125110", "block_company", {}),  # Erika's own phone: nobody's name is told
    ],
)
async def test_who_cannot_be_blocked_is_said_and_not_done(
    room: DeskRoom, house: SampleCompany, caller: str, code: str, params: dict[str, str]
) -> None:
    anna = await room.tab("anna")
    call = await advertised(room, anna, caller)
    await until(lambda: state(anna) == "refused", message="refused")
    offer = anna.picture.block
    assert offer
    assert (offer.code, offer.params) == (code, params)
    assert (await anna.ask("block_caller", call=call)).code == "not_now"
    async with room.rooms.db.read() as conn:
        assert await blocked_callers.listed(conn, house.customer_id) == ()


async def test_a_restart_brings_the_question_and_the_way_back_again(
    sqlite_url: str, house: SampleCompany
) -> None:
    async with desk_room(sqlite_url) as room:
        call = await advertised(room, await room.tab("anna"))
    async with desk_room(sqlite_url) as room:
        anna = await room.tab("anna")
        assert state(anna) == "offered"
        assert (await anna.ask("block_caller", call=call)).ok
    async with desk_room(sqlite_url) as room:
        anna = await room.tab("anna")
        assert state(anna) == "blocked"
        await until(lambda: turned_away(room) == {PUSHY}, message="the PBX knows")
        assert (await anna.ask("release_caller", call=call)).ok
        await until(lambda: turned_away(room) == set(), message="the PBX forgot")


async def test_a_restart_asks_no_more_after_a_while_or_for_what_the_company_did(
    sqlite_url: str, sqlite_db: Database, house: SampleCompany
) -> None:
    async with desk_room(sqlite_url) as room:
        await advertised(room, await room.tab("anna"))
    async with desk_room(sqlite_url, Clock(timedelta(minutes=11))) as room:
        assert state(await room.tab("anna")) is None
    async with sqlite_db.write() as conn:
        theirs = BlockedCaller(new_id(), f"+{PUSHY}")
        await blocked_callers_editing.insert(conn, house.customer_id, theirs, None, NOW)
    async with desk_room(sqlite_url) as room:
        assert state(await room.tab("anna")) is None


async def test_other_reasons_and_other_agents_block_nobody(room: DeskRoom) -> None:
    anna, ben = await room.tab("anna"), await room.tab("ben")
    room.pbx.ring_and_answer(CALL, caller=PUSHY)
    call = room.id_of(CALL)
    await until(lambda: anna.phase(call) == "talking", message="talking")
    room.pbx.hang_up(CALL)
    await until(lambda: closable(anna, call), message="over")
    assert (await anna.ask("close_call", call=call, reason="wrong_number")).ok
    assert (await anna.ask("block_caller", call=call)).code == "not_now"
    await advertised(room, anna, call=NEXT)
    assert state(ben) is None
    assert (await ben.ask("block_caller", call=room.id_of(NEXT))).code == "not_now"


async def test_the_next_answered_call_ends_the_offer(room: DeskRoom) -> None:
    anna = await room.tab("anna")
    await advertised(room, anna)
    room.pbx.arrive(NEXT)
    room.pbx.offer(NEXT)
    await until(lambda: anna.phase(room.id_of(NEXT)) == "offered", message="it rings")
    assert state(anna) == "offered"
    room.pbx.answer(NEXT)
    await until(lambda: anna.picture.block is None, message="over")


async def test_while_the_pbx_is_away_a_block_waits_for_it(room: DeskRoom) -> None:
    anna = await room.tab("anna")
    call = await advertised(room, anna)
    await until(lambda: room.pbx.walls.now, message="the first list")
    room.pbx.connected = False
    assert (await anna.ask("block_caller", call=call)).ok
    await until(lambda: room.rooms.directory.index.customers and state(anna) == "blocked", message="stored")
    assert turned_away(room) == set()
    room.pbx.connected = True
    room.pbx.tell(ev.LinkUp("22.10.1"), ev.Snapshot(members=(member(ANNA), member(BEN))))
    await until(lambda: turned_away(room) == {PUSHY}, message="told when it is back")


async def test_a_call_that_is_turned_away_is_written_down_and_shown_nowhere(
    room: DeskRoom, house: SampleCompany
) -> None:
    anna = await room.tab("anna")
    room.pbx.turn_away(CALL, PUSHY)
    call = None
    async with asyncio.timeout(PATIENCE):
        while call is None:
            await room.rooms.calls.journal.settled()
            async with room.rooms.db.read() as conn:
                call = await calls.by_id(conn, room.id_of(CALL))
    assert (call.outcome, call.customer_id, call.caller_number) == (
        calls.Outcome.BLOCKED,
        house.customer_id,
        f"+{PUSHY}",
    )
    assert call.arrived_at == call.ended_at
    assert not anna.picture.calls
    assert not anna.picture.waiting
    assert room.rooms.calls.registry.calls == {}
