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
    taken: int = 0
    """Connections that came."""
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _moving: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._moving.set()

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

    def freeze(self) -> None:
        """As when a network falls silent: connections stand, new ones are taken, and nothing gets through."""
        self._moving.clear()

    def thaw(self) -> None:
        """All that was held back arrives."""
        self._moving.set()

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.taken += 1
        try:
            inner, outer = await asyncio.open_connection("127.0.0.1", self.behind)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, outer}
        await asyncio.gather(self._pump(reader, outer), self._pump(inner, writer))
        self._open -= {writer, outer}

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                await self._moving.wait()
                writer.write(data)
                await writer.drain()
        await self._moving.wait()
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
        way.thaw()
        way.cut()
