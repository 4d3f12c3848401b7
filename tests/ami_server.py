"""A manager interface for tests, which answers as told: late, never, by halves, or like Asterisk."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from socket import SO_LINGER, SOL_SOCKET
from typing import Any, TypeVar

from pbx_bridge.ami.codec import Framer
from pbx_bridge.ami.link import AmiLink
from pbx_bridge.ami.session import NEEDED
from pbx_bridge.calls.events import LinkDown, PbxEvent
from pbx_bridge.settings import AmiSettings, Secret
from tests.until import PATIENCE, until

Event = TypeVar("Event")
Headers = dict[str, str]

SETTINGS = AmiSettings(
    username="bridge",
    secret=Secret("geheim"),
    connect_timeout_seconds=10,
    ping_seconds=0.5,
    dead_after_seconds=2,
    action_timeout_seconds=10,
    backoff_min_seconds=0.05,
    backoff_max_seconds=0.2,
)


def message(*headers: str) -> bytes:
    return "\r\n".join(headers).encode() + b"\r\n\r\n"


def bridge_enter(leg: str, bridge: str = "b1", call: str = "") -> bytes:
    """Of a channel that belongs to no call of ours, unless `call` says so."""
    return message(
        "Event: BridgeEnter",
        f"BridgeUniqueid: {bridge}",
        f"Channel: PJSIP/{leg}",
        f"Uniqueid: {leg}",
        f"ChanVariable: SEC_CALL={call}",
    )


class FakeAmi:
    """`actions`: all that came; `silent` ones stay unanswered, `special` ones are answered as told."""

    def __init__(self) -> None:
        self.actions: list[Headers] = []
        self.connections = 0
        self.channels: list[bytes] = []
        """Lines of CoreShowChannels, each a list of headers without ActionID."""
        self.queue: list[bytes] = []
        self.silent: set[str] = set()
        self.special: dict[str, Callable[[Headers], bytes]] = {}
        self.permitted = set(NEEDED)
        self.writers: list[asyncio.StreamWriter] = []
        self.port = 0
        self._server: asyncio.Server | None = None

    async def start(self, port: int = 0, **options: Any) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port, **options)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self.drop()

    def settings(self, **changes: Any) -> AmiSettings:
        return replace(SETTINGS, port=self.port, **changes)

    def named(self, action: str) -> list[Headers]:
        return [headers for headers in self.actions if headers["Action"] == action]

    def say(self, data: bytes) -> None:
        """To everybody who is connected."""
        for writer in self.writers:
            writer.write(data)

    def drop(self, *, reset: bool = False) -> None:
        for writer in self.writers:
            if reset:
                writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        self.writers.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        framer = Framer()
        with contextlib.suppress(ConnectionError):
            writer.write(b"Asterisk Call Manager/11.0.1\r\n")
            while data := await reader.read(65_536):
                for raw in framer.feed(data):
                    headers = dict(line.split(": ", 1) for line in raw.decode().split("\r\n"))
                    writer.write(self._take(headers))
        if writer in self.writers:
            self.writers.remove(writer)

    def _take(self, headers: Headers) -> bytes:
        """A connect asks for the dial plan's memory; here is none, and no test's action counts it."""
        if "sec-memory" in headers.get("Variable", ""):
            return message("Response: Success", f"ActionID: {headers['ActionID']}", "Value: 0")
        self.actions.append(headers)
        return self.answer(headers)

    def answer(self, headers: Headers) -> bytes:
        action = headers["Action"]
        if action in self.silent:
            return b""
        if action in self.special:
            return self.special[action](headers)
        return getattr(self, f"_{action.lower()}", self._success)(headers)

    def _success(self, headers: Headers) -> bytes:
        return message("Response: Success", f"ActionID: {headers['ActionID']}", "Message: Done")

    def _login(self, headers: Headers) -> bytes:
        if headers["Secret"] == "geheim":
            return self._success(headers)
        return self.refuse(headers, "Authentication failed")

    def refuse(self, headers: Headers, text: str) -> bytes:
        return message("Response: Error", f"ActionID: {headers['ActionID']}", f"Message: {text}")

    def _listcommands(self, headers: Headers) -> bytes:
        lines = [f"{name}: what it does  (Priv: call,all)" for name in sorted(self.permitted)]
        return message("Response: Success", f"ActionID: {headers['ActionID']}", *lines)

    def _coresettings(self, headers: Headers) -> bytes:
        return message("Response: Success", f"ActionID: {headers['ActionID']}", "AsteriskVersion: 22.10.1")

    def _coreshowchannels(self, headers: Headers) -> bytes:
        return self._list(headers, b"CoreShowChannelsComplete", self.channels)

    def _queuestatus(self, headers: Headers) -> bytes:
        return self._list(headers, b"QueueStatusComplete", self.queue)

    def _list(self, headers: Headers, end: bytes, lines: list[bytes]) -> bytes:
        tag = f"ActionID: {headers['ActionID']}\r\n".encode()
        head = b"Response: Success\r\n" + tag + b"EventList: start\r\nMessage: will follow\r\n\r\n"
        body = b"".join(line.removesuffix(b"\r\n") + tag + b"\r\n" for line in lines)
        return head + body + b"Event: " + end + b"\r\n" + tag + b"EventList: Complete\r\n\r\n"


@contextlib.asynccontextmanager
async def fake_ami(**options: Any) -> AsyncIterator[FakeAmi]:
    server = FakeAmi()
    await server.start(**options)
    try:
        yield server
    finally:
        await server.stop()


class Listener:
    """A link that runs, and all that it told."""

    def __init__(self, settings: AmiSettings) -> None:
        self.events: list[PbxEvent] = []
        self.link = AmiLink(settings, self.hear)
        self.deaf_to: Callable[[PbxEvent], Exception | None] = lambda _: None
        self.task = asyncio.create_task(self.link.run())

    def hear(self, event: PbxEvent) -> None:
        if error := self.deaf_to(event):
            raise error
        self.events.append(event)

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]

    async def up(self) -> None:
        await until(lambda: self.link.connected, message="the link comes up")

    async def down(self, reason: str, timeout: float = PATIENCE) -> LinkDown:
        await until(lambda: self.of(LinkDown), timeout, "the link goes down")
        last = self.of(LinkDown)[-1]
        assert last.reason == reason
        return last

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


@contextlib.asynccontextmanager
async def listening(settings: AmiSettings) -> AsyncIterator[Listener]:
    listener = Listener(settings)
    try:
        yield listener
    finally:
        await listener.stop()
