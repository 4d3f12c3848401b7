"""The floor's WebSocket: pictures go out, nothing comes in; it ends with the log-in."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from enum import IntEnum

import msgspec
from aiohttp import ClientConnectionResetError, WSMsgType, web

from pbx_bridge.floor.live import Live
from pbx_bridge.floor.view import Beat, Hello
from pbx_bridge.settings import DeskSettings
from pbx_bridge.web.middleware import BadOriginError
from pbx_bridge.web.origin import is_own_page

CLOSE_SECONDS = 0.5
BIGGEST_MESSAGE = 1_024
_encode = msgspec.json.Encoder().encode


class FloorCloseCode(IntEnum):
    """Why we end a socket; the numbers are those of the desk."""

    GOING_AWAY = 1001
    LOGGED_OUT = 4001
    UNREADABLE = 4400


class FloorSockets:
    """All open floors and wall-boards. `epoch` names this run of the service; `origins`: our own pages."""

    def __init__(
        self,
        live: Live,
        epoch: str,
        origins: Iterable[str],
        settings: DeskSettings,
        clock: Callable[[], datetime],
    ) -> None:
        self._live, self._epoch, self._origins = live, epoch, frozenset(origins)
        self._heartbeat, self._beat, self._clock = settings.heartbeat_seconds, settings.beat_seconds, clock
        self._open: defaultdict[str, set[web.WebSocketResponse]] = defaultdict(set)
        self._closing: set[asyncio.Task[None]] = set()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """From the handshake to the end. Raises BadOriginError for a page that is none of ours."""
        if not is_own_page(request, self._origins):
            raise BadOriginError
        socket = web.WebSocketResponse(
            heartbeat=self._heartbeat, max_msg_size=BIGGEST_MESSAGE, compress=False
        )
        await socket.prepare(request)
        session = request["session"].id
        self._open[session].add(socket)
        writer = asyncio.create_task(self._write(socket))
        try:
            await self._read(socket)
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
            self._forget(session, socket)
        return socket

    def end_session(self, session: str, code: FloorCloseCode = FloorCloseCode.LOGGED_OUT) -> None:
        """The log-in is over: its sockets end at once."""
        for socket in tuple(self._open.get(session, ())):
            task = asyncio.create_task(_close(socket, code))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def sessions(self) -> list[str]:
        """Log-ins that have a socket open."""
        return list(self._open)

    async def close(self) -> None:
        """The service stops: everybody is told to come back."""
        for session in self.sessions():
            self.end_session(session, FloorCloseCode.GOING_AWAY)
        await asyncio.gather(*self._closing, return_exceptions=True)

    async def _write(self, socket: web.WebSocketResponse) -> None:
        """One client that reads slowly holds up only itself, and is told the newest next."""
        with contextlib.suppress(ClientConnectionResetError):
            hello, beats = Hello(self._epoch, self._clock(), self._beat), itertools.count(1)
            await socket.send_frame(_encode(hello), WSMsgType.TEXT)
            async with contextlib.aclosing(self._live.pictures(self._beat)) as pictures:
                async for picture in pictures:
                    frame = picture or _encode(Beat(next(beats), self._clock()))
                    await socket.send_frame(frame, WSMsgType.TEXT)

    async def _read(self, socket: web.WebSocketResponse) -> None:
        async for _message in socket:
            await _close(socket, FloorCloseCode.UNREADABLE)

    def _forget(self, session: str, socket: web.WebSocketResponse) -> None:
        others = self._open[session]
        others.discard(socket)
        if not others:
            del self._open[session]


async def _close(socket: web.WebSocketResponse, code: FloorCloseCode) -> None:
    """Within a moment, even when the other side is silent."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await socket.close(code=code, message=code.name.lower().encode(), drain=False)
