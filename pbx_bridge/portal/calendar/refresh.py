"""Read the employees' calendars elsewhere again and again; what they say is an appointment like any other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from pbx_bridge.errors import Refused
from pbx_bridge.portal.calendar.fetch import fetch
from pbx_bridge.portal.calendar.reading import RANGE, Found, Question, read
from pbx_bridge.settings import CalendarSettings
from pbx_bridge.storage.customers import calendars
from pbx_bridge.storage.customers.calendars import Source
from pbx_bridge.storage.db.engine import Database, StorageUnavailable
from pbx_bridge.web.i18n import translate
from rules.vocabulary import FIRST_LANGUAGE

AT_ONCE = 4
AT_A_LOOK = 100
HEAVY = timedelta(days=1)
"""What was too much to read is not tried again before, unless somebody asks for it."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Refresher:
    """A few calendars at a time: many of them never weigh on the calls, and a server that does not answer
    keeps few waiting."""

    db: Database
    settings: CalendarSettings
    clock: Callable[[], datetime]
    look_seconds: float = 30

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            read = 0
            try:
                read = await self.refresh_due()
            except StorageUnavailable as error:
                _log.warning("calendars_unreadable", reason=error.reason)
            await asyncio.sleep(0 if read == AT_A_LOOK else self.look_seconds)

    async def refresh_due(self) -> int:
        """Those not read lately, `AT_A_LOOK` at most; how many."""
        now = self.clock()
        lately = now - timedelta(minutes=self.settings.refresh_minutes)
        async with self.db.read() as conn:
            due = await calendars.due(conn, lately, min(lately, now - HEAVY), AT_A_LOOK)
        waiting = iter(due)
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._refresh_one_after_another(waiting))
        return len(due)

    async def _refresh_one_after_another(self, waiting: Iterator[Source]) -> None:
        for source in waiting:
            try:
                await self.refresh(source)
            except StorageUnavailable as error:
                _log.warning("calendars_unreadable", reason=error.reason)
            except Exception:  # whatever is in one calendar, the others are read
                _log.exception("calendar_not_read", source=source.id)

    async def refresh(self, source: Source) -> None:
        """Fetch, read and store one calendar, or store why not; what it said before stays then."""
        now = self.clock()
        found = await self._found(source, now)
        async with self.db.write() as conn:
            if isinstance(found, Refused):
                await calendars.failed(conn, source, found.code, now)
            else:
                await calendars.keep(conn, source, found.events, now, found.left_out)
        _log.info("calendar_read", source=source.id, result=getattr(found, "code", "ok"))

    async def _found(self, source: Source, now: datetime) -> Found | Refused:
        body = await fetch(source.url, allow_loopback=self.settings.allow_loopback)
        if isinstance(body, Refused):
            return body
        words = translate("portal", FIRST_LANGUAGE, "calendar.private")
        window = now + RANGE[0], now + RANGE[1]
        return await read(body, Question(source.zone, *window, words, source.name, source.addresses))
