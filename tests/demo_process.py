"""The demo as a process of its own, started as a newcomer starts it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS, STOP_SECONDS = 60, 20
COMMAND = (sys.executable, "-m", "pbx_bridge", "demo")


@dataclass(frozen=True, slots=True)
class DemoProcess:
    """A demo that says it is open; `said` is everything it printed until then."""

    process: asyncio.subprocess.Process
    said: str

    @property
    def url(self) -> str:
        """Where it is, without a slash at the end."""
        found = re.search(r"http://localhost:\d+", self.said)
        assert found, self.said
        return found[0]

    async def end(self, how: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Ctrl-C, or another signal: exit status and the last words."""
        self.process.send_signal(how)
        async with asyncio.timeout(STOP_SECONDS):
            assert self.process.stdout is not None
            words = (await self.process.stdout.read()).decode()
            return await self.process.wait(), words


async def start(folder: Path, root: Path, *options: str) -> DemoProcess:
    """Start it in `folder` (where its var/demo will be) and wait until it is open."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        *(options or ("--port", "0", "--sip-port", "0")),
        cwd=folder,
        env=os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(root)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = ""
    assert process.stdout is not None
    async with asyncio.timeout(START_SECONDS):
        while "Ctrl-C ends everything" not in said:
            line = await process.stdout.readline()
            assert line, f"the demo ended with {await process.wait()}:\n{said}"
            said += line.decode()
    return DemoProcess(process, said)


@asynccontextmanager
async def running_demo(folder: Path, root: Path) -> AsyncIterator[DemoProcess]:
    """Started, and ended afterwards whatever the test did with it."""
    demo = await start(folder, root)
    try:
        yield demo
    finally:
        if demo.process.returncode is None:
            await demo.end()
