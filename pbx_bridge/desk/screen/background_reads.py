"""Reads of the database beside the calls: nothing of it delays a pop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from pbx_bridge.storage.db.engine import Database, StorageUnavailable
from pbx_bridge.tasks import BackgroundTasks

log = structlog.get_logger(__name__)


Work = Callable[[], Awaitable[None]]


class BackgroundReads:
    """What fails costs only itself. What a database that is away was asked, it is asked again when it is
    there."""

    def __init__(self, db: Database) -> None:
        self._tasks = BackgroundTasks()
        self._unanswered: dict[tuple[str, ...], Work] = {}
        db.on_recovery(self._ask_again)

    @property
    def idle(self) -> bool:
        """Whether nothing is being read."""
        return self._tasks.idle

    def start(self, what: tuple[str, ...], work: Work) -> None:
        """Begin it; nobody waits. `what` names the question: of two that are the same one is asked again."""
        self._tasks.start(self._ask(what, work))

    async def guarded(self, work: Awaitable[None]) -> bool:
        """Do it now; never raises. False: the database did not answer."""
        try:
            await work
        except StorageUnavailable as error:
            log.warning("desk_history_unreadable", reason=error.reason)
            return False
        except Exception:
            log.exception("desk_history_failed")
        return True

    async def _ask(self, what: tuple[str, ...], work: Work) -> None:
        if not await self.guarded(work()):
            self._unanswered[what] = work

    def _ask_again(self) -> None:
        again, self._unanswered = self._unanswered, {}
        for what, work in again.items():
            self.start(what, work)

    async def settle(self, seconds: float) -> None:
        """Before the database is closed: what is being read comes to its end."""
        await self._tasks.settle(seconds)
