"""A wire to the PBX, or to the database, that can be cut, stalled, frozen, dribbled and looked at."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

READ_BYTES = 65_536


class Proxy:
    """`sent`: every byte that went to the PBX, of all connections."""

    def __init__(self, target_port: int) -> None:
        self.sent = b""
        self.port = 0
        self.dribble = False
        """One byte at a time to the client."""
        self.hearing = asyncio.Event()
        """Cleared: what the PBX says is kept back."""
        self.hearing.set()
        self.speaking = asyncio.Event()
        """Cleared: what the client says is kept back."""
        self.speaking.set()
        self.target_port = target_port
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def connections(self) -> int:
        """How many there are."""
        return len(self._tasks) // 2

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Nobody gets through any more, until `start`."""
        if self._server is not None:
            self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def freeze(self) -> None:
        """Half-open: connections stand, new ones too, and nothing comes through."""
        self.hearing.clear()
        self.speaking.clear()

    def thaw(self) -> None:
        """What was kept back comes through."""
        self.hearing.set()
        self.speaking.set()

    def cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            pbx_reader, pbx_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            writer.transport.abort()
            return
        self._writers += [writer, pbx_writer]
        for relay in (self._to_pbx(reader, pbx_writer), self._to_client(pbx_reader, writer)):
            task = asyncio.create_task(relay)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _to_pbx(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(READ_BYTES):
                self.sent += data
                await self.speaking.wait()
                writer.write(data)
        await self.speaking.wait()  # a hang-up, too, is news that does not come through
        writer.close()

    async def _to_client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(READ_BYTES):
                await self.hearing.wait()
                for piece in [data[i : i + 1] for i in range(len(data))] if self.dribble else [data]:
                    writer.write(piece)
                    await asyncio.sleep(0)
        writer.close()


@contextlib.asynccontextmanager
async def proxy_to(port: int) -> AsyncIterator[Proxy]:
    proxy = Proxy(port)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.stop()
