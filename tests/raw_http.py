"""Bytes on a socket: for requests that no client library would send."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` 0: the connection ended without one. Header names in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(slots=True)
class Wire:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        """All of it; whoever closes meanwhile has heard enough."""
        with contextlib.suppress(ConnectionError):
            self.writer.write(data)
            await self.writer.drain()

    async def answer(self, *, bare: bool = False) -> Answer:
        """The next one, within `PATIENCE` seconds; `bare`: one to HEAD, without what it announces."""
        try:
            async with asyncio.timeout(PATIENCE):
                head = await self.reader.readuntil(b"\r\n\r\n")
                status, *lines = head.decode("latin-1").split("\r\n")
                pairs = (line.partition(":") for line in lines if line)
                headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
                length = 0 if bare else int(headers.get("content-length", 0))
                body = await self.reader.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            return Answer(0)
        return Answer(int(status.split()[1]), headers, body)

    async def ended(self) -> None:
        """Wait until the other side has closed; fails after `PATIENCE` seconds."""
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(PATIENCE):
                while await self.reader.read(65_536):
                    pass


@contextlib.asynccontextmanager
async def wire(port: int, host: str = "127.0.0.1", source: str = "") -> AsyncIterator[Wire]:
    """A connection until the block ends; `source`: the address it comes from."""
    local = (source, 0) if source else None
    reader, writer = await asyncio.open_connection(host, port, local_addr=local)
    try:
        yield Wire(reader, writer)
    finally:
        writer.transport.abort()


def head(method: str, path: str, *headers: str, host: str = "localhost") -> bytes:
    """A request's head; "" as `host` sends none."""
    lines = [f"{method} {path} HTTP/1.1", *([f"Host: {host}"] if host else []), *headers, "", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape")


async def ask(port: int, request: bytes) -> Answer:
    """The answer to one request on a connection of its own."""
    async with wire(port) as one:
        await one.send(request)
        return await one.answer(bare=request.startswith(b"HEAD "))
