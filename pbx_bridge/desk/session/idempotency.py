"""The same command sent twice acts once: answers are remembered here, and in the database over a restart."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import msgspec
import structlog

from pbx_bridge.desk import protocol as p
from pbx_bridge.storage.db.engine import AsyncConnection, Database, StorageUnavailable
from pbx_bridge.storage.notes import idempotency
from pbx_bridge.tasks import BackgroundTasks

log = structlog.get_logger(__name__)

REMEMBERED = 10_000
UNDONE = frozenset({"storage_down", "overloaded"})
"""Answers that only ask to send the command again."""
PATIENCE = 0.3
"""Seconds that a command waits for the memory of its answer, and an answer to be remembered: a caller on hold
must not wait for a database."""
DISK_PATIENCE = 10.0
"""Of a command that the database has to take in any case: whether it has is the answer."""


class AnswerWrite:
    """For the transaction of the command itself: who dies before answering has answered all the same."""

    def __init__(self, account_id: str, command_id: str, clock: Callable[[], datetime]) -> None:
        self._account_id, self._clock = account_id, clock
        self._answer = p.Answer(command_id, ok=True)
        self._written = False

    async def __call__(self, conn: AsyncConnection) -> None:
        """That it was done is stored with what was done. Raises StorageUnavailable."""
        await remember(conn, self._account_id, self._answer, self._clock())
        self._written = True

    def has(self, answer: p.Answer) -> bool:
        """Whether this very answer is stored. A transaction that was not taken is answered otherwise."""
        return self._written and answer == self._answer


Act = Callable[[AnswerWrite], Awaitable[p.Answer]]
"""Does what is asked for; may store, together with it, that it was done."""


class AnsweredCommands:
    """Answers by (account, command id).

    A database that is down costs the memory over a restart, never the command.
    """

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock
        self._known: OrderedDict[tuple[str, str], asyncio.Task[p.Answer]] = OrderedDict()
        self._background = BackgroundTasks()

    async def once(self, account_id: str, command_id: str, act: Act, patience: float = PATIENCE) -> p.Answer:
        """The answer of this command; `act` runs only if it was never answered, and to its end whoever stops
        waiting. `patience`: seconds to look for an answer of a previous run of this process."""
        key = account_id, command_id
        if key not in self._known:
            task = self._known[key] = self._background.start(
                self._first(account_id, command_id, act, patience)
            )
            task.add_done_callback(lambda done: self._forget_failure(key, done))
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return await asyncio.shield(self._known[key])

    async def settle(self, seconds: float) -> None:
        """Before the database is closed: commands that are under way come to their end."""
        await self._background.settle(seconds)

    def _forget_failure(self, key: tuple[str, str], task: asyncio.Task[p.Answer]) -> None:
        """What did nothing may be asked for again with the same id."""
        failed = task.cancelled() or task.exception() is not None or task.result().code in UNDONE
        if failed and self._known.get(key) is task:
            del self._known[key]

    async def _first(self, account_id: str, command_id: str, act: Act, patience: float) -> p.Answer:
        looking = self._background.start(self._look(account_id, command_id))
        await asyncio.wait({looking}, timeout=patience)
        if looking.done() and (stored := looking.result()) is not None:
            return msgspec.convert(stored, p.Answer)
        stored_with = AnswerWrite(account_id, command_id, self._clock)
        answer = await act(stored_with)
        if answer.code in UNDONE or stored_with.has(answer):
            return answer
        storing = self._background.start(self._remember(account_id, answer))
        await asyncio.wait({storing}, timeout=PATIENCE)
        return answer

    async def _look(self, account_id: str, command_id: str) -> dict[str, Any] | None:
        try:
            async with self._db.read() as conn:
                return await idempotency.answer(conn, account_id, command_id)
        except StorageUnavailable as error:
            log.warning("desk_answer_unreadable", reason=error.reason)
            return None

    async def _remember(self, account_id: str, answer: p.Answer) -> None:
        try:
            async with self._db.write() as conn:
                await remember(conn, account_id, answer, self._clock())
        except StorageUnavailable as error:
            log.warning("desk_answer_not_stored", reason=error.reason)


async def remember(conn: AsyncConnection, account_id: str, answer: p.Answer, now: datetime) -> None:
    """The answer, for whoever sends its command again. Raises StorageUnavailable."""
    await idempotency.remember(conn, account_id, answer.id, msgspec.to_builtins(answer), now)
