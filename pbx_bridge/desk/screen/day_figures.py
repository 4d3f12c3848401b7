"""The day in figures on the desks: the floor's, the same for everybody, and each agent's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.screen.screens import Screens
from pbx_bridge.storage.calls import agent_figures, calls
from pbx_bridge.storage.db.engine import Database
from rules.model import Agent

ZONE = ZoneInfo("Europe/Berlin")
"""Where the secretariat's day begins and ends."""


class DayFigures:
    """Read anew and published if they differ. `in_time`: how long a caller may wait at most."""

    def __init__(
        self, db: Database, screens: Screens, clock: Callable[[], datetime], in_time: timedelta
    ) -> None:
        self._db, self._screens, self._clock, self._in_time = db, screens, clock, in_time

    async def refresh_floor(self) -> None:
        """Of the whole floor. Raises StorageUnavailable."""
        now = self._clock()
        async with self._db.read() as conn:
            figures = await calls.figures(conn, _midnight(now), now, self._in_time)
        today = p.TodayView(figures.arrived, figures.in_time, figures.missed)
        await self._screens.status.tell_all(p.Today(today), "today")

    async def refresh(self, agent: Agent) -> None:
        """The agent's own. Raises StorageUnavailable."""
        async with self._db.read() as conn:
            day = await agent_figures.of_agent(conn, agent.id, _midnight(self._clock()), self._in_time)
        mine = p.MineView(day.answered, day.in_time, day.notes, day.put_through, day.talk_seconds)
        if mine != self._screens.hub.picture(agent.id).mine:
            self._screens.hub.publish(agent.id, p.Mine(mine))


def _midnight(now: datetime) -> datetime:
    return now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
