"""`pbx-bridge serve` as a process of its own, as an operator runs it: to be killed, and to be read."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.until import PATIENCE, until

ROOT = Path(__file__).resolve().parents[2]
Sections = Mapping[str, dict[str, Any]]


class ServeProcess:
    """`settings`: section → key → value; `secrets`: what stands in no file. `said`: its log, line by line.

    `python` and `home`: another installation than the checkout's, and where it is started.
    """

    def __init__(
        self,
        file: Path,
        settings: Sections,
        secrets: Mapping[str, str],
        python: str = sys.executable,
        home: Path = ROOT,
    ) -> None:
        self._file, self._secrets, self._python, self._home = file, secrets, python, home
        # JSON's numbers, texts, lists and truths are TOML's as well.
        file.write_text(
            "\n".join(
                f"[{section}]\n" + "\n".join(f"{key} = {json.dumps(value)}" for key, value in keys.items())
                for section, keys in settings.items()
            )
        )
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self.said: list[str] = []

    async def start(self) -> None:
        """Returns when it listens."""
        before = self._ready
        await self.begin()
        await until(lambda: self._ready > before or self.ended, 90, "the service listens")
        assert not self.ended, "\n".join(self.said[-20:])

    async def begin(self, *options: str) -> None:
        """Returns at once."""
        self._process = await asyncio.create_subprocess_exec(
            self._python, "-m", "pbx_bridge", "--settings", str(self._file), "serve", *options,
            cwd=self._home, env=os.environ | self._secrets, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT,
        )  # fmt: skip
        self._reading = asyncio.create_task(self._read(self._process))

    def signal(self, number: int) -> None:
        """Any signal."""
        assert self._process is not None
        self._process.send_signal(number)

    async def kill(self) -> None:
        """As `kill -9`; harmless when it is dead already."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
        await self._gone()

    async def stop(self) -> int:
        """In order, as an operator stops it; its exit status."""
        assert self._process is not None
        if not self.ended:
            self._process.terminate()
        async with asyncio.timeout(PATIENCE):
            await self._gone()
        return self._process.returncode or 0

    def limit_files(self, size: int) -> None:
        """No byte of a file beyond `size` can be written (-1: no limit): `ulimit -f` from outside."""
        assert self._process is not None
        _, hard = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (size, hard))

    async def _gone(self) -> None:
        if self._process is not None and self._reading is not None:
            await self._process.wait()
            await self._reading

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.said.append(line.decode().rstrip())

    @property
    def _ready(self) -> int:
        return sum('"event": "ready"' in line for line in self.said)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether it has ended by itself."""
        return self._process is not None and self._process.returncode is not None
