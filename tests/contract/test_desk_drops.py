"""Two thousand times the network goes at a random moment, and the desk shows what a fresh one shows."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import msgspec
import pytest

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.stream.hub import Hub, StreamPosition
from pbx_bridge.desk.stream.projection import EMPTY, fold
from pbx_bridge.settings import CallSettings, DeskSettings
from pbx_bridge.storage.db.engine import Database
from tests.desk_room import ANNA, BEN, ORIGIN, DeskRoom, desk_room
from tests.sample_company import furnish

DROPS, TABS = 2_000, 20
SHORT_HISTORY = 25
"""So short that some come back too late and get a snapshot."""
LONG_AWAY = 0.05
"""So often a tab comes back only when more has happened than that."""

_frames = msgspec.json.Decoder(dict[str, Any])


@dataclass
class Unlucky:
    """A tab whose network goes again and again; it keeps nothing but its picture and its place."""

    room: DeskRoom
    cookie: str
    chance: random.Random
    picture: p.Snapshot = EMPTY
    place: StreamPosition | None = None
    counts: dict[str, int] = field(default_factory=lambda: {"resumed": 0, "snapshot": 0, "events": 0})

    async def connect(self) -> aiohttp.ClientWebSocketResponse:
        query = {"epoch": self.place.epoch, "seq": str(self.place.seq)} if self.place else {}
        headers = {"Origin": ORIGIN, "Cookie": self.cookie}
        return await self.room.client.ws_connect(
            f"{self.room.url}/desk/socket", params=query, headers=headers
        )

    async def live_for_a_moment(self) -> None:
        """Connect, read a few frames or none, and be gone: in the middle of a frame, or in good order."""
        socket = await self.connect()
        for _ in range(self.chance.choice((0, 1, 2, 3, 5, 8))):
            try:
                async with asyncio.timeout(self.chance.random() * 0.03):
                    self.take(await socket.receive())
            except TimeoutError:
                break
        if self.chance.random() < 0.8:
            connection = socket._response.connection
            if connection and connection.transport:
                connection.transport.abort()
        await socket.close()

    async def catch_up(self, seq: int) -> None:
        """Connect for good and read until the event with this number."""
        socket = await self.connect()
        while self.place is None or self.place.seq < seq:
            self.take(await socket.receive(timeout=10))
        await socket.close()

    def take(self, message: aiohttp.WSMessage) -> None:
        assert message.type is aiohttp.WSMsgType.TEXT, message
        frame = _frames.decode(message.data)
        if frame.get("type") == "beat":
            return
        if frame.get("type") == "hello":
            hello = msgspec.convert(frame, p.Hello)
            self.counts["resumed" if hello.resumed else "snapshot"] += 1
            if not hello.resumed:
                self.place = None
                self.epoch = hello.epoch
            return
        numbered = msgspec.convert(frame, p.Numbered)
        if self.place is None:
            assert isinstance(numbered.event, p.Snapshot), "a new place begins with a snapshot"
        else:
            assert numbered.seq == self.place.seq + 1, "a gap in the numbers, or an event twice"
        self.place = StreamPosition(self.epoch, numbered.seq)
        self.picture = fold(self.picture, numbered.event)
        self.counts["events"] += 1


@pytest.fixture
async def room(sqlite_url: str, sqlite_db: Database) -> AsyncIterator[DeskRoom]:
    await furnish(sqlite_db)
    calls = replace(CallSettings(), wrap_up_seconds=0.05)
    desk = replace(DeskSettings(), history_size=SHORT_HISTORY)
    async with desk_room(sqlite_url, calls=calls, desk=desk) as opened:
        yield opened


async def a_busy_day(room: DeskRoom, chance: random.Random, due: asyncio.Semaphore) -> None:
    """Calls come, ring at both, are answered, talked and left, each when it is due; until cancelled."""
    number = 0
    while True:
        await due.acquire()
        number += 1
        call, agent = f"{number}.1", chance.choice((ANNA, BEN))
        room.pbx.arrive(call, caller=chance.choice(("", "491713920042", "491713920077")))
        await asyncio.sleep(chance.random() * 0.02)
        room.pbx.offer(call, agent)
        await asyncio.sleep(chance.random() * 0.02)
        if chance.random() < 0.7:
            room.pbx.answer(call, agent)
            await asyncio.sleep(chance.random() * 0.02)
        room.pbx.hang_up(call, agent)
        case = room.rooms.desks.screens.on_screen(room.id_of(call))
        if case and case.owner:
            room.rooms.desks.screens.noted(case.call.id)


async def test_after_2000_drops_at_random_moments_every_desk_shows_what_a_fresh_one_shows(
    room: DeskRoom,
) -> None:
    cookies = {"anna": await room.log_in("anna"), "ben": await room.log_in("ben")}
    logins = ["anna", "ben"] * (TABS // 2)
    tabs = [Unlucky(room, cookies[login], random.Random(seed)) for seed, login in enumerate(logins)]

    agents = {agent.interface.rpartition("/")[2]: agent.id for agent in room.rooms.desks.screens.staff.all()}
    hub, due = room.rooms.desks.hub, asyncio.Semaphore(0)

    async def live(tab: Unlucky, login: str) -> None:
        for life in range(DROPS // TABS):
            await tab.live_for_a_moment()
            if life % 4 == 0:
                due.release()
            if tab.chance.random() < LONG_AWAY and tab.place:
                await _much_happens(hub, agents[login], tab.place.seq, due)

    day = asyncio.create_task(a_busy_day(room, random.Random(2026), due))
    await asyncio.gather(*map(live, tabs, logins))
    day.cancel()
    await asyncio.gather(day, return_exceptions=True)
    await _calm(room)

    for login, tab in zip(logins, tabs, strict=True):
        fresh = Unlucky(room, cookies[login], random.Random(0))
        seq = hub.join(agents[login], _Nobody()).seq
        for _ in range(20):  # a figure of the day may come between the two looks
            await tab.catch_up(seq)
            await fresh.catch_up(seq)
            seq = max(one.place.seq for one in (tab, fresh) if one.place)
            if tab.place == fresh.place:
                break
        assert tab.place == fresh.place
        assert tab.picture == fresh.picture
    together = {name: sum(tab.counts[name] for tab in tabs) for name in tabs[0].counts}
    assert together["resumed"] > DROPS / 10, together
    assert together["snapshot"] > TABS, f"nobody was away for too long: {together}"
    assert together["events"] > DROPS, together


async def _much_happens(hub: Hub, agent: str, since: int, due: asyncio.Semaphore) -> None:
    while hub.seq(agent) <= since + SHORT_HISTORY:
        if due.locked():
            due.release()
        await asyncio.sleep(0.01)


class _Nobody:
    def send(self, frame: bytes) -> None: ...


async def _calm(room: DeskRoom) -> None:
    """Nothing moves any longer: what was under way has been told."""
    await asyncio.sleep(0.3)
    before: list[int] = []
    hub = room.rooms.desks.hub
    while before != (now := [hub.join(a, _Nobody()).seq for a in hub.agents()]):
        before = now
        await asyncio.sleep(0.5)
