"""Keeps the newest picture of the floor, and tells everybody who looks that there is a newer one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Collection, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import structlog

from pbx_bridge.floor.drawing import Drawing
from pbx_bridge.floor.view import FloorView, Picture
from pbx_bridge.storage.calls import floor_figures
from pbx_bridge.storage.db.engine import Database, StorageUnavailable
from pbx_bridge.storage.outbox import undelivered

log = structlog.get_logger(__name__)

ZONE = ZoneInfo("Europe/Berlin")
"""Where the secretariat's day begins and ends."""
GAP_SECONDS = 0.5
"""Between two pictures: nobody reads faster, and a rush of calls costs the floor no more than a quiet day."""
FIGURES_SECONDS = 2.0
"""How old the day's figures may be: they cost a query over the day's calls."""

_encode = msgspec.json.Encoder().encode


class Live:
    """Pictures are drawn only while somebody looks.

    Every picture is whole, so a client that is slow, or comes back, takes the newest and has missed nothing.
    """

    def __init__(
        self,
        drawing: Drawing,
        db: Database,
        leaving: Collection[str],
        in_time: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self._drawing, self._db, self._leaving = drawing, db, leaving
        self._in_time, self._clock = in_time, clock
        self._days: Iterable[floor_figures.CompanyDay] = ()
        self._undelivered = 0
        self._days_until = clock()
        self._view: FloorView | None = None
        self._frame = b""
        self._version = 0
        self._lookers = 0
        self._moved, self._drawn = asyncio.Event(), asyncio.Event()

    def move(self) -> None:
        """Something is different."""
        self._moved.set()

    async def pictures(self, quiet_seconds: float) -> AsyncGenerator[bytes, None]:
        """The picture of now, then a newer one whenever there is one; close it when nobody looks any more.

        Empty: there was none for `quiet_seconds`.
        """
        self._lookers += 1
        self.move()
        seen = 0
        try:
            while True:
                newer = await self._newer(seen, quiet_seconds)
                seen = self._version if newer else seen
                yield self._frame if newer else b""
        finally:
            self._lookers -= 1
            if not self._lookers:
                self._view, self._frame = None, b""

    async def _newer(self, seen: int, quiet_seconds: float) -> bool:
        """Whether there is another picture than `seen` by then."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(quiet_seconds):
                while not self._frame or self._version == seen:
                    await self._drawn.wait()
        return bool(self._frame) and self._version != seen

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._something()
            self._moved.clear()
            if self._lookers:
                await self._look()
            await asyncio.sleep(GAP_SECONDS)

    async def _something(self) -> None:
        """Until something moved, or the figures may be others."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FIGURES_SECONDS):
                await self._moved.wait()

    async def _look(self) -> None:
        """A floor that cannot be drawn is a bug, and no reason to end calls."""
        try:
            now = self._clock()
            if now >= self._days_until:
                await self._count(now)
            self._draw()
        except Exception:
            log.exception("floor_not_drawn")

    async def _count(self, now: datetime) -> None:
        """The figures of today."""
        midnight = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
        self._days_until = now + timedelta(seconds=FIGURES_SECONDS)
        try:
            async with self._db.read() as conn:
                self._days = await floor_figures.by_company(conn, midnight, now, self._in_time)
                self._undelivered = await undelivered.count(conn)
        except StorageUnavailable as error:  # the last ones stand; calls and agents need no database
            log.warning("floor_figures_unreadable", reason=error.reason)

    def _draw(self) -> None:
        view = self._drawing.view(self._days, self._leaving, self._undelivered)
        if view == self._view:
            return
        self._version += 1
        self._view, self._frame = view, _encode(Picture(self._version, view))
        self._drawn.set()
        self._drawn = asyncio.Event()
