"""A thousand open desks beside ten: does a pop take longer, and what does a desk cost in memory.

The same 50 calls a second go through the service, in a process of its own, with few desks and with many; each
call is offered to one of the same ten agents, and every change of the waiting list goes to all. Times are
taken in one process; the desks that only look on are read in another one.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.ami_server import FakeAmi, fake_ami, message
from tests.bench.call_stream import Told, call, template
from tests.bench.figure import Figure, held
from tests.bench.our_service import ORIGIN
from tests.bench.pop_latency import CALLS_PER_SECOND, LASTS, percentile
from tests.bench.processes import process
from tests.bench.sized_database import SizedDatabase, furnish

FEW, MANY = 10, 1_000
SECONDS = 16
WARM_UP = 50
HALF = 1 / CALLS_PER_SECOND / 2
COMPANIES, VIPS = 20, 100


@dataclass
class Run:
    """`taken`: seconds from the manager's bytes to the frame of the pop; `memory`: bytes a desk."""

    taken: list[float] = field(default_factory=list)
    memory: float = 0.0


async def run() -> list[Figure]:
    """The ratio of the two runs, and the memory of one desk."""
    few, many = await _measure(FEW), await _measure(MANY)
    slow_few, slow_many = percentile(few.taken, 99), percentile(many.taken, 99)
    return [
        held(f"pop p99, {MANY} desks against {FEW}", slow_many / slow_few, "times", "at most", 2),
        held(f"pop p99, {FEW} desks", slow_few * 1e3, "ms", "at most", 10),
        held(f"pop p99, {MANY} desks", slow_many * 1e3, "ms", "at most", 10),
        held("memory of an open desk", many.memory / 1024, "KiB", "at most", 256),
    ]


async def _measure(desks: int) -> Run:
    found, told = Run(), template()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        floor = await furnish(url, COMPANIES, VIPS, desks)
        async with fake_ami() as ami:
            ami.queue = [_member(phone) for phone in floor.tokens]
            async with process("our_service", str(ami.port), url) as service:
                before = _resident(service.pid)
                async with _opened(floor, service.port, found) as sent, _lookers_on(floor, service.port):
                    found.memory = (_resident(service.pid) - before) / desks
                    await _calls(ami, told, floor, sent, found)
    return found


async def _calls(ami: FakeAmi, told: Told, floor: SizedDatabase, sent: dict[str, float], found: Run) -> None:
    loop, phones = asyncio.get_running_loop(), list(floor.tokens)[:FEW]
    calls: list[Told] = []
    due = loop.time()
    for number in range(WARM_UP + CALLS_PER_SECOND * SECONDS):
        if number == WARM_UP:
            found.taken.clear()
        phone = phones[number % len(phones)]
        calls.append(call(told, number, floor.lines[number % len(floor.lines)], phone))
        if number >= LASTS:
            ami.say(calls[number - LASTS].afterwards)
        ami.say(calls[number].arrived)
        due += HALF
        await asyncio.sleep(max(0.0, due - loop.time()))
        sent[phone] = loop.time()
        ami.say(calls[number].called)
        due += HALF
        await asyncio.sleep(max(0.0, due - loop.time()))
    await asyncio.sleep(0.5)


@contextlib.asynccontextmanager
async def _opened(floor: SizedDatabase, port: int, found: Run) -> AsyncIterator[dict[str, float]]:
    """The desks that get calls; yields where to write down when a phone was called."""
    ours = dict(list(floor.tokens.items())[:FEW])
    sent: dict[str, float] = {}
    address, loop = f"http://127.0.0.1:{port}/desk/socket", asyncio.get_running_loop()

    async def listen(phone: str, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            if '"type":"offer"' in frame.data[:60] and phone in sent:
                found.taken.append(loop.time() - sent.pop(phone))

    async def open_desk(phone: str, token: str) -> aiohttp.ClientWebSocketResponse:
        headers = {"Origin": ORIGIN, "Cookie": f"session={token}"}
        socket = await client.ws_connect(address, headers=headers)
        await socket.receive()
        return socket

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
        sockets = await asyncio.gather(*(open_desk(*item) for item in ours.items()))
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(listen(phone, socket)) for phone, socket in zip(ours, sockets, strict=True)
            ]
            yield sent
            for task in tasks:
                task.cancel()


@contextlib.asynccontextmanager
async def _lookers_on(floor: SizedDatabase, port: int) -> AsyncIterator[None]:
    """All other desks, open."""
    tokens = list(floor.tokens.values())[FEW:]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(tokens))
        file.flush()
        async with process("lookers_on", str(port), file.name):
            yield


def _member(phone: str) -> bytes:
    return message(
        "Event: QueueMember", "Queue: sec", f"Location: {phone}", f"Name: {phone}", "Status: 1", "Paused: 0"
    )


def _resident(pid: int) -> int:
    """Bytes of this process that are in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096
