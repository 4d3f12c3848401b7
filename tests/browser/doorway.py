"""An address that stays while services come and go behind it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Doorway:
    """Passes on from `port` to the port `behind`; nobody answers while there is none."""

    port: int = 0
    behind: int = 0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    def leads_to(self, url: str) -> None:
        """To the service at this address; whoever came for another one is cut off."""
        port = int(url.rpartition(":")[2])
        if port != self.behind:
            self.cut()
            self.behind = port

    def cut(self) -> None:
        """As when the network is gone: nobody says good-bye."""
        self.behind = 0
        for writer in self._open:
            writer.transport.abort()

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner, outer = await asyncio.open_connection("127.0.0.1", self.behind)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, outer}
        await asyncio.gather(_pump(reader, outer), _pump(inner, writer))
        self._open -= {writer, outer}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def doorway() -> AsyncIterator[Doorway]:
    """Open until the end of the block."""
    way = Doorway()
    server = await asyncio.start_server(way.pass_on, "127.0.0.1", 0)
    way.port = server.sockets[0].getsockname()[1]
    try:
        yield way
    finally:
        server.close()
        way.cut()
