"""One tab on the desk socket: a bounded queue, one writer, one reader, and a reason when it ends."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Awaitable, Callable, Iterable
from enum import IntEnum

import msgspec
import structlog
from aiohttp import ClientConnectionResetError, WSMsgType, web

from pbx_bridge import metrics
from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.session.wire import command_of, identified

log = structlog.get_logger(__name__)

Execute = Callable[[p.ClientCommand], Awaitable[p.Answer]]

COMMANDS_IN_FLIGHT = 32
CLOSE_SECONDS = 0.5

_encode = msgspec.json.Encoder().encode


class CloseCode(IntEnum):
    """Why we end a desk socket; the names are what the close frame says in words."""

    GOING_AWAY = 1001
    LOGGED_OUT = 4001
    ROLE_CHANGED = 4003
    TOO_SLOW = 4008
    UNREADABLE = 4400


class Connection:
    """`send` and `drop` never block; `run` ends when the socket does, whoever ended it.

    `beat` makes the n-th sign of life, which goes out when nothing else was said for `beat_seconds`.
    """

    def __init__(
        self,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport | None,
        queue_size: int,
        beat: Callable[[int], bytes],
        beat_seconds: float,
    ) -> None:
        self._socket, self._transport = socket, transport
        self._beat, self._beat_seconds = beat, beat_seconds
        self._outbox: asyncio.Queue[bytes] = asyncio.Queue(queue_size)
        self._working: set[asyncio.Task[None]] = set()
        self._closing: asyncio.Task[None] | None = None

    def send(self, frame: bytes) -> None:
        """Hand over a ready frame; a client whose queue is full is dropped, it comes back with its last
        number."""
        if self._closing is not None:
            return
        try:
            self._outbox.put_nowait(frame)
        except asyncio.QueueFull:
            self.drop(CloseCode.TOO_SLOW)

    def drop(self, code: CloseCode) -> None:
        """End the socket with this reason, within a second even when the other side is silent."""
        if self._closing is None:
            metrics.DESK_DROPPED.labels(code.name.lower()).inc()
            self._closing = asyncio.create_task(self._close(code))

    async def run(self, first: Iterable[bytes], execute: Execute) -> None:
        """Send `first`, then whatever comes by `send`; do every command that came before the socket ended."""
        writer = asyncio.create_task(self._write(first))
        try:
            await self._read(execute)
        finally:
            writer.cancel()
            # What came before the end is done: a reload sends the last letters and closes in the same breath.
            await asyncio.gather(writer, *self._working, return_exceptions=True)
            if self._closing is not None:
                await self._closing

    async def _write(self, first: Iterable[bytes]) -> None:
        try:
            for frame in first:
                await self._socket.send_frame(frame, WSMsgType.TEXT)
            beats = itertools.count(1)
            while True:
                said = await self._next()
                await self._socket.send_frame(said or self._beat(next(beats)), WSMsgType.TEXT)
        except ClientConnectionResetError:
            pass  # the reader learns it too and ends the connection

    async def _next(self) -> bytes | None:
        """What is to be said next; None when there was nothing for a while."""
        if self._outbox.empty():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._beat_seconds):
                    return await self._outbox.get()
        return None if self._outbox.empty() else self._outbox.get_nowait()

    async def _read(self, execute: Execute) -> None:
        async for message in self._socket:
            if message.type is not WSMsgType.TEXT or len(self._working) >= COMMANDS_IN_FLIGHT:
                self.drop(CloseCode.UNREADABLE)
                return
            self._receive(message.data, execute)

    def _receive(self, text: str, execute: Execute) -> None:
        try:
            command = command_of(text)
        except msgspec.MsgspecError:
            self._refuse(text)
            return
        task = asyncio.create_task(self._answer(command, execute))
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    def _refuse(self, text: str) -> None:
        """Not in the closed set: an answer if it has at least an id, else the end."""
        log.warning("desk_message_unreadable", size=len(text))
        try:
            self.send(_encode(p.Answer(identified(text).id, ok=False, code="unreadable")))
        except msgspec.MsgspecError:
            self.drop(CloseCode.UNREADABLE)

    async def _answer(self, command: p.ClientCommand, execute: Execute) -> None:
        try:
            answer = await execute(command)
        except Exception:
            log.exception("desk_command_failed", command=type(command).__name__)
            answer = p.Answer(command.id, ok=False, code="internal")
        self.send(_encode(answer))

    async def _close(self, code: CloseCode) -> None:
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._socket.close(code=code, message=code.name.lower().encode(), drain=False)
        except TimeoutError:
            log.info("desk_closed_hard", reason=code.name.lower())
        finally:
            if self._transport is not None:
                self._transport.abort()
