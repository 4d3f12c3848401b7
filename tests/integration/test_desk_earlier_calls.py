"""Whoever has a call on the screen sees what its caller has called about before, whatever way it came."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pbx_bridge.calls import events as ev
from pbx_bridge.calls.remembered_call import CallSeen, Taken
from pbx_bridge.storage.calls import calls
from pbx_bridge.storage.db.engine import Database, StorageUnavailable
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.notes import notes
from rules.model import CallNote
from tests.desk_room import ANNA, BEN, LINE, DeskRoom, Tab, desk_room, leg, member
from tests.desk_world import World, world_room
from tests.note_room import body
from tests.sample_company import SampleCompany
from tests.until import until

__all__ = ["body"]

STRANGER = "491713920077"
BEFORE = "Wollte ein Angebot."


@dataclass
class House:
    """A company that this caller has called before; what is opened in it is closed at the test's end."""

    url: str
    db: Database
    company: SampleCompany
    body: dict[str, Any]
    opened: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def called(self, pbx: str, hours: float, agent: str, concern: str = "") -> str:
        """A call so many hours ago that this agent took, and noted if `concern` says what; returns its id."""
        at = datetime.now(UTC) - timedelta(hours=hours)
        call = calls.StoredCall(
            new_id(), pbx, f"+{LINE}", at, self.company.customer_id, caller_number=f"+{STRANGER}"
        )
        async with self.db.write() as conn:
            assert await calls.insert(conn, call)
            await calls.answered(conn, call.id, agent, at)
            await calls.ended(conn, call.id, at + timedelta(minutes=1))
            if concern:
                note = CallNote(new_id(), "Sabine Krause", concern, "Krause Logistik")
                where: Any = {"call_id": call.id, "customer_id": call.customer_id, "agent_id": agent}
                await notes.insert(conn, note, now=at + timedelta(minutes=2), **where)
                await calls.set_outcome(conn, call.id, calls.Outcome.NOTED)
        return call.id

    async def room(self) -> DeskRoom:
        return await self.opened.enter_async_context(desk_room(self.url))

    async def world(self) -> tuple[DeskRoom, World]:
        """Anna talks to the caller."""
        world = World(number=STRANGER)
        room = await self.opened.enter_async_context(world_room(self.url, world))
        anna = await room.tab("anna")
        world.arrive()
        world.offer("anna")
        world.answer("anna")
        await until(lambda: anna.phase(room.id_of(world.call)) == "talking", message="Anna talks")
        return room, world


Way = Callable[[House], Awaitable[tuple[Tab, str]]]


async def offered(house: House) -> tuple[Tab, str]:
    room = await house.room()
    room.pbx.arrive("1.1", caller=STRANGER)
    room.pbx.offer("1.1")
    return await room.tab("anna"), room.id_of("1.1")


async def picked(house: House) -> tuple[Tab, str]:
    """Out of the queue: the phone rings without the queue."""
    room = await house.room()
    ben, call = await room.tab("ben"), room.id_of("1.1")
    room.pbx.arrive("1.1", caller=STRANGER)
    await until(lambda: [one.call for one in ben.picture.waiting] == [call], message="it waits")
    assert (await ben.ask("pick", call=call)).ok
    room.pbx.tell(ev.CallPicked("1.1", BEN, "OK"))
    room.pbx.offer("1.1", BEN)
    room.pbx.answer("1.1", BEN)
    return ben, call


async def asked(house: House) -> tuple[Tab, str]:
    """A colleague is rung, and sees the call before the phone rings."""
    room, world = await house.world()
    anna, ben = await room.tab("anna"), await room.tab("ben")
    call = room.id_of(world.call)
    assert (await anna.ask("ask_colleague", call=call, colleague=house.company.ben)).ok
    return ben, call


async def given(house: House, *, noted: bool = False) -> tuple[Tab, str]:
    """A colleague is asked, and has the call then. `noted`: by whoever had it, while they talk about it."""
    room, world = await house.world()
    anna, ben = await room.tab("anna"), await room.tab("ben")
    call, theirs, channel = room.id_of(world.call), f"{world.call}-c1", "Local/1ben@sec-colleague-00000003;1"
    assert (await anna.ask("ask_colleague", call=call, colleague=house.company.ben)).ok
    world.hold(ringing=True)
    world.tell(
        ev.TargetAnswered(world.call, theirs),
        ev.Bridged(world.call, theirs, channel, "talk-2"),
        ev.Bridged(world.call, f"{world.call}91", f"{ANNA}-00000001", "talk-2"),
    )
    await until(lambda: (c := anna.call(call)) and "connect" in c.view.may, message="they talk about it")
    await until(lambda: (c := ben.call(call)) and c.earlier, message="the earlier calls")
    if noted:
        assert (await anna.ask("save_note", call=call, body=house.body)).ok
    assert (await anna.ask("connect", call=call)).ok
    world.tell(
        ev.CallAnswered(world.call, BEN, theirs, channel),
        ev.Bridged(world.call, theirs, channel, "talk-3"),
        ev.Bridged(world.call, world.call, f"PJSIP/trunk-{world.call}", "talk-3"),
    )
    await until(lambda: ben.phase(call) == "talking", message="Ben has the call")
    return ben, call


async def handed_on(house: House) -> tuple[Tab, str]:
    """Whoever has the caller on hold hangs up; the next one who is rung has them."""
    room, world = await house.world()
    world.hold()
    world.agent_hangs_up()
    world.offer("ben")
    world.answer("ben")
    return await room.tab("ben"), room.id_of(world.call)


async def restarted_in_mid_call(house: House) -> tuple[Tab, str]:
    room, world = await house.world()
    await room.rooms.calls.journal.settled()
    await house.opened.aclose()
    room = await house.opened.enter_async_context(world_room(house.url, world))
    return await room.tab("anna"), room.id_of(world.call)


async def restarted_after_the_call(house: House) -> tuple[Tab, str]:
    call = await house.called("1.1", 1, house.company.anna)
    return await (await house.room()).tab("anna"), call


async def brought_back(house: House) -> tuple[Tab, str]:
    """Another process has stored it; the desk that shows it still goes on typing."""
    room = await house.room()
    anna = await room.tab("anna")
    call = await house.called("1.1", 1, house.company.anna)
    assert (await anna.ask("save_draft", call=call, revision=1, body=house.body)).ok
    return anna, call


async def recalled(house: House) -> tuple[Tab, str]:
    """Answered while the service did not look: the PBX told of it afterwards."""
    room = await house.room()
    ago = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)
    arrival = ev.CallArrived("1.1", "", LINE, STRANGER)
    taken = Taken(ANNA, ago + timedelta(seconds=10), leg("1.1", ANNA))
    seen = CallSeen(arrival, ago, answers=(taken,), ended_at=ago + timedelta(minutes=5))
    phones = ev.Snapshot((), tuple(member(name) for name in (ANNA, BEN)))
    room.pbx.tell(ev.LinkDown("silent"), ev.LinkUp("22.10.1"), seen, phones)
    return await room.tab("anna"), room.id_of("1.1")


async def laid_open(house: House) -> tuple[Tab, str]:
    """For a correction: what came after that call is not earlier, and the note is not earlier than itself."""
    call = await house.called("1.1", 2, house.company.anna, "Bittet um Rückruf.")
    await house.called("1.2", 1, house.company.ben, "Nach jenem Anruf.")
    anna = await (await house.room()).tab("anna")
    await until(lambda: anna.picture.notes, message="the last notes")
    assert (await anna.ask("correct_note", note=anna.picture.notes[0].id)).ok
    return anna, call


WAYS: dict[str, Way] = {
    way.__name__: way
    for way in (
        offered, picked, asked, given, handed_on, restarted_in_mid_call, restarted_after_the_call,
        brought_back, recalled, laid_open,
    )
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
async def test_whatever_way_a_call_comes_onto_a_screen_the_earlier_ones_follow(
    way: str, sqlite_url: str, sqlite_db: Database, furnished: SampleCompany, body: dict[str, Any]
) -> None:
    house = House(sqlite_url, sqlite_db, furnished, body)
    await house.called("0.1", 24, furnished.ben, BEFORE)
    async with house.opened:
        tab, call = await WAYS[way](house)
        await until(lambda: (c := tab.call(call)) and c.earlier, message="the earlier calls")
        await until(
            lambda: (c := tab.call(call)) and c.pop.caller.name == "Sabine Krause",
            message="the caller's name",
        )
        shown = tab.call(call)
        assert shown
        assert [one.summary for one in shown.earlier] == [BEFORE]
        assert (shown.pop.caller.kind, shown.pop.caller.company) == ("known", "Krause Logistik")


async def test_what_was_noted_while_a_colleague_was_asked_is_earlier_to_them(
    sqlite_url: str, sqlite_db: Database, furnished: SampleCompany, body: dict[str, Any]
) -> None:
    """They saw the call before there was that note, and have it afterwards."""
    house = House(sqlite_url, sqlite_db, furnished, body)
    await house.called("0.1", 24, furnished.ben, BEFORE)
    async with house.opened:
        ben, call = await given(house, noted=True)
        await until(lambda: (c := ben.call(call)) and len(c.earlier) == 2, message="Anna's note")
        shown = ben.call(call)
        assert shown
        assert [one.summary for one in shown.earlier] == ["Angebot", BEFORE]


@pytest.mark.parametrize("way", ["offered", "recalled", "brought_back"])
async def test_they_follow_also_if_the_database_was_away_for_a_moment(
    way: str,
    sqlite_url: str,
    sqlite_db: Database,
    furnished: SampleCompany,
    body: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house, away, read = House(sqlite_url, sqlite_db, furnished, body), ["unreachable"], calls.earlier_calls
    await house.called("0.1", 24, furnished.ben, BEFORE)

    async def reads(*what: Any, **how: Any) -> Any:
        if away:
            raise StorageUnavailable(away.pop())
        return await read(*what, **how)

    monkeypatch.setattr(calls, "earlier_calls", reads)
    async with house.opened:
        tab, call = await WAYS[way](house)
        await until(lambda: (c := tab.call(call)) and c.earlier, message="the earlier calls")
    assert not away
