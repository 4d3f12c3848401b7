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
from pbx_bridge.storage import commands_seen
from pbx_bridge.storage.engine import Database, StorageUnavailable
from pbx_bridge.tasks import Errands

log = structlog.get_logger(__name__)

Act = Callable[[], Awaitable[p.Answer]]
REMEMBERED = 10_000
PATIENCE = 0.3
"""Seconds that a command waits for the memory of its answer, and an answer to be remembered: a caller on hold
must not wait for a database."""


class Answers:
    """Answers by (account, command id).

    A database that is down costs the memory over a restart, never the command.
    """

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock
        self._known: OrderedDict[tuple[str, str], asyncio.Task[p.Answer]] = OrderedDict()
        self._errands = Errands()

    async def once(self, account_id: str, command_id: str, act: Act) -> p.Answer:
        """The answer of this command; `act` runs only if it was never answered, and to its end whoever stops
        waiting."""
        key = account_id, command_id
        if key not in self._known:
            self._known[key] = self._errands.send(self._first(account_id, command_id, act))
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return await asyncio.shield(self._known[key])

    async def settle(self, seconds: float) -> None:
        """Before the database is closed: deeds that are under way come to their end."""
        await self._errands.settle(seconds)

    async def _first(self, account_id: str, command_id: str, act: Act) -> p.Answer:
        looking = self._errands.send(self._look(account_id, command_id))
        await asyncio.wait({looking}, timeout=PATIENCE)
        if looking.done() and (stored := looking.result()) is not None:
            return msgspec.convert(stored, p.Answer)
        answer = await act()
        storing = self._errands.send(self._remember(account_id, command_id, answer))
        await asyncio.wait({storing}, timeout=PATIENCE)
        return answer

    async def _look(self, account_id: str, command_id: str) -> dict[str, Any] | None:
        try:
            async with self._db.read() as conn:
                return await commands_seen.answer(conn, account_id, command_id)
        except StorageUnavailable as error:
            log.warning("desk_answer_unreadable", reason=error.reason)
            return None

    async def _remember(self, account_id: str, command_id: str, answer: p.Answer) -> None:
        stored = msgspec.to_builtins(answer)
        try:
            async with self._db.write() as conn:
                await commands_seen.remember(conn, account_id, command_id, stored, self._clock())
        except StorageUnavailable as error:
            log.warning("desk_answer_not_stored", reason=error.reason)
