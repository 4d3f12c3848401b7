"""The PBX remembers each call that nobody of us may have seen, until the service says that it has it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime

import pytest

from pbx_bridge.ami.actions import Originate
from pbx_bridge.ami.link import AmiLink
from pbx_bridge.calls.events import PbxEvent, Snapshot
from pbx_bridge.calls.remembered_call import CallSeen
from pbx_bridge.settings import AmiSettings
from pbx_bridge.settings.values import Secret
from tests.integration.test_pbx_blocked_callers import WALLS, told
from tests.integration.test_pbx_put_through import EMPLOYEE, Talk, talk
from tests.pbx.fixtures import asterisk_tree, pbx, room, watch
from tests.pbx.room import Room
from tests.pbx.watch import Watch, watching
from tests.until import eventually, until

__all__ = ["asterisk_tree", "pbx", "room", "talk", "watch"]
pytestmark = pytest.mark.asterisk

LINE, CALLER, PUSHY = "493023125100", "491713920042", "493023125777"
ANNA = "PJSIP/anna"


@asynccontextmanager
async def connected(room: Room) -> AsyncIterator[tuple[AmiLink, dict[str, CallSeen]]]:
    """The service's own link, and what it was told of the past by the time it is up."""
    config, events = room.config, list[PbxEvent]()
    settings = AmiSettings(port=config.ami_port, username=config.ami_user, secret=Secret(config.ami_secret))
    link = AmiLink(settings, events.append)
    running = asyncio.create_task(link.run())
    try:
        await until(lambda: any(isinstance(event, Snapshot) for event in events), message="the snapshot")
        kinds = [type(event) for event in events[: events.index(next(filter(_snapshot, events)))]]
        assert CallSeen not in [type(event) for event in events[len(kinds) :]], "all before the snapshot"
        yield link, {event.call: event for event in events if isinstance(event, CallSeen)}
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def _snapshot(event: PbxEvent) -> bool:
    return isinstance(event, Snapshot)


async def remembered(room: Room) -> Mapping[str, CallSeen]:
    async with connected(room) as (_, seen):
        return seen


async def only(room: Room) -> CallSeen:
    (seen,) = (await remembered(room)).values()
    return seen


async def gone(watch: Watch, call: str) -> None:
    await watch.seen("Hangup", Uniqueid=call)


def just_now(moment: datetime | None) -> bool:
    return moment is not None and abs((datetime.now(UTC) - moment).total_seconds()) < 60


async def test_who_called_whom_who_answered_and_when_it_ended(talk: Talk, room: Room) -> None:
    living = await only(room)
    assert (living.ended_at, [one.phone for one in living.answers]) == (None, [ANNA])
    await talk.far.hang_up(talk.caller)
    await gone(talk.watch, talk.call)
    seen = await only(room)
    assert seen.answers[0].leg == (await talk.watch.seen("AgentConnect"))["DestUniqueid"]
    arrival = seen.arrival
    assert (arrival.call, arrival.dialled, arrival.caller) == (talk.call, LINE, CALLER)
    assert (arrival.caller_name, arrival.channel) == ("Hans Müller", "")
    assert all(map(just_now, (seen.arrived_at, seen.ended_at, seen.answers[0].at)))
    assert (seen.blocked, seen.waits_since, seen.joined, seen.targets) == (False, None, "", ())


async def test_a_caller_who_gave_up_and_one_without_a_number(room: Room, watch: Watch) -> None:
    history = f"<sip:+{LINE}@carrier.example>;index=1"
    way = {"diversion": f"<sip:+{PUSHY}@carrier.example>;reason=no-answer", "history_info": history}
    caller = await room.far.call(LINE, withheld=True, name="Niemand", **way)
    call = (await watch.seen("SecCall"))["Call"]
    await watch.seen("QueueCallerJoin")
    await room.far.hang_up(caller)
    await gone(watch, call)
    seen = await only(room)
    assert (seen.answers, seen.waits_since) == ((), None)
    assert just_now(seen.ended_at)
    arrival = seen.arrival
    assert (arrival.caller, arrival.caller_name, arrival.withheld) == ("", "", True)
    assert (arrival.diversion, arrival.history_info) == (f"+{PUSHY}", history)


async def test_a_caller_who_was_turned_away(room: Room, watch: Watch) -> None:
    await told(room, WALLS)
    refused = await room.far.call(LINE, PUSHY)
    await room.far.over(refused)
    await gone(watch, (await watch.seen("SecBlocked"))["Call"])
    seen = await only(room)
    assert (seen.blocked, seen.arrival.caller, just_now(seen.ended_at)) == (True, PUSHY, True)


async def test_who_waits_again_and_who_answers_then(talk: Talk, room: Room) -> None:
    await talk.far.behave(EMPLOYEE, "ring")
    await talk.far.behave("anna", "busy")
    await talk.move()
    await talk.ring()
    await talk.far.rang(EMPLOYEE)
    await talk.far.hang_up("anna")
    await talk.watch.seen("SecHoldEnd")
    waits = await only(room)
    assert (len(waits.answers), just_now(waits.waits_since)) == (1, True)
    await talk.watch.add_agent("ben")
    await talk.far.converse(talk.caller, "ben")
    again = await only(room)
    assert ([one.phone for one in again.answers], again.waits_since) == ([ANNA, "PJSIP/ben"], None)
    await talk.far.hang_up(talk.caller)
    await gone(talk.watch, talk.call)
    last = await only(room)
    assert (last.joined, [(one.attempt, one.result) for one in last.targets]) == (
        "", [(talk.attempt, "CANCEL")],
    )  # fmt: skip


async def test_whom_the_caller_was_put_through_to(talk: Talk, room: Room) -> None:
    await talk.move()
    await talk.ring()
    await talk.far.talks(EMPLOYEE)
    await talk.bridged(talk.attempt)
    await talk.redirect(talk.attempt, "sec-join", "emp", talk.agent_channel, "sec-bye")
    await talk.far.over("anna")
    await talk.far.converse(talk.caller, EMPLOYEE)
    await talk.far.hang_up(talk.caller)
    await talk.watch.seen("SecTarget", Att=talk.attempt)
    await gone(talk.watch, talk.call)
    seen = await only(room)
    assert seen.joined == talk.attempt
    assert [(one.attempt, one.result) for one in seen.targets] == [(talk.attempt, "ANSWER")]


async def test_it_outlives_the_pbx_and_not_the_day_and_not_the_word_that_it_is_stored(room: Room) -> None:
    async with watching(room.pbx) as watch:
        for number in ("491713920043", "491713920044"):
            caller = await room.far.call(LINE, number)
            await until(lambda: len(watch.find("QueueCallerJoin")) == 1, message="waits")
            await room.far.hang_up(caller)
            await gone(watch, watch.find("SecCall")[-1]["Call"])
            watch.events.clear()
    now = int(datetime.now(UTC).timestamp())
    hour, day, week = (f"{now - hours * 60 * 60}.7" for hours in (1, 25, 9 * 24))
    await known_from_before(room, hour, day, week)

    async with connected(room) as (link, seen):
        oldest, first, second = seen
        assert oldest == hour
        word = (("__SEC_STORED", f"{oldest}|{first}"),)
        await link.send(Originate("forget", "Local/00@sec-forget/n", "sec-line", "done", variables=word))
        await until_forgotten(room, {second})


async def test_a_flood_is_no_memory_and_a_day_of_many_calls_is_one(room: Room) -> None:
    """A hundred calls in ten seconds, of a PBX with a long name; and some in each ten seconds of an hour."""
    now = int(datetime.now(UTC).timestamp())
    name = "telephone-system-1"
    flood = [f"{name}-{now // 10 * 10 + 10 * ten}.{n}" for ten in range(6) for n in range(100)]
    many = [f"{name}-{now - seconds}.{n}" for seconds in range(20, 3600, 10) for n in range(2)]
    await known_from_before(room, *flood, *many)
    async with watching(room.pbx) as watch:
        caller = await room.far.call(LINE, CALLER)
        call = (await watch.seen("SecCall"))["Call"]
        await room.far.hang_up(caller)
        await gone(watch, call)
    assert (await remembered(room)).keys() == {*flood, *many}


async def known_from_before(room: Room, *calls: str) -> None:
    """As the dial plan has written it earlier."""
    await room.pbx.stop()
    with closing(sqlite3.connect(room.pbx.run_dir / "lib" / "astdb.sqlite3")) as memory, memory:
        for call in calls:
            at = call.rpartition("-")[2].partition(".")[0]
            key = f"/seen/{at[:7]}/{at[7:9]}/{call}"
            news = f"News: SecCall,At: {at},Caller: {CALLER},Did: {LINE}"
            memory.execute("INSERT INTO astdb VALUES (?, ?)", (f"{key}/news", news))
            memory.execute("INSERT INTO astdb VALUES (?, ?)", (f"{key}/over", f"{at}.."))
    await room.pbx.start()


async def until_forgotten(room: Room, left: set[str]) -> None:
    async def holds() -> bool:
        return (await remembered(room)).keys() == left

    await eventually(holds, f"{left} are left")
