"""Pops of all others while one company of 20,000 people is at its computer, beside pops of the quiet house.

Twenty calls a second go through the service all the time, first alone, then until the customer is done.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from pbx_bridge.auth.sessions import Sessions
from pbx_bridge.settings import AuthSettings
from pbx_bridge.storage.access import accounts
from pbx_bridge.storage.db.engine import Database
from tests.bench.figure import Figure, held
from tests.bench.pop_latency import WARM_UP, Subject, ours, percentile
from tests.bench.sized_database import furnish
from tests.big.company import EMPLOYEES, move_in

COMPANIES, VIPS = 20, 100
CALLS_PER_SECOND = 20
SECONDS = 15
HALF = 1 / CALLS_PER_SECOND / 2


async def run() -> list[Figure]:
    """The ratio in one run. Each deed alone is told on standard error: it says where a ratio comes from."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        url = f"sqlite:///{path}"
        floor = await furnish(url, COMPANIES, VIPS)
        move_in(path, tariff="t")
        key = await _log_in(url)
        async with ours(floor, url) as subject:
            quiet = await _quiet(subject)
            async with _customer(subject.port, *key) as deeds:
                by_deed = await _until_done(subject, deeds)
    busy = [seconds for taken in by_deed.values() for seconds in taken]
    for deed, taken in by_deed.items():
        ratio = percentile(taken, 99) / percentile(quiet, 99) if len(taken) > 50 else 0
        print(f"  {deed:<10} {len(taken):>6} pops  p99 {ratio:.2f} times the quiet one", file=sys.stderr)
    name = f"pop p99 beside a company of {EMPLOYEES:,} at work"
    return [
        held(name, percentile(busy, 99) / percentile(quiet, 99), "times", "at most", 2),
        held(f"{name}, worst deed", max(map(_p99, by_deed.values())) * 1e3, "ms", "at most", 10),
    ]


def _p99(taken: list[float]) -> float:
    return percentile(taken, 99) if len(taken) > 50 else 0.0


async def _quiet(subject: Subject) -> list[float]:
    for number in range(WARM_UP + CALLS_PER_SECOND * SECONDS):
        if number == WARM_UP:
            subject.taken.clear()
        await _call(subject)
    return subject.taken[:]


async def _until_done(subject: Subject, deeds: asyncio.Queue[str]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    deed = await deeds.get()
    while deed:
        subject.taken = found[deed] = []
        while deeds.empty():
            await _call(subject)
        deed = deeds.get_nowait()
    return found


async def _call(subject: Subject) -> None:
    subject.arrive()
    await asyncio.sleep(HALF)
    subject.ring()
    await asyncio.sleep(HALF)


@contextlib.asynccontextmanager
async def _customer(port: int, *key: str) -> AsyncIterator[asyncio.Queue[str]]:
    """What the customer begins with, as it happens; "" at the end."""
    arguments = ("-m", "tests.bench.customer_at_work", str(port), *key)
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=PIPE)
    deeds: asyncio.Queue[str] = asyncio.Queue()

    async def listen() -> None:
        assert process.stdout is not None
        await process.stdout.readline()
        async for line in process.stdout:
            deeds.put_nowait(line.decode().strip())
        deeds.put_nowait("")

    listening = asyncio.create_task(listen())
    try:
        yield deeds
        await listening  # the end of what it says is its own end: nobody need be told to stop
    finally:
        if not listening.done():
            process.terminate()
        await asyncio.gather(process.wait(), listening)
    if process.returncode:
        raise RuntimeError("the customer could not do what was to be done")


async def _log_in(url: str) -> tuple[str, str]:
    db = Database(url)
    sessions = Sessions(db, AuthSettings(), lambda: datetime.now(UTC))
    async with db.write() as conn:
        found = await accounts.by_login(conn, "kunde")
        assert found is not None
        token, session = await sessions.begin(conn, found[0])
    await db.close()
    return token, session.csrf
