"""Desks that are open and get no call: one for each token of a file; prints 0 when all are open."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import aiohttp

from tests.bench.our_service import ORIGIN

AT_ONCE = 25


async def main(port: int, tokens: list[str]) -> None:
    """Until killed."""
    gate = asyncio.Semaphore(AT_ONCE)
    address = f"http://127.0.0.1:{port}/desk/socket"

    async def open_desk(token: str) -> aiohttp.ClientWebSocketResponse:
        async with gate:
            headers = {"Origin": ORIGIN, "Cookie": f"session={token}"}
            socket = await client.ws_connect(address, headers=headers)
            await socket.receive()
            return socket

    async def look(socket: aiohttp.ClientWebSocketResponse) -> None:
        async for _ in socket:
            pass

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
        sockets = await asyncio.gather(*map(open_desk, tokens))
        print(0, flush=True)
        await asyncio.gather(*map(look, sockets))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]).read_text(encoding="ascii").split()))
