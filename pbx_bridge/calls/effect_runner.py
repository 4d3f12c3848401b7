"""Carries out effects: those of one call in order, those of different calls side by side, and no failure
spreads."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from itertools import chain
from typing import Any, TypeVar

import structlog

from pbx_bridge import metrics
from pbx_bridge.calls.message import Effect

Handler = Callable[[Any], Awaitable[None] | None]
"""A plain function is done at once; what has to wait for something is a coroutine."""
Kind = TypeVar("Kind", bound=Effect)
Binding = tuple[type[Effect], tuple[Handler, ...]]
"""An effect, and what is done about it in this order."""
LANE_LIMIT = 10_000
"""Effects that may wait for one call; more means that its handler hangs."""

_log = structlog.get_logger(__name__)


class EffectRunner:
    """One small task per lane, alive only while it has work.

    Lane = the effect's call and `lane`.
    """

    def __init__(self, handlers: Mapping[type[Effect], Handler]) -> None:
        self._handlers = handlers
        self._lanes: dict[tuple[str, str], deque[Effect]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, effect: Effect) -> None:
        """Never blocks. An effect without a handler is a failure, counted and logged.

        A plain handler whose lane is empty has done its work on return: a pop waits for no turn of the loop.
        """
        if type(effect) not in self._handlers:
            self._failed(effect, "no handler")
            return
        key = (effect.of_call, effect.lane)
        # A lane exists only while something of it waits: what comes then must queue up behind it, and what
        # comes to no lane need not wait for a task to begin.
        lane = self._lanes.get(key)
        if lane is None:
            self._open(key, effect)
        elif len(lane) >= LANE_LIMIT:
            self._failed(effect, "lane full")
        else:
            lane.append(effect)

    def _open(self, key: tuple[str, str], effect: Effect) -> None:
        begun = self._begin(effect)
        if begun is None:
            return
        lane = self._lanes[key] = deque()
        task = asyncio.create_task(self._drive(key, lane, effect, begun))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Returns when nothing is left to do."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        """Ends all lanes, finished or not."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _drive(
        self, key: tuple[str, str], lane: deque[Effect], effect: Effect, begun: Awaitable[None] | None
    ) -> None:
        try:
            await self._finish(effect, begun)
            while lane:
                effect = lane.popleft()
                await self._finish(effect, self._begin(effect))
        finally:
            # Between the last look at the lane and this line nothing is awaited, so no effect is left behind
            # in a lane that nobody drives; a cancelled one must not keep its key either.
            self._lanes.pop(key, None)

    def _begin(self, effect: Effect) -> Awaitable[None] | None:
        """What is left to wait for; None when it is done, or has failed."""
        try:
            return self._handlers[type(effect)](effect)
        except Exception:
            self._failed(effect, "handler failed", exc_info=True)
            return None

    async def _finish(self, effect: Effect, begun: Awaitable[None] | None) -> None:
        try:
            if begun is not None:
                await begun
        except Exception:
            self._failed(effect, "handler failed", exc_info=True)

    def _failed(self, effect: Effect, what: str, *, exc_info: bool = False) -> None:
        name = type(effect).__name__
        metrics.HANDLER_FAILURES.labels(name).inc()
        _log.error(what, effect=name, call=effect.of_call, exc_info=exc_info)


def on(kind: type[Kind], *handlers: Callable[[Kind], Awaitable[None] | None]) -> Binding:
    """What a room does about this kind, in order; the type checker holds each handler to it."""
    return kind, handlers


def by_kind(*rooms: Iterable[Binding]) -> dict[type[Effect], tuple[Handler, ...]]:
    """The handlers of each kind, in the order of the rooms. What a room does about `Effect` itself it does
    about every kind that somebody handles, and after all others: it looks at what they have made."""
    table: dict[type[Effect], tuple[Handler, ...]] = {}
    for kind, handlers in chain.from_iterable(rooms):
        table[kind] = (*table.get(kind, ()), *handlers)
    after = table.pop(Effect, ())
    return {kind: (*handlers, *after) for kind, handlers in table.items()}


def fan_out(*handlers: Handler) -> Handler:
    """One handler that does what all of them do, in order; the failure of one does not stop the next.

    As long as they are plain functions, it is one: all is done on return.
    """

    def handle(effect: Any) -> Awaitable[None] | None:
        failures: list[Exception] = []
        left = iter(handlers)
        for handler in left:
            try:
                rest = handler(effect)
            except Exception as error:  # raised below, for whoever counts and logs
                failures.append(error)
            else:
                if rest is not None:
                    # `left` goes on where it stands: the others keep their place behind the one that waits.
                    return _in_turn(rest, left, effect, failures)
        _raise(failures)
        return None

    return handle


async def _in_turn(
    begun: Awaitable[None], handlers: Iterable[Handler], effect: Effect, failures: list[Exception]
) -> None:
    try:
        await begun
    except Exception as error:
        failures.append(error)
    for handler in handlers:
        try:
            rest = handler(effect)
            if rest is not None:
                await rest
        except Exception as error:
            failures.append(error)
    _raise(failures)


def _raise(failures: list[Exception]) -> None:
    if failures:
        raise ExceptionGroup("handlers", failures)
