"""The customers' portal put together: its pages, and the calendars that it reads elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from pbx_bridge.auth.sessions import Sessions
from pbx_bridge.directory.room import LiveDirectory
from pbx_bridge.portal import routes
from pbx_bridge.portal.calendar.refresh import Refresher
from pbx_bridge.portal.services import Portal
from pbx_bridge.settings import Settings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.tasks import RunningPart


class CustomerPortal:
    """Needs no PBX. `wake`: there is something to send."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        sessions: Sessions,
        directory: LiveDirectory,
        wake: Callable[[], None],
        clock: Callable[[], datetime],
    ) -> None:
        self._shared = Portal.of(settings, db, clock, wake, directory.index, sessions)
        self._calendars = Refresher(db, settings.calendar, clock)

    def routes(self) -> list[web.RouteDef]:
        """For the router."""
        return routes.routes(self._shared)

    def parts(self) -> list[RunningPart]:
        """Employees' calendars elsewhere, read again and again."""
        return [RunningPart("calendars", self._calendars.run)]

    async def settle(self, seconds: float) -> None:
        """Before the database is closed: what nobody waits for comes to its end."""
        await self._shared.background.settle(seconds)
