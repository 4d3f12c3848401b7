"""A command acts once; a database that says nothing costs the memory of it, not the command."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.session import idempotency
from pbx_bridge.desk.session.idempotency import AnsweredCommands, AnswerWrite
from pbx_bridge.storage.db.engine import AsyncConnection, Database, StorageUnavailable
from tests.sample_company import furnish
from tests.until import PATIENCE

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Deed:
    """Counts how often it is done."""

    def __init__(self) -> None:
        self.done = 0

    async def __call__(self, _stored_with: AnswerWrite) -> p.Answer:
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
    await first.settle(PATIENCE)

    assert (await AnsweredCommands(sqlite_db, lambda: NOW).once(account, "c1", deed, PATIENCE)).ok
    assert deed.done == 1


class StoredDeed:
    """Done in a transaction, which takes in the answer, and is taken or not."""

    def __init__(self, db: Database, *, taken: bool) -> None:
        self._db, self._taken = db, taken

    async def __call__(self, stored_with: AnswerWrite) -> p.Answer:
        try:
            async with self._db.write() as conn:
                await stored_with(conn)
                if not self._taken:
                    raise StorageUnavailable("locked")
        except StorageUnavailable:
            return p.Answer("c1", ok=False, code="not_now")
        return p.Answer("c1", ok=True)


async def _refuse(_stored_with: AnswerWrite) -> p.Answer:
    return p.Answer("c1", ok=False, code="not_now")


@pytest.mark.parametrize("case, writes", [("taken", 1), ("not taken", 2), ("refused", 1)])
async def test_an_answer_is_written_once_and_as_it_was_given(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch, case: str, writes: int
) -> None:
    account, written = (await furnish(sqlite_db)).anna_account, list[p.Answer]()
    remember = idempotency.remember

    async def counted(conn: AsyncConnection, account_id: str, answer: p.Answer, now: datetime) -> None:
        written.append(answer)
        await remember(conn, account_id, answer, now)

    monkeypatch.setattr(idempotency, "remember", counted)
    deed = _refuse if case == "refused" else StoredDeed(sqlite_db, taken=case == "taken")
    answered = AnsweredCommands(sqlite_db, lambda: NOW)
    answer = await answered.once(account, "c1", deed, PATIENCE)
    await answered.settle(PATIENCE)
    assert len(written) == writes
    assert answer.ok == (case == "taken")

    never = Deed()
    assert await AnsweredCommands(sqlite_db, lambda: NOW).once(account, "c1", never, PATIENCE) == answer
    assert never.done == 0


async def test_nobody_on_the_telephone_waits_for_a_silent_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "PATIENCE", 0.01)
    deed = Deed()
    silent = AnsweredCommands(SilentDatabase("postgresql://nobody@127.0.0.1:1/none"), lambda: NOW)

    async with asyncio.timeout(PATIENCE):
        assert (await silent.once("anna", "c1", deed)).ok
        assert (await silent.once("anna", "c1", deed)).ok

    assert deed.done == 1
    await silent.settle(0)
