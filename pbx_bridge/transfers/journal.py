"""Writes down who was rung and what came of it, and tells after a restart whom a living attempt is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

import structlog

from pbx_bridge import metrics
from pbx_bridge.calls.ids import CallNames
from pbx_bridge.calls.journal import OF_NOBODY, Journal, row_of
from pbx_bridge.calls.message import Effect, Message
from pbx_bridge.calls.state import CallState
from pbx_bridge.storage.calls import attempts, calls
from pbx_bridge.storage.db.engine import AsyncConnection, Database, StorageUnavailable
from pbx_bridge.tasks import BackgroundTasks
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import Result

log = structlog.get_logger(__name__)

Whose = Callable[[str | None, str], str]
"""Company, digits → id of its employee who is rung there; "" when that is nobody, or not certain."""


class AttemptJournal:
    """Handlers for the attempts of put-throughs; `live` is the registry's view, `put` the dispatcher's,
    `alive`: the attempts that are not over, `names`: as the database has them."""

    def __init__(
        self,
        journal: Journal,
        db: Database,
        live: Mapping[str, CallState],
        put: Callable[[Message], None],
        alive: Callable[[], frozenset[str]],
        whose: Whose,
        names: CallNames,
        clock: Callable[[], datetime],
    ) -> None:
        self._journal, self._db, self._live, self._put = journal, db, live, put
        self._alive, self._whose, self._clock, self._names = alive, whose, clock, names
        self._background = BackgroundTasks()

    def started(self, effect: msg.AttemptStarted) -> None:
        """An employee is rung."""
        if call := self._live.get(effect.call):
            row = self._row(call, effect.attempt, effect.at, effect.employee)
            told = replace(
                row,
                as_deputy=effect.as_deputy,
                asked_id=effect.asked or None,
                number=effect.number,
                left_out=effect.left_out,
            )
            self._begin(call, told)

    def answered(self, effect: msg.AttemptAnswered) -> None:
        """The employee picked up."""
        this = self._names.stored(effect.attempt)
        self._journal.write(lambda conn: attempts.answered(conn, this, effect.at))

    def ended(self, effect: msg.AttemptEnded) -> None:
        """With its result."""
        metrics.TRANSFERS.labels(effect.result.value).inc()
        this = self._names.stored(effect.attempt)
        self._journal.write(lambda conn: attempts.ended(conn, this, effect.result.value, effect.at))

    def adopted(self, effect: msg.AttemptAdopted) -> None:
        """An attempt of an earlier run of this service still lives: the number tells whom it is for, and the
        database, if it was still written down, as whose deputy."""
        call = self._live.get(effect.call)
        if call is None:
            return
        employee = self._whose(call.customer_id, effect.number)
        self._begin(call, self._row(call, effect.attempt, effect.at or self._clock(), employee))
        if employee:
            this = self._names.stored(effect.attempt)
            self._journal.write(lambda conn: attempts.name(conn, this, employee, as_deputy=False))
            self._put(msg.AttemptKnown(effect.call, effect.attempt, employee))
        self._background.start(self._look_up(call.id, effect))

    def resynced(self, _effect: Effect) -> None:
        """Whatever an earlier run of this service rang here and lives no longer is over; how is not known."""
        alive, now = {self._names.stored(one) for one in self._alive()}, self._clock()

        async def close(conn: AsyncConnection) -> None:
            for attempt in await attempts.unfinished(conn, self._names.pbx, nobodys_until=now - OF_NOBODY):
                if attempt.id not in alive:
                    await attempts.ended(conn, attempt.id, Result.UNKNOWN.value, now)

        self._journal.write(close)

    async def settle(self, seconds: float) -> None:
        """Before the database is closed: what is being read comes to its end."""
        await self._background.settle(seconds)

    def _row(self, call: CallState, attempt: str, at: datetime, employee: str) -> attempts.StoredAttempt:
        return attempts.StoredAttempt(self._names.stored(attempt), call.id, at, employee or None)

    def _begin(self, call: CallState, row: attempts.StoredAttempt) -> None:
        """With the row of its call, if the journal should have lost that."""

        async def begin(conn: AsyncConnection) -> None:
            if not await attempts.insert(conn, row) and await calls.insert(
                conn, row_of(call, self._names, None)
            ):
                await attempts.insert(conn, row)

        self._journal.write(begin)

    async def _look_up(self, call_id: str, effect: msg.AttemptAdopted) -> None:
        try:
            async with self._db.read() as conn:
                known = await attempts.of_call(conn, call_id)
        except StorageUnavailable as error:
            log.warning("attempt_unreadable", reason=error.reason)
            return
        for attempt in known:
            if self._names.told(attempt.id) == effect.attempt and (attempt.employee_id or attempt.number):
                whom = (attempt.employee_id or "", attempt.as_deputy, attempt.asked_for or "", attempt.number)
                self._put(msg.AttemptKnown(effect.call, effect.attempt, *whom))
