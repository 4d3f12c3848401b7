"""Read the employees' calendars elsewhere again and again; what they say is an appointment like any other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from pbx_bridge.errors import Refused
from pbx_bridge.portal.calendar_fetch import fetch
from pbx_bridge.portal.calendar_reading import RANGE, read
from pbx_bridge.settings import CalendarSettings
from pbx_bridge.storage import calendars, customers
from pbx_bridge.storage.calendars import Source
from pbx_bridge.storage.engine import Database, StorageUnavailable
from pbx_bridge.web.i18n import translate
from rules.model import Appointment

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Refresher:
    """One calendar at a time, so that many of them never weigh on the calls."""

    db: Database
    settings: CalendarSettings
    clock: Callable[[], datetime]
    look_seconds: float = 30

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.refresh_due()
            except StorageUnavailable as error:
                _log.warning("calendars_unreadable", reason=error.reason)
            await asyncio.sleep(self.look_seconds)

    async def refresh_due(self) -> None:
        """All that were not read lately."""
        async with self.db.read() as conn:
            due = await calendars.due(conn, self.clock() - timedelta(minutes=self.settings.refresh_minutes))
        for source in due:
            await self.refresh(source)

    async def refresh(self, source: Source) -> None:
        """Fetch, read and store one calendar, or store why not; what it said before stays then."""
        now = self.clock()
        async with self.db.read() as conn:
            customer = await customers.load_customer(conn, source.customer_id)
        if customer is None:
            return
        found = await self._found(source, customer.zone, now)
        async with self.db.write() as conn:
            if isinstance(found, Refused):
                await calendars.failed(conn, source, found.code, now)
            else:
                await calendars.keep(conn, source, found, now)
        _log.info("calendar_read", source=source.id, result=getattr(found, "code", "ok"))

    async def _found(self, source: Source, zone: str, now: datetime) -> tuple[Appointment, ...] | Refused:
        body = await fetch(source.url, allow_loopback=self.settings.allow_loopback)
        if isinstance(body, Refused):
            return body
        words = translate("portal", "de", "calendar.private")
        return await read(body, zone, now + RANGE[0], now + RANGE[1], words)
