"""The big company's database, made once in a test process, and the whole service on it."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from tests.big.company import build
from tests.databases import upgraded
from tests.desk_room import DeskRoom, desk_room


@pytest.fixture(scope="session")
def big_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that nobody writes into; the test process that wants it first makes it for all of them."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    path = shared / "big.db"
    with (shared / "big.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            making = shared / "big-making.db"
            asyncio.run(upgraded(f"sqlite:///{making}"))
            build(making, datetime.now(UTC))
            making.rename(path)
    return path


@pytest.fixture(scope="module")
def big_url(big_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("big-house") / "house.db"
    shutil.copyfile(big_template, path)
    return f"sqlite:///{path}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def big_room(big_url: str) -> AsyncIterator[DeskRoom]:
    """The running service, its PBX played; what stays for good is put aside, as after every start."""
    async with desk_room(big_url) as room:
        await room.rooms.upkeep.refresh.warm()
        yield room
