"""Tasks that end when they are told to, also in Python 3.11, and parts whose bugs cost nobody a call."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog

from pbx_bridge import metrics

AGAIN_SECONDS = 1.0
"""An orderly end takes less; whoever still runs then has not heard that it is over."""
PAUSE_SECONDS = 5.0

log = structlog.get_logger(__name__)


async def end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel until they are done: `wait_for` of Python 3.11 can swallow a cancellation, and SQLAlchemy's pool
    uses it."""
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_SECONDS)


@contextlib.asynccontextmanager
async def run_until_exit(
    parts: Iterable[Coroutine[Any, Any, None]],
) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Run `parts` side by side until the block ends; the crash of one ends the block and the others."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(part) for part in parts]
        try:
            yield tasks
        finally:
            await end(tasks)


async def run_all(parts: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Side by side until cancelled, or until all have ended; the crash of one ends the others."""
    async with run_until_exit(parts) as tasks:
        await asyncio.wait(tasks)


async def restart_on_error(
    name: str, part: Callable[[], Awaitable[None]], pause: float = PAUSE_SECONDS
) -> None:
    """A part that calls can do without: a bug in it is logged and counted, and it begins anew."""
    while True:
        try:
            return await part()
        except Exception:
            metrics.HANDLER_FAILURES.labels(name).inc()
            log.exception("part_failed", part=name)
        await asyncio.sleep(pause)


@dataclass(frozen=True, slots=True)
class RunningPart:
    """What runs as long as the process. A crash of a `vital` one, which calls need, ends the process; any
    other begins anew: no calendar, say, may cost a call. A PBX that is down is no crash."""

    name: str
    run: Callable[[], Awaitable[None]]
    vital: bool = False

    async def forever(self) -> None:
        """Until cancelled, or until it has done all that it has to do."""
        await (self.run() if self.vital else restart_on_error(self.name, self.run))


Item = TypeVar("Item")
AGAIN_AFTER = timedelta(minutes=10)


class OneByOne:
    """The deeds of a round that is about many, such as companies: one that fails by a fault of ours is logged
    and counted, and left out for `AGAIN_AFTER`; the others have their turn. `name`: of the part."""

    def __init__(self, name: str, clock: Callable[[], datetime]) -> None:
        self._name, self._clock = name, clock
        self._failed: dict[tuple[str, str], datetime] = {}

    async def each(
        self,
        what: str,
        items: Iterable[tuple[str, Item]],
        deed: Callable[[Item], Awaitable[None]],
        through: type[Exception],
    ) -> None:
        """The deed for each of these, by its id. `through`: is no fault of ours, and ends the round: as the
        database being away."""
        for one_id, item in items:
            failed, now = self._failed.get((what, one_id)), self._clock()
            if failed is not None and now - failed < AGAIN_AFTER:
                continue
            try:
                await deed(item)
            except through:
                raise
            except Exception:
                metrics.HANDLER_FAILURES.labels(self._name).inc()
                log.exception("part_failed_for_one", part=self._name, what=what, of=one_id)
                self._failed[what, one_id] = now
            else:
                self._failed.pop((what, one_id), None)


class BackgroundTasks:
    """Short tasks that nobody waits for while the service runs; at its end they may finish."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    @property
    def idle(self) -> bool:
        """Whether none is left."""
        return not self._running

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Begin it; kept alive until it is done."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def settle(self, seconds: float) -> None:
        """Wait until none is left, those sent meanwhile included; what takes longer is ended."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._running:
                    await asyncio.wait(self._running)
        await end(self._running)
