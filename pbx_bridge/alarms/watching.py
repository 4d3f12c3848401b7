"""The round that looks whether something needs a person, and has it told. A restart tells nothing twice: what
was told is stored; while the database is away it is remembered here, and stored afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from pbx_bridge.alarms.systems import Systems
from pbx_bridge.storage.calls import calls_in_need
from pbx_bridge.storage.calls.calls_in_need import CallNeed, CallSpan
from pbx_bridge.storage.db.engine import Database, StorageUnavailable
from pbx_bridge.storage.outbox import alarms, deliveries
from rules.model import Channel
from rules.office.alarms import Alarm, AlarmNews, AlarmTerms, after_telling, by_cause, news_of, noticed
from rules.office.needs import LOOKED_BACK, Concern, Sighting

log = structlog.get_logger(__name__)

EVERY_SECONDS = 60.0
"""Between two rounds; ages are told in minutes."""

Tell = Callable[[AlarmNews, datetime], Awaitable[Channel | None]]
"""Brings the news to somebody; how, or None: nobody got them."""


@dataclass(slots=True)
class AlarmState:
    """What the office shows of it. `recipients`: addresses and numbers that are told; `unheard_since`: since
    when there are news that nobody could be told, None: there are none."""

    recipients: int = 0
    unheard_since: datetime | None = None


class AlarmWatch:
    """One round is read, decided, told, kept. `state`: for the office."""

    def __init__(
        self,
        db: Database,
        systems: Systems,
        terms: AlarmTerms,
        tell: Tell,
        state: AlarmState,
        clock: Callable[[], datetime],
    ) -> None:
        self._db, self._systems, self._terms = db, systems, terms
        self._tell, self._state, self._clock = tell, state, clock
        self._alarms: tuple[Alarm, ...] = ()
        self._stored: tuple[Alarm, ...] | None = None
        self._last: datetime | None = None
        self._way: Channel | None = None

    async def run(self) -> None:
        """Until cancelled; at once over where nobody is to be told."""
        while self._state.recipients:
            await self.look()
            await asyncio.sleep(EVERY_SECONDS)

    async def look(self) -> None:
        """One round."""
        if not await self._begun():
            return
        now = self._clock()
        found = by_cause([*self._systems.sightings(), *await self._in_database(now)])
        self._alarms = noticed(self._alarms, found, now, self._terms)
        news = news_of(self._alarms, found, now, self._last, self._terms)
        if news:
            await self._told(news, now)
        else:
            self._state.unheard_since = None
        await self._keep()

    async def _begun(self) -> bool:
        """What an earlier process has told is known."""
        if self._stored is None:
            try:
                async with self._db.read() as conn:
                    self._alarms, self._last = await alarms.present(conn), await alarms.last_told(conn)
            except StorageUnavailable:
                return False
            self._stored = self._alarms
        return True

    async def _in_database(self, now: datetime) -> tuple[Sighting, ...]:
        """What is found there; nothing at all while it is away, so that nobody takes it for settled."""
        aged = now - self._terms.after
        span = CallSpan(now - LOOKED_BACK, aged)
        try:
            async with self._db.read() as conn:
                return (
                    *[
                        await calls_in_need.sighted(conn, one, span)
                        for one in (CallNeed.UNTOLD, CallNeed.UNNOTED)
                    ],
                    *[
                        one
                        for one in await deliveries.sighted(conn, aged)
                        if one.concern is not Concern.OVERDUE
                    ],
                    await deliveries.waiting_since(conn, aged),
                )
        except StorageUnavailable:
            return ()

    async def _told(self, news: AlarmNews, now: datetime) -> None:
        causes = [one.concern.value for one in (*news.new, *news.still)]
        over = [one.cause.value for one in news.over]
        way = await self._tell(news, now)
        if way is None:
            self._state.unheard_since = self._state.unheard_since or now
            log.error("alarm_not_told", causes=causes, over=over)
            return
        log.warning("alarm_told", way=way.value, causes=causes, over=over)
        self._state.unheard_since = None
        self._alarms, self._last, self._way = after_telling(self._alarms, news, now), now, way

    async def _keep(self) -> None:
        """Later, if the database is away."""
        if self._stored == self._alarms:
            return
        try:
            async with self._db.write() as conn:
                await alarms.keep(conn, self._stored or (), self._alarms, self._way, self._clock())
        except StorageUnavailable as error:
            log.warning("alarms_not_stored", reason=error.reason)
            return
        self._stored = self._alarms
