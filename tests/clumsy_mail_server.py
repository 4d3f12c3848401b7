"""A mail server on loopback that answers anything at any step: bytes as they are, or a deed instead."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from pbx_bridge.settings import MailSettings, Secret

STEPS = ("greeting", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "end")
USUAL = {
    "greeting": b"220 clumsy.example\r\n",
    "ehlo": b"250-clumsy.example\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n",
    "starttls": b"220 go ahead\r\n",
    "auth": b"235 welcome\r\n",
    "mail": b"250 ok\r\n",
    "rcpt": b"250 ok\r\n",
    "data": b"354 go ahead\r\n",
    "end": b"250 queued\r\n",
    "quit": b"221 bye\r\n",
}


@dataclass(frozen=True)
class Deed:
    """`say`, then: close, reset, nothing more (silent), or `say` again and again (endless)."""

    kind: str
    say: bytes = b""


Answer = bytes | Deed


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass
class ClumsyServer:
    """`answers` by step, and for one recipient by "rcpt <address>"; the rest is as `USUAL`.

    `dots`: messages whose final dot came; `accepted`: those that were answered with a 2yz line;
    `connections`: how often somebody came; while `thinking` is not set, nobody hears whether a message
    was taken.
    """

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    dots: list[bytes] = field(default_factory=list)
    accepted: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, ...]] = field(default_factory=list)
    connections: int = 0
    context: ssl.SSLContext | None = None
    thinking: asyncio.Event = field(default_factory=_set)

    def settings(self, **changes: Any) -> MailSettings:
        """Without encryption and log-in, unless they are asked for."""
        values: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": self.port,
            "starttls": "never",
            "connect_timeout_seconds": 20,
            "timeout_seconds": 20,
        }
        return MailSettings(**(values | changes))

    def with_log_in(self, **changes: Any) -> MailSettings:
        """… with a user and a password."""
        return self.settings(username="pbx-bridge", password=Secret("only-for-tests"), **changes)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, _Over):
            await self._converse(reader, writer)
        writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._say(reader, writer, "greeting")
        recipients: list[str] = []
        while line := (await reader.readline()).decode("latin-1"):
            verb, argument = line[:4].upper(), line[4:].strip()
            if verb in ("EHLO", "HELO", "MAIL", "QUIT"):
                await self._say(reader, writer, "ehlo" if verb == "HELO" else verb.lower())
            elif verb == "STAR":
                await self._say(reader, writer, "starttls")
                if self.context is not None:
                    await writer.start_tls(self.context)
            elif verb == "AUTH":
                await self._log_in(reader, writer, argument)
            elif verb == "RCPT":
                address = argument.partition("<")[2].rstrip(">")
                if await self._say(reader, writer, f"rcpt {address}", "rcpt"):
                    recipients.append(address)
            elif verb == "DATA":
                await self._take(reader, writer, tuple(recipients))
                recipients = []

    async def _log_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, how: str) -> None:
        method, _, begun = how.partition(" ")  # the first word may come at once (RFC 4954, 4)
        for _ in range((2 if method == "LOGIN" else 1) - bool(begun)):
            writer.write(b"334 \r\n")
            await reader.readline()
        await self._say(reader, writer, "auth")

    async def _take(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, recipients: tuple[str, ...]
    ) -> None:
        await self._say(reader, writer, "data")
        if self._answer("data")[:1] != b"3":
            return
        content = await reader.readuntil(b"\r\n.\r\n")
        self.dots.append(content)
        await self.thinking.wait()
        if self._answer("end")[:1] == b"2":
            self.accepted.append(content)
            self.envelopes.append(recipients)
        await self._say(reader, writer, "end")

    def _answer(self, *keys: str) -> bytes:
        found = self._find(*keys)
        return (found.say if isinstance(found, Deed) else found).lstrip()

    def _find(self, *keys: str) -> Answer:
        for key in keys:
            if key in self.answers:
                return self.answers[key]
        return USUAL[keys[-1]]

    async def _say(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *keys: str) -> bool:
        """Whether that was a yes."""
        answer = self._find(*keys)
        if isinstance(answer, Deed):
            await do(answer, reader, writer)
            raise _Over
        writer.write(answer)
        await writer.drain()
        return answer.lstrip()[:1] == b"2"


class _Over(Exception):
    """The deed has ended the conversation."""


async def do(deed: Deed, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(deed.say)
    if deed.kind == "reset":
        reset(writer)
    while deed.kind == "endless":
        writer.write(deed.say)
        await writer.drain()
    if deed.kind == "silent":
        await writer.drain()
        while await reader.read(65_536):
            pass


def reset(writer: asyncio.StreamWriter) -> None:
    """End the connection as a crash does: RST instead of FIN."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@contextlib.asynccontextmanager
async def running_clumsy_server() -> AsyncIterator[ClumsyServer]:
    """On a free port, until the block ends."""
    clumsy, busy = ClumsyServer(), set[asyncio.Task[Any]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        busy.add(task)
        task.add_done_callback(busy.discard)
        await clumsy.serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=4_000_000)
    clumsy.port = server.sockets[0].getsockname()[1]
    try:
        yield clumsy
    finally:
        server.close()
        for task in tuple(busy):
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)
