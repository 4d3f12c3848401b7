"""Work that would hold the loop, in a process of its own, with limits of time and memory.

A thread is not enough: Python does one thing at a time, and a thread that reads a large file keeps the calls
waiting for it again and again. The process is one of our modules; it reads standard input and writes standard
output.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import IO
from weakref import WeakKeyDictionary

from pbx_bridge.errors import Refused

AT_ONCE = 2
"""Processes at once: the others wait for their turn."""
NICE = 10

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Limits:
    """`seconds` of CPU, and three times as many on the clock; `memory` in bytes."""

    seconds: int
    memory: int = 1 << 30


async def done(module: str, *arguments: str, limits: Limits, data: bytes) -> bytes | Refused:
    """What the module makes of `data`; Refused("too_much") when it ends badly or takes too long."""
    async with process(module, *arguments, limits=limits) as child:
        try:
            async with asyncio.timeout(3 * limits.seconds):
                out, _ = await child.communicate(data)
        except TimeoutError:
            return Refused("too_much")
    return out if child.returncode == 0 else Refused("too_much")


@contextlib.asynccontextmanager
async def process(
    module: str, *arguments: str, limits: Limits, stdout: int | IO[bytes] = PIPE
) -> AsyncIterator[Process]:
    """The process, which is dead when the block ends."""
    loop = asyncio.get_running_loop()
    async with _turns.setdefault(loop, asyncio.Semaphore(AT_ONCE)):
        said = (str(limits.seconds), str(limits.memory))
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", __name__, module, *said, *arguments),
            stdin=PIPE,
            stdout=stdout,
            stderr=DEVNULL,
        )
        try:
            yield child
        finally:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
                await child.wait()


def main() -> None:
    """In the process: keep to the limits, then let the module's `main` take the other arguments."""
    module, seconds, memory, *arguments = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    os.nice(NICE)
    __import__(module, fromlist=["main"]).main(arguments)


if __name__ == "__main__":
    main()
