"""An HTTP gateway on loopback that answers any bytes at all; it keeps what it was asked."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from tests.clumsy_mail_server import Answer, Deed, do


@dataclass
class ClumsyGateway:
    """`answer`: the whole response, status line and all. `asked`: whole requests that came."""

    url: str = ""
    answer: Answer = b""
    asked: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (
                    int(line.split(b":")[1])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-l")
                ),
                0,
            )
            self.asked.append(head + await reader.readexactly(length))
            deed = self.answer if isinstance(self.answer, Deed) else Deed("close", self.answer)
            await do(deed, reader, writer)
        writer.close()


def response(status: int | str, body: bytes = b"", **headers: str) -> bytes:
    """As a proper server writes it."""
    lines = [f"HTTP/1.1 {status} Word", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@contextlib.asynccontextmanager
async def running_clumsy_gateway() -> AsyncIterator[ClumsyGateway]:
    """On a free port, until the block ends."""
    gateway, busy = ClumsyGateway(), set[asyncio.Task[Any]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        busy.add(task)
        task.add_done_callback(busy.discard)
        await gateway.serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1_000_000)
    gateway.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/sms"
    try:
        yield gateway
    finally:
        server.close()
        for task in tuple(busy):
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)
