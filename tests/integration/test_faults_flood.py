"""A flood of connections that ask nothing, on the real process: notes are stored, desks come back."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
import tomllib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from pbx_bridge.demo.desk_client import Desk
from pbx_bridge.desk import protocol as p
from tests.integration.whole_house import WholeHouse, open_house, told
from tests.raw_http import ask, head
from tests.until import PATIENCE, until

LOOPBACK = "127.0.0.1"
SOURCES = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
FORM = "Content-Type: application/x-www-form-urlencoded"
KINDS = {
    "nothing at all": b"",
    "half a head": b"GET /login HTTP/1.1\r\nHost: loc",
    "half a body": head("POST", "/login", FORM, "Content-Length: 4000") + b"login=anna",
    "no reading": head("GET", "/login") * 12,
}
COUNT = 1_000


@contextlib.contextmanager
def few_descriptors(soft: int) -> Iterator[None]:
    """For a process that is begun meanwhile; it may ask for more."""
    before, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 4 * COUNT:
        pytest.skip(f"at most {hard} descriptors here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(before, 4 * COUNT), hard))


class Flood:
    """`COUNT` connections that come back as soon as they are sent away."""

    def __init__(self, port: int, sent: bytes, *, reads: bool) -> None:
        self._port, self._sent, self._reads = port, sent, reads
        self.made = self.refused = 0

    async def one(self, number: int) -> None:
        """Again and again, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            made = socket.socket()
            made.setblocking(False)
            try:
                made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                made.bind((SOURCES[number % len(SOURCES)], 0))
                await loop.sock_connect(made, (LOOPBACK, self._port))
                self.made += 1
                await loop.sock_sendall(made, self._sent)
                if self._reads:
                    while await loop.sock_recv(made, 4096):
                        pass
                else:
                    await asyncio.sleep(5)
            except OSError:
                self.refused += 1
            finally:
                made.close()
            await asyncio.sleep(1)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self.one(number)) for number in range(COUNT)]
        try:
            await until(lambda: self.made > COUNT, 60, "the flood")
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def saves(house: WholeHouse, desk: Desk, concern: str) -> None:
    """The note of one of Anna's open calls is stored."""
    call = desk.picture.calls[0].view.call
    assert (await house.save(desk, call, concern)).ok
    await desk.until(lambda now: all(one.view.call != call for one in now.calls), "the call to be done")


@pytest.mark.parametrize("kind", KINDS)
async def test_whoever_stands_at_the_door_keeps_nobody_out(kind: str) -> None:
    with few_descriptors(256):
        opened = open_house(None, open_calls=3, web={"head_seconds": 2, "body_seconds": 2, "send_seconds": 2})
        house = await opened.__aenter__()
    try:
        anna = await house.desk("anna")
        await saves(house, anna, "Vor der Flut")
        async with Flood(
            int(house.url.rpartition(":")[2]), KINDS[kind], reads="no reading" not in kind
        ).running():
            await saves(house, anna, "In der Flut")
            await anna.disconnect()
            await anna.connect()
            ben = await house.desk("ben")
            assert (await ben.ask(p.Resync)).ok
            await saves(house, anna, "Zurück in der Flut")
            await _the_pbx_is_reached(house)
            assert (await ask(int(house.url.rpartition(":")[2]), head("GET", "/healthz"))).status == 200
        assert not anna.picture.calls
        assert _is_short(house)
    finally:
        await opened.__aexit__(None, None, None)


async def _the_pbx_is_reached(house: WholeHouse) -> None:
    """A new connection to where the PBX would be; there was none so far."""
    port = tomllib.loads((house.folder / "settings.toml").read_text())["ami"]["port"]
    came = asyncio.Event()

    async def listen(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.set()
        writer.close()

    async with await asyncio.start_server(listen, LOOPBACK, port):
        async with asyncio.timeout(PATIENCE):
            await came.wait()


def _is_short(house: WholeHouse) -> bool:
    """The log did not grow with the flood, and the system never ran out of descriptors."""
    said = "\n".join(house.service.said)
    assert "Too many open files" not in said
    assert "Traceback" not in said
    assert not told(house, "request_failed")
    return len(said) < 500_000
