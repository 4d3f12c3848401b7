"""`pbx-bridge serve` as a process, with a database and nothing else: no PBX, no mail server."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pbx_bridge.asterisk.ports import free_port
from tests.integration.serve_process import ROOT, ServeProcess
from tests.raw_http import ask, head


@dataclass
class LoneService:
    """`service` said is its log; `port` of the web server."""

    service: ServeProcess
    port: int

    def said(self, event: str) -> list[dict[str, Any]]:
        """Lines of the log with this event."""
        lines = [json.loads(line) for line in self.service.said if line.startswith("{")]
        return [line for line in lines if line["event"] == event]


def settings_of(database_url: str, port: int, **web: Any) -> dict[str, dict[str, Any]]:
    """For a service whose PBX is not there."""
    return {
        "web": {"port": port, "public_url": f"http://localhost:{port}", **web},
        "database": {"url": database_url, "busy_timeout_seconds": 1},
        "ami": {"port": free_port(), "backoff_min_seconds": 0.5},
    }


@asynccontextmanager
async def lone_service(folder: Path, database_url: str, **web: Any) -> AsyncIterator[LoneService]:
    """Listening, until the block ends. `web`: keys of that section."""
    port = free_port()
    service = ServeProcess(folder / "settings.toml", settings_of(database_url, port, **web), {})
    await service.start()
    try:
        yield LoneService(service, port)
    finally:
        await service.kill()


@dataclass
class Pipe:
    """Where the log goes. Full from the beginning: the first line does not get in."""

    reading: int
    writing: int
    _read: bytearray = field(default_factory=bytearray)

    def text(self) -> bytes:
        """All that has come by now."""
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self.reading, 65_536):
                self._read += data
        return bytes(self._read)


@contextlib.contextmanager
def full_pipe() -> Iterator[Pipe]:
    """A pipe that takes no byte more."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    os.set_blocking(writing, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writing, b"\n" * 4096)
    os.set_blocking(writing, True)
    os.set_blocking(reading, False)
    try:
        yield Pipe(reading, writing)
    finally:
        os.close(reading)
        os.close(writing)


async def start(file: Path, settings: dict[str, dict[str, Any]], output: int) -> asyncio.subprocess.Process:
    """The service, its log going to a descriptor; returns at once."""
    ServeProcess(file, settings, {})  # writes the settings
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pbx_bridge", "--settings", str(file), "serve",
        cwd=ROOT, stdin=DEVNULL, stdout=output, stderr=output,
    )  # fmt: skip


async def answers(port: int, path: str = "/healthz") -> bool:
    """Whether somebody answers there."""
    try:
        return (await ask(port, head("GET", path))).status == 200
    except (OSError, TimeoutError):
        return False
