"""The whole service with a real database and real sockets; only the PBX is played, by feeding its events."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import msgspec
import pytest

from pbx_bridge import serve
from pbx_bridge.auth.sessions import Session
from pbx_bridge.bootstrap import MakeLink, Rooms
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.remembered_call import CallSeen
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.stream.hub import StreamPosition
from pbx_bridge.desk.stream.projection import EMPTY, find_open_call, fold
from pbx_bridge.settings import Settings
from pbx_bridge.storage.access import accounts
from pbx_bridge.web.cookies import SessionCookie
from pbx_bridge.web.server import listening
from tests.played_pbx import ANNA, BEN, CALLER, LINE, PlayedPbx, leg, member
from tests.until import PATIENCE, until

__all__ = ["ANNA", "BEN", "CALLER", "LINE", "PlayedPbx", "leg", "member"]
ORIGIN = "http://desk.example"

_frames = msgspec.json.Decoder(dict[str, Any])


@dataclass
class Tab:
    """A desk as docs/desk-protocol.md describes one; fails at a gap in the numbers."""

    socket: aiohttp.ClientWebSocketResponse
    picture: p.Snapshot = EMPTY
    hello: p.Hello | None = None
    place: StreamPosition | None = None
    frames: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, p.Answer] = field(default_factory=dict)
    closed: int | None = None
    ids: itertools.count[int] = field(default_factory=itertools.count)

    async def read(self) -> None:
        async for message in self.socket:
            self._take(_frames.decode(message.data))
        self.closed = self.socket.close_code

    def _take(self, frame: dict[str, Any]) -> None:
        self.frames.append(frame)
        match frame.get("type"):
            case "hello":
                self.hello = msgspec.convert(frame, p.Hello)
                if not self.hello.resumed:
                    self.place = StreamPosition(self.hello.epoch, self.hello.seq)
            case "beat":
                assert self.place is not None
                assert frame["seq"] == self.place.seq, "an event is missing before this beat"
            case "answer":
                self.answers[frame["id"]] = msgspec.convert(frame, p.Answer)
            case _:
                self._fold(msgspec.convert(frame, p.Numbered))

    def _fold(self, numbered: p.Numbered) -> None:
        assert self.place is not None
        if not isinstance(numbered.event, p.Snapshot):
            assert numbered.seq == self.place.seq + 1, "a gap in the numbers"
        self.place = StreamPosition(self.place.epoch, numbered.seq)
        self.picture = fold(self.picture, numbered.event)

    async def ask(self, kind: str, command_id: str = "", **values: Any) -> p.Answer:
        """Send a command and wait for its answer."""
        command_id = command_id or f"c{id(self)}-{next(self.ids)}"
        self.answers.pop(command_id, None)
        await self.socket.send_json({"type": kind, "id": command_id, **values})
        await until(lambda: command_id in self.answers, message=f"an answer to {kind}")
        return self.answers[command_id]

    def events(self, kind: str) -> list[dict[str, Any]]:
        """All events of this type so far."""
        return [f["event"] for f in self.frames if f.get("event", {}).get("type") == kind]

    def call(self, call_id: str) -> p.OpenCall | None:
        return find_open_call(self.picture, call_id)

    def phase(self, call_id: str) -> str | None:
        found = self.call(call_id)
        return found.view.phase if found else None


@dataclass
class DeskRoom:
    """`rooms` are those of the running service, `pbx` the played one, if it is played."""

    rooms: Rooms
    url: str
    client: aiohttp.ClientSession
    pbx: PlayedPbx = field(init=False)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    sessions: dict[str, Session] = field(default_factory=dict)

    def id_of(self, call: str) -> str:
        """The database id of the PBX's call."""
        return self.rooms.calls.registry.names.id_of(call)

    async def log_in(self, login: str) -> str:
        """The cookie of a new session; passwords have tests of their own."""
        async with self.rooms.db.write() as conn:
            found = await accounts.by_login(conn, login)
            assert found is not None
            token, self.sessions[login] = await self.rooms.sessions.begin(conn, found[0])
        return f"{SessionCookie(ORIGIN).name}={token}"

    async def tab(
        self, login: str = "anna", place: StreamPosition | None = None, origin: str = ORIGIN
    ) -> Tab:
        query = {"epoch": place.epoch, "seq": str(place.seq)} if place else {}
        headers = {"Origin": origin, "Cookie": await self.log_in(login)}
        socket = await self.client.ws_connect(f"{self.url}/desk/socket", params=query, headers=headers)
        tab = Tab(socket, place=place)
        self.tasks.append(asyncio.create_task(tab.read()))
        await until(lambda: tab.hello is not None, message="hello")
        if tab.hello and not tab.hello.resumed:
            await until(lambda: tab.events("snapshot"), message="the first snapshot")
        return tab


@dataclass
class Clock:
    """The real time, and what was added to it."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@asynccontextmanager
async def desk_room(
    database_url: str,
    clock: Callable[[], datetime] | None = None,
    remembers: tuple[CallSeen, ...] = (),
    **changes: Any,
) -> AsyncIterator[DeskRoom]:
    """The service on this database, until the block ends. `remembers`: what the PBX tells of the past.
    `changes`: sections of the settings."""
    played: list[PlayedPbx] = []

    def make_link(sink: Callable[[ev.PbxEvent], None]) -> PlayedPbx:
        played.append(PlayedPbx(sink, remembers=remembers))
        return played[0]

    async with opened(database_url, clock or Clock(), make_link, **changes) as room:
        room.pbx = played[0]
        await until(lambda: len(room.rooms.calls.registry.agents) == 2, message="the PBX")
        yield room


@asynccontextmanager
async def opened(
    database_url: str, clock: Callable[[], datetime], make_link: MakeLink | None, **changes: Any
) -> AsyncIterator[DeskRoom]:
    """The service with any PBX: `make_link` None takes the one of the settings. At its end it has the time
    that a busy machine needs to store the rest, since a played PBX does not tell it again; `hurried`: the
    time that it really has."""
    plain, hurried = Settings(), changes.pop("hurried", False)
    settings = replace(
        plain,
        web=replace(plain.web, public_url=ORIGIN, port=0),
        database=replace(changes.pop("database", plain.database), url=database_url),
        **changes,
    )
    with pytest.MonkeyPatch.context() as patch:
        if not hurried:
            patch.setattr(serve, "JOURNAL_SECONDS", PATIENCE)
            patch.setattr(serve, "SETTLE_SECONDS", PATIENCE / 3)
        async with (
            serve.running(settings, clock, make_link) as rooms,
            listening(rooms.web, settings) as port,
        ):
            async with aiohttp.ClientSession() as client:
                room = DeskRoom(rooms, f"http://127.0.0.1:{port}", client)
                yield room
                await rooms.desks.sockets.close()
            for task in room.tasks:
                task.cancel()
