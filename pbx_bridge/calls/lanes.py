"""Carries out effects: those of one call in order, those of different calls side by side, and no failure
spreads."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from pbx_bridge import metrics

Handler = Callable[[Any], Awaitable[None]]
LANE_LIMIT = 10_000
"""Effects that may wait for one call; more means that its handler hangs."""

_log = structlog.get_logger(__name__)


class Lanes:
    """One small task per lane, alive only while it has work. Lane = call and `effect.lane` (a class
    attribute, "" if none):
    what goes to the PBX need not wait for what goes to the database."""

    def __init__(self, handlers: Mapping[type, Handler]) -> None:
        self._handlers = handlers
        self._lanes: dict[tuple[str, str], deque[object]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, effect: object) -> None:
        """Never blocks. An effect without a handler is nobody's business."""
        if type(effect) not in self._handlers:
            return
        key = (getattr(effect, "call", ""), getattr(effect, "lane", ""))
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = deque()
            task = asyncio.create_task(self._drive(key, lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if len(lane) >= LANE_LIMIT:
            self._failed(effect, "lane full")
            return
        lane.append(effect)

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

    async def _drive(self, key: tuple[str, str], lane: deque[object]) -> None:
        try:
            while lane:
                await self._handle(lane.popleft())
        finally:
            self._lanes.pop(key, None)

    async def _handle(self, effect: object) -> None:
        try:
            await self._handlers[type(effect)](effect)
        except Exception:
            self._failed(effect, "handler failed", exc_info=True)

    def _failed(self, effect: object, what: str, *, exc_info: bool = False) -> None:
        name = type(effect).__name__
        metrics.HANDLER_FAILURES.labels(name).inc()
        _log.error(what, effect=name, call=getattr(effect, "call", ""), exc_info=exc_info)


def each(*handlers: Handler) -> Handler:
    """One handler that does what all of them do, in order; the failure of one does not stop the next."""

    async def handle(effect: Any) -> None:
        failures: list[Exception] = []
        for handler in handlers:
            try:
                await handler(effect)
            except Exception as error:  # raised below, for whoever counts and logs
                failures.append(error)
        if failures:
            raise ExceptionGroup("handlers", failures)

    return handle
