"""Reads of the database beside the calls: nothing of it delays a pop."""

from __future__ import annotations

from collections.abc import Awaitable, Coroutine
from typing import Any

import structlog

from pbx_bridge.storage.db.engine import StorageUnavailable
from pbx_bridge.tasks import BackgroundTasks

log = structlog.get_logger(__name__)


class BackgroundReads:
    """What fails costs only itself; a database that is away is written into the log and no more."""

    def __init__(self) -> None:
        self._tasks = BackgroundTasks()

    @property
    def idle(self) -> bool:
        """Whether nothing is being read."""
        return self._tasks.idle

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin it; nobody waits."""
        self._tasks.start(self.guarded(work))

    async def guarded(self, work: Awaitable[None]) -> None:
        """Do it now; never raises."""
        try:
            await work
        except StorageUnavailable as error:
            log.warning("desk_history_unreadable", reason=error.reason)
        except Exception:
            log.exception("desk_history_failed")

    async def settle(self, seconds: float) -> None:
        """Before the database is closed: what is being read comes to its end."""
        await self._tasks.settle(seconds)
