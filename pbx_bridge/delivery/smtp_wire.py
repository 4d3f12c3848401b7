"""One connection to a mail server: lines out, replies in. What they mean is known elsewhere."""

from __future__ import annotations

import asyncio
import ssl
from typing import cast

from pbx_bridge.delivery.smtp_reply import Reply, ReplyReader

MOST_UNREAD = 65_536
"""Bytes that may wait for a reader; beyond it the other side has to."""


class NoReply(Exception):
    """None came, or not all of it. `silent`: not in time, else the connection ended. `begun`: what came."""

    def __init__(self, begun: Reply | None, *, silent: bool) -> None:
        super().__init__("no reply in time" if silent else "connection ended")
        self.begun, self.silent = begun, silent


class Wire(asyncio.Protocol):
    """Made by `connect`. Times are limits in seconds for the whole of a reply."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._incoming = bytearray()
        self._stirred = asyncio.Event()
        self._ended = False

    # ---- what the loop tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._incoming += data
        if len(self._incoming) > MOST_UNREAD and self._transport is not None:
            self._transport.pause_reading()
        self._stirred.set()

    def eof_received(self) -> None:
        self._end()

    def connection_lost(self, _error: Exception | None) -> None:
        self._end()

    # ---- what the conversation needs

    @property
    def unread(self) -> bool:
        """Whether something came that nobody has asked for."""
        return bool(self._incoming)

    def write(self, data: bytes) -> None:
        """Hand over bytes; what becomes of them the next reply tells."""
        if self._transport is not None:
            self._transport.write(data)

    def write_line(self, line: bytes) -> None:
        """One command. Raises ValueError for a control character, which could be a second one."""
        if any(byte < 0x20 or byte == 0x7F for byte in line):
            raise ValueError("control character in a command")
        self.write(line + b"\r\n")

    async def reply(self, limit: float) -> Reply:
        """The next reply. Raises NoReply."""
        reader = ReplyReader()
        try:
            async with asyncio.timeout(limit):
                while not reader.done:
                    await self._something(reader)
                    data = bytes(self._incoming)
                    self._incoming.clear()
                    self._incoming += reader.feed(data)
        except TimeoutError:
            raise NoReply(reader.reply(), silent=True) from None
        found = reader.reply()
        assert found is not None
        return found

    async def secure(self, context: ssl.SSLContext, host: str, limit: float) -> None:
        """Encrypt from here on. Raises OSError (TimeoutError, ssl.SSLError) when that fails."""
        assert self._transport is not None
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(limit):
            secured = await loop.start_tls(self._transport, self, context, server_hostname=host)
        if secured is None:
            raise ConnectionResetError("connection ended")
        self._transport = secured

    def close(self) -> None:
        """After what was written."""
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """At once, whatever is still to be written."""
        if self._transport is not None:
            self._transport.abort()

    async def _something(self, reader: ReplyReader) -> None:
        while not self._incoming:
            if self._ended:
                raise NoReply(reader.reply(), silent=False)
            self._stirred.clear()
            if self._transport is not None:
                self._transport.resume_reading()
            await self._stirred.wait()

    def _end(self) -> None:
        self._ended = True
        self._stirred.set()


async def connect(host: str, port: int, context: ssl.SSLContext | None, limit: float) -> Wire:
    """Connected, and encrypted if there is a `context`. Raises OSError, and UnicodeError for such a host."""
    loop = asyncio.get_running_loop()
    name = host if context else None
    async with asyncio.timeout(limit):
        _, wire = await loop.create_connection(Wire, host, port, ssl=context, server_hostname=name)
    return wire
