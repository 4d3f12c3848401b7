"""Subjects of a measurement, each in a process of its own, so that nobody measures a neighbour."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Running:
    """`port`: the one it listens on."""

    pid: int
    port: int


@contextlib.asynccontextmanager
async def process(name: str, *arguments: str) -> AsyncIterator[Running]:
    """A module of `tests.bench` that prints its port, until the block ends."""
    started: Process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"tests.bench.{name}", *arguments, stdout=PIPE
    )
    assert started.stdout is not None
    try:
        port = int(await asyncio.wait_for(started.stdout.readline(), 60))
        yield Running(started.pid, port)
    finally:
        with contextlib.suppress(ProcessLookupError):
            started.terminate()
        await started.wait()
