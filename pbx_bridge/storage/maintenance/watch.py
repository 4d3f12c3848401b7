"""Whether the database answers: one looks, so that nobody else has to wait to find out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from pbx_bridge.storage.db.disk import Disk
from pbx_bridge.storage.db.engine import Database, StorageUnavailable
from pbx_bridge.storage.maintenance import migrate

log = structlog.get_logger(__name__)

LOOK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class StorageState:
    """`since`: of the last change."""

    up: bool
    since: datetime


class StorageWatch:
    """Looks again and again while it runs. `reasons`: why the database is not fit for use, as `/readyz` says
    it; empty when it is."""

    def __init__(self, db: Database, clock: Callable[[], datetime], *, seconds: float = LOOK_SECONDS) -> None:
        self._db, self._clock, self._seconds = db, clock, seconds
        self.state = StorageState(up=True, since=clock())
        self.reasons: tuple[str, ...] = ()
        self._failing, self._disk = "", Disk(db)

    async def run(self) -> None:
        """Until cancelled; only meanwhile a silent database is refused to others at once."""
        self._db.watched = True
        try:
            while True:
                await self.look()
                await asyncio.sleep(self._seconds)
        finally:
            self._db.watched = False

    async def look(self) -> None:
        """One look. A write that failed counts once it has failed from one look to the next: a crowd of
        writers is no fault."""
        try:
            unfit = migrate.unfit(await self._db.look(migrate.version))
            fault = await self._disk.fault()
        except StorageUnavailable as error:
            self._set((error.code,), up=False)
            return
        before, self._failing = self._failing, self._db.down
        if before and self._failing:
            self._set(("storage_down",), up=False)
        elif fault:
            self._set((fault,), up=False)
        else:
            self._set(() if unfit is None else (unfit.code,), up=True)

    def _set(self, reasons: tuple[str, ...], *, up: bool) -> None:
        self.reasons = reasons
        if up != self.state.up:
            self.state = StorageState(up, self._clock())
            log.warning("storage_up" if up else "storage_down", reason=self._db.down or reasons)
