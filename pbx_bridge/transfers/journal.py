"""Writes down who was rung and what came of it, and tells after a restart whom a living attempt is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pbx_bridge import metrics
from pbx_bridge.calls.journal import Journal
from pbx_bridge.calls.state import CallState
from pbx_bridge.storage import attempts
from pbx_bridge.storage.engine import Database
from pbx_bridge.transfers import messages as msg


class AttemptJournal:
    """Handlers for the attempts of put-throughs; `live` is the registry's view, `put` the dispatcher's."""

    def __init__(
        self, journal: Journal, db: Database, live: Mapping[str, CallState], put: Callable[[object], None]
    ) -> None:
        self._journal, self._db, self._live, self._put = journal, db, live, put

    async def started(self, effect: msg.AttemptStarted) -> None:
        """An employee is rung."""
        call = self._live.get(effect.call)
        if call is None:
            return
        row = attempts.StoredAttempt(
            effect.attempt,
            call.id,
            effect.at,
            effect.employee or None,
            effect.as_deputy,
            asked_id=effect.asked or None,
        )
        self._journal.write(lambda conn: attempts.insert(conn, row))

    async def answered(self, effect: msg.AttemptAnswered) -> None:
        """The employee picked up."""
        self._journal.write(lambda conn: attempts.answered(conn, effect.attempt, effect.at))

    async def ended(self, effect: msg.AttemptEnded) -> None:
        """With its result."""
        metrics.TRANSFERS.labels(effect.result.value).inc()
        self._journal.write(lambda conn: attempts.ended(conn, effect.attempt, effect.result.value, effect.at))

    async def adopted(self, effect: msg.AttemptAdopted) -> None:
        """An attempt of an earlier life of ours still lives: whom it is for stands in the database."""
        call = self._live.get(effect.call)
        if call is None:
            return
        async with self._db.read() as conn:
            known = await attempts.of_call(conn, call.id)
        for attempt in known:
            if attempt.id == effect.attempt and attempt.employee_id:
                whom = (attempt.employee_id, attempt.as_deputy, attempt.asked_for or "")
                self._put(msg.AttemptKnown(effect.call, attempt.id, *whom))
