"""A command acts once; a database that says nothing costs the memory of it, not the command."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.session import idempotency
from pbx_bridge.desk.session.idempotency import AnsweredCommands
from pbx_bridge.storage.db.engine import AsyncConnection, Database, StorageUnavailable
from tests.sample_company import furnish
from tests.until import PATIENCE

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Deed:
    """Counts how often it is done."""

    def __init__(self) -> None:
        self.done = 0

    async def __call__(self) -> p.Answer:
        self.done += 1
        return p.Answer("c1", ok=True)


class SilentDatabase(Database):
    """Takes the question and never answers, as a server that was stopped."""

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        await asyncio.Event().wait()
        raise AssertionError
        yield

    @contextlib.asynccontextmanager
    async def write(self, *, rebuilding: bool = False) -> AsyncIterator[AsyncConnection]:
        await asyncio.sleep(0.5)
        raise StorageUnavailable("unreachable")
        yield


async def test_the_same_command_acts_once_also_in_the_next_life(sqlite_db: Database) -> None:
    account, deed = (await furnish(sqlite_db)).anna_account, Deed()
    first = AnsweredCommands(sqlite_db, lambda: NOW)
    assert await first.once(account, "c1", deed) == await first.once(account, "c1", deed)
    await first.settle(5)

    assert (await AnsweredCommands(sqlite_db, lambda: NOW).once(account, "c1", deed)).ok
    assert deed.done == 1


async def test_nobody_on_the_telephone_waits_for_a_silent_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "PATIENCE", 0.01)
    deed = Deed()
    silent = AnsweredCommands(SilentDatabase("postgresql://nobody@127.0.0.1:1/none"), lambda: NOW)

    async with asyncio.timeout(PATIENCE):
        assert (await silent.once("anna", "c1", deed)).ok
        assert (await silent.once("anna", "c1", deed)).ok

    assert deed.done == 1
    await silent.settle(0)
