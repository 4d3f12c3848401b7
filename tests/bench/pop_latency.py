"""From the bytes of AgentCalled to the frame at the agent's socket: the service beside a bare relay.

Both get the same calls in one run from a manager interface of the same kind, in turn, each 50 a second, each
in a process of its own; all times are taken in one process. The relay forwards the event; the service
resolves, decides, keeps and sends the whole pop.
"""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.ami_server import FakeAmi, fake_ami, message
from tests.bench.call_stream import Told, call, template
from tests.bench.figure import Figure, held
from tests.bench.our_service import ORIGIN
from tests.bench.processes import process
from tests.bench.sized_database import AGENTS, SizedDatabase, furnish

CALLS_PER_SECOND = 50
SECONDS = 14
WARM_UP = 50
QUARTER = 1 / CALLS_PER_SECOND / 4
LASTS = 10
"""A call goes on until so many later ones have arrived."""
SIZES = ((10, 10), (10, 100_000), (1_000, 10), (1_000, 100_000))
PHONES = tuple(f"PJSIP/agent{number:02d}" for number in range(AGENTS))


@dataclass
class Subject:
    """One side of the comparison: where calls go in, and when their frames came out."""

    ami: FakeAmi
    lines: tuple[str, ...]
    mark: bytes
    sent: dict[str, float] = field(default_factory=dict)
    taken: list[float] = field(default_factory=list)
    calls: list[Told] = field(default_factory=list)
    port: int = 0

    def arrive(self) -> None:
        """A new call joins the queue, and an older one is answered, talks and ends."""
        number = len(self.calls)
        line, phone = self.lines[number % len(self.lines)], PHONES[number % AGENTS]
        self.calls.append(call(TEMPLATE, number, line, phone))
        if number >= LASTS:
            self.ami.say(self.calls[number - LASTS].afterwards)
        self.ami.say(self.calls[number].arrived)

    def ring(self) -> None:
        """The phone of the newest call is about to ring: the clock starts."""
        number = len(self.calls) - 1
        self.sent[PHONES[number % AGENTS]] = time.perf_counter()
        self.ami.say(self.calls[number].called)

    async def listen(self, phone: str, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Take the time of every frame that is a pop."""
        async for frame in socket:
            now = time.perf_counter()
            if self.mark in frame.data.encode()[:60] and phone in self.sent:
                self.taken.append(now - self.sent.pop(phone))


TEMPLATE = template()


async def run() -> list[Figure]:
    """Ratios to the relay for each size of data, and that size does not matter."""
    figures: list[Figure] = []
    medians = []
    for companies, vips in SIZES:
        taken, bare = await _measure(companies, vips)
        medians.append(percentile(taken, 50))
        size = f"{companies} companies, {vips} VIPs"
        figures += [
            held(
                f"pop p50 beside a bare relay, {size}",
                percentile(taken, 50) / percentile(bare, 50),
                "times",
                "at most",
                1.5,
            ),
            held(
                f"pop p99 beside a bare relay, {size}",
                percentile(taken, 99) / percentile(bare, 99),
                "times",
                "at most",
                2,
            ),
            held(f"pop p99, {size}", percentile(taken, 99) * 1e3, "ms", "at most", 10),
        ]
    flat = max(medians) / min(medians)
    return [*figures, held("pop p50, largest against smallest size", flat, "times", "at most", 1.3)]


async def _measure(companies: int, vips: int) -> tuple[list[float], list[float]]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        floor = await furnish(url, companies, vips)
        async with ours(floor, url) as service, _bare(floor) as bare:
            for number in range(WARM_UP + CALLS_PER_SECOND * SECONDS):
                for subject in (service, bare):
                    subject.arrive()
                    await asyncio.sleep(QUARTER)
                    subject.ring()
                    await asyncio.sleep(QUARTER)
                if number == WARM_UP:
                    service.taken.clear()
                    bare.taken.clear()
            await asyncio.sleep(0.5)
        return service.taken, bare.taken


@contextlib.asynccontextmanager
async def ours(floor: SizedDatabase, url: str) -> AsyncIterator[Subject]:
    """The service on this database, with a desk for each phone."""
    async with _fed(floor, b'"type":"offer"') as subject:
        subject.ami.queue = [_member(phone) for phone in PHONES]
        async with process("our_service", str(subject.ami.port), url) as service:
            cookies = {phone: {"Cookie": f"session={token}"} for phone, token in floor.tokens.items()}
            subject.port = service.port
            address = f"http://127.0.0.1:{service.port}/desk/socket"
            async with _listening(subject, dict.fromkeys(PHONES, address), cookies):
                yield subject


@contextlib.asynccontextmanager
async def _bare(floor: SizedDatabase) -> AsyncIterator[Subject]:
    async with (
        _fed(floor, b'"Event": "AgentCalled"') as subject,
        process("bare_relay", str(subject.ami.port)) as relay,
    ):
        addresses = {phone: f"http://127.0.0.1:{relay.port}/?agent={phone}" for phone in PHONES}
        async with _listening(subject, addresses, {}):
            yield subject


@contextlib.asynccontextmanager
async def _fed(floor: SizedDatabase, mark: bytes) -> AsyncIterator[Subject]:
    async with fake_ami() as ami:
        yield Subject(ami, floor.lines, mark)


@contextlib.asynccontextmanager
async def _listening(
    subject: Subject, addresses: dict[str, str], headers: dict[str, dict[str, str]]
) -> AsyncIterator[None]:
    async with aiohttp.ClientSession() as client, asyncio.TaskGroup() as group:
        tasks = []
        for phone, address in addresses.items():
            socket = await client.ws_connect(address, headers={"Origin": ORIGIN} | headers.get(phone, {}))
            await socket.receive()
            tasks.append(group.create_task(subject.listen(phone, socket)))
        yield
        for task in tasks:
            task.cancel()


def _member(phone: str) -> bytes:
    return message(
        "Event: QueueMember", "Queue: sec", f"Location: {phone}", f"Name: {phone}", "Status: 1", "Paused: 0"
    )


def percentile(times: list[float], percent: int) -> float:
    """The percentile of each hundred calls, and of these the median: one stall is not ours."""
    hundreds = [times[start : start + 100] for start in range(0, len(times) - 50, 100)]
    found = [statistics.quantiles(some, n=100, method="inclusive")[percent - 1] for some in hundreds]
    return statistics.median(found)
