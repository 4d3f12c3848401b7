"""The one consumer of everything that happens, and the one writer of the live state."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog

from pbx_bridge import metrics
from pbx_bridge.calls.effect_runner import EffectRunner, Handler
from pbx_bridge.calls.effects import Unexpected
from pbx_bridge.calls.inbox import Inbox
from pbx_bridge.calls.message import Effect, Message
from pbx_bridge.calls.state import EventFilter, Reducer

FAIR_SHARE = 200
"""So many messages in a row, then everybody else on this event loop has a turn."""

_log = structlog.get_logger(__name__)


class Dispatcher:
    """Messages of `inbox` that `gate` believes go through all reducers in order; their effects go to
    `handlers`, one task per call (`EffectRunner`)."""

    def __init__(
        self,
        inbox: Inbox,
        reducers: Sequence[Reducer],
        handlers: Mapping[type[Effect], Handler],
        clock: Callable[[], datetime],
        *,
        gate: EventFilter | None = None,
    ) -> None:
        self._reducers, self._clock, self._gate = tuple(reducers), clock, gate
        if gate is not None:
            self._reducers = (gate, *self._reducers)
        self._inbox = inbox
        self.runner = EffectRunner(handlers)

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                await self._wait()
                self._work(FAIR_SHARE)
                await asyncio.sleep(0)
        finally:
            await self.runner.close()

    async def _wait(self) -> None:
        """Until there is a message, or the earliest deadline has come."""
        due = self._due()
        await self._inbox.filled(None if due is None else max(0.0, (due - self._clock()).total_seconds()))

    def _due(self) -> datetime | None:
        return min((at for reducer in self._reducers if (at := reducer.deadline())), default=None)

    def _work(self, share: int) -> None:
        now = self._clock()
        due = self._due()
        if due and due <= now:
            for reducer in self._reducers:
                self._guard(reducer, reducer.tick, now)
        while self._inbox and share:
            share -= 1
            message = self._inbox.take()
            now = self._clock()
            if self._believed(message, now):
                for reducer in self._reducers:
                    self._guard(reducer, reducer.apply, message, now)

    def _believed(self, message: Message, now: datetime) -> bool:
        if self._gate is None:
            return True
        instead = self._gate.refuses(message, now)
        if instead is None:
            return True
        self._tell(instead)
        return False

    def _guard(self, reducer: Reducer, turn: Callable[..., Sequence[Effect]], *args: object) -> None:
        """A bug in one reducer costs one message, not the service."""
        try:
            effects = turn(*args)
        except Exception:
            metrics.HANDLER_FAILURES.labels(type(reducer).__name__).inc()
            _log.exception("reducer failed", reducer=type(reducer).__name__)
            return
        self._tell(effects)

    def _tell(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Unexpected):
                metrics.UNEXPECTED.labels(effect.machine).inc()
                _log.warning(
                    "unexpected",
                    machine=effect.machine,
                    state=effect.state,
                    what=effect.event,
                    call=effect.call,
                )
            else:
                self.runner.put(effect)
