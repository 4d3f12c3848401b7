"""A desk whose network is gone without a word is given up by the service, and costs it nothing until then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from pbx_bridge.desk import protocol as p
from pbx_bridge.settings import DeskSettings
from pbx_bridge.storage.db.engine import Database
from tests.browser.doorway import Doorway, doorway
from tests.desk_room import ANNA, ORIGIN, DeskRoom, desk_room
from tests.floor_room import staffed
from tests.until import until

QUICK = replace(DeskSettings(), heartbeat_seconds=0.2, beat_seconds=0.05, client_queue_size=20)


@pytest.fixture
async def wire() -> AsyncIterator[Doorway]:
    async with doorway() as opened:
        yield opened


@pytest.fixture
async def room(sqlite_url: str, sqlite_db: Database) -> AsyncIterator[DeskRoom]:
    await staffed(sqlite_db)
    async with desk_room(sqlite_url, desk=QUICK) as opened:
        yield opened


async def silent(room: DeskRoom, wire: Doorway, path: str, login: str) -> aiohttp.ClientWebSocketResponse:
    """A socket that was heard, and then never again."""
    wire.leads_to(room.url)
    headers = {"Origin": ORIGIN, "Cookie": await room.log_in(login)}
    address = f"http://127.0.0.1:{wire.port}{path}"
    socket = await room.client.ws_connect(address, headers=headers, autoping=False)
    await socket.receive(timeout=10)
    wire.freeze()
    return socket


def anna(room: DeskRoom) -> str:
    return next(agent.id for agent in room.rooms.desks.screens.staff.all() if agent.interface == ANNA)


async def test_a_silent_desk_is_given_up(room: DeskRoom, wire: Doorway) -> None:
    socket = await silent(room, wire, "/desk/socket", "anna")
    assert room.rooms.desks.hub.watched(anna(room))
    await until(lambda: not room.rooms.desks.hub.watched(anna(room)), message="nobody looks any more")
    assert room.rooms.desks.sockets.sessions() == []
    wire.cut()
    await socket.close()


async def test_a_silent_floor_is_given_up(room: DeskRoom, wire: Doorway) -> None:
    socket = await silent(room, wire, "/floor/socket", "carla")
    assert room.rooms.floor.sockets.sessions()
    await until(lambda: not room.rooms.floor.sockets.sessions(), message="nobody looks any more")
    wire.cut()
    await socket.close()


async def test_what_waits_for_a_silent_desk_is_bounded(
    sqlite_url: str, sqlite_db: Database, wire: Doorway
) -> None:
    await staffed(sqlite_db)
    patient = replace(QUICK, heartbeat_seconds=600)  # the queue alone has to find out
    async with desk_room(sqlite_url, desk=patient) as room:
        socket = await silent(room, wire, "/desk/socket", "anna")
        hub, agent = room.rooms.desks.hub, anna(room)
        told = 0
        while hub.watched(agent):
            hub.publish(agent, p.Notice("from_supervisor", {"by": "leitung", "text": "x" * 50_000}))
            told += 1
            await asyncio.sleep(0)
            assert told < 2_000, "events pile up for a desk that reads nothing"
        wire.cut()
        await socket.close()


async def test_a_desk_hears_something_when_nothing_happens_and_which_event_was_last(room: DeskRoom) -> None:
    tab = await room.tab("anna")
    await until(lambda: len(beats(tab.frames)) >= 3, message="three beats")
    assert [beat["n"] for beat in beats(tab.frames)][:3] == [1, 2, 3]
    assert tab.hello is not None
    assert tab.hello.beat_seconds == QUICK.beat_seconds
    room.pbx.arrive("1.1")
    await until(lambda: tab.picture.waiting, message="an event")
    assert tab.place is not None
    shown = tab.place.seq
    # That its number is the one of the event before it, `Tab` itself asserts of every beat.
    await until(lambda: named(tab.frames) >= shown, message="a beat that names the event, or a later one")


def named(frames: list[dict[str, object]]) -> int:
    seq = beats(frames)[-1]["seq"]
    assert isinstance(seq, int)
    return seq


def beats(frames: list[dict[str, object]]) -> list[dict[str, object]]:
    return [frame for frame in frames if frame.get("type") == "beat"]


def test_a_page_says_within_fifteen_seconds_that_its_network_is_dead() -> None:
    """Two beats may be missing; the rest is what web/static/heartbeat.js adds."""
    assert DeskSettings().beat_seconds * 2 + 1 + 1 + 0.25 <= 15
    assert DeskSettings().beat_seconds <= 10
