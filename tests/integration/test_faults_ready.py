"""`/readyz` knows of a disk that takes nothing before a note is refused; no writer waits for it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from tests import databases
from tests.integration.lone_service import LoneService, lone_service
from tests.integration.test_faults_read_only import gone, out_of_reach, read_only
from tests.raw_http import ask, head

sqlite_url = databases.sqlite_url

WRITES_SECONDS = 3.0
"""Other writers wait five seconds for their turn; whoever holds it for longer than that is a fault."""
Fault = Callable[[LoneService, Path], AbstractContextManager[None]]


@contextmanager
def full(service: LoneService, _: Path) -> Iterator[None]:
    """No file may have a byte."""
    service.service.limit_files(1)
    yield
    service.service.limit_files(-1)


FAULTS: dict[str, tuple[Fault, str]] = {
    "full": (full, "disk_full"),
    "read-only": (lambda _, file: read_only(file), "read_only"),
    "out of reach": (lambda _, file: out_of_reach(file), "unreachable"),
    "gone": (lambda _, file: gone(file), "unreachable"),
}


@pytest.fixture
async def service(tmp_path: Path, sqlite_url: str) -> AsyncIterator[LoneService]:
    async with lone_service(tmp_path, sqlite_url) as running:
        yield running


async def reasons(service: LoneService) -> list[str]:
    answer = await ask(service.port, head("GET", "/readyz"))
    assert answer.status == 503  # there is no PBX here
    found: list[str] = json.loads(answer.body)["reasons"]
    return found


async def _says(service: LoneService, *wanted: set[str]) -> None:
    async with asyncio.timeout(30):
        while set(await reasons(service)) not in wanted:
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("name", FAULTS)
async def test_a_disk_that_takes_nothing_is_no_place_to_be_ready(
    service: LoneService, tmp_path: Path, name: str
) -> None:
    fault, reason = FAULTS[name]
    await _says(service, {"pbx_down"})
    with fault(service, tmp_path / "house.db"):
        await _says(service, {"pbx_down", reason}, {"pbx_down", "storage_down"})
    await _says(service, {"pbx_down"})


async def test_a_writer_is_no_fault_and_waits_for_nobody(service: LoneService, tmp_path: Path) -> None:
    await _says(service, {"pbx_down"})
    with closing(sqlite3.connect(tmp_path / "house.db", isolation_level=None, timeout=5)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        enough = time.monotonic() + WRITES_SECONDS
        while time.monotonic() < enough:
            assert await reasons(service) == ["pbx_down"]
            await asyncio.sleep(0.1)
        writer.execute("ROLLBACK")
