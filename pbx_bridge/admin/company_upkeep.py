"""What the house does about companies by itself: a tariff whose day is there, an end that waited for the last
call, and erasing at last."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from pbx_bridge.editing import company_tariff, erasing, service_state
from pbx_bridge.editing.change import Editing, Editor
from pbx_bridge.storage.billing import coming_tariffs
from pbx_bridge.storage.billing.coming_tariffs import ComingTariff
from pbx_bridge.storage.customers import leaving
from pbx_bridge.storage.db.engine import Database, StorageUnavailable
from pbx_bridge.storage.erasure import protocol
from pbx_bridge.storage.erasure.protocol import PendingErasure
from pbx_bridge.tasks import OneByOne
from rules.customers.service_state import erased_from

LOOK_SECONDS = 1.0
"""Between two looks at who waits for the last call: a question to a small index."""
AHEAD_OF_UTC = timedelta(hours=14)
"""The earliest clock on earth."""
ERASE_EVERY = timedelta(hours=1)
log = structlog.get_logger(__name__)


class CompanyUpkeep:
    """`kept`: how many whole days a company that has ended stays, after the month of its end, before it is
    erased."""

    def __init__(
        self, db: Database, editing: Editing, kept: timedelta, clock: Callable[[], datetime]
    ) -> None:
        self._db, self._editing, self._kept, self._clock = db, editing, kept, clock
        self._erased_at: datetime | None = None
        self._one_by_one = OneByOne("companies", clock)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.round()
            except StorageUnavailable as error:
                log.warning("company_upkeep_waits", reason=error.reason)
            await asyncio.sleep(LOOK_SECONDS)

    async def round(self) -> None:
        """One look at all that is due."""
        now = self._clock()
        await self.finish_ends()
        await self.begin_tariffs()
        if self._erased_at is None or now - self._erased_at >= ERASE_EVERY:
            await self.erase_ended()
            await self.go_on_erasing()
            self._erased_at = now
        if self._db.log_is_full:  # somebody was reading for long when it was to be emptied
            await self._db.empty_log()

    async def finish_ends(self) -> None:
        """Those whose last call is over end now."""
        async with self._db.read() as conn:
            waiting = await leaving.ending(conn)
            over = [one for one in waiting if not await leaving.live_calls(conn, one)]
        await self._one_by_one.each("end", ((one, one) for one in over), self._finish_end, StorageUnavailable)

    async def _finish_end(self, company_id: str) -> None:
        async with self._editing.change(company_id, Editor(self._clock())) as change:
            done = await service_state.finish_end(change)
        if done:
            log.info("company_state", company=company_id, state="ended")

    async def begin_tariffs(self) -> None:
        """Whose day is there on the clock of their company."""
        latest = (self._clock() + AHEAD_OF_UTC).date()
        async with self._db.read() as conn:
            due = await coming_tariffs.until(conn, latest)
        await self._one_by_one.each(
            "tariff", ((one.customer_id, one) for one in due), self._begin_tariff, StorageUnavailable
        )

    async def _begin_tariff(self, one: ComingTariff) -> None:
        if self._clock().astimezone(ZoneInfo(one.zone)).date() < one.first_day:
            return
        async with self._editing.change(one.customer_id, Editor(self._clock())) as change:
            done = await company_tariff.begin(change)
        if done:
            log.info("tariff_begun", company=one.customer_id, tariff=one.tariff_id)

    async def go_on_erasing(self) -> None:
        """Of a caller or an employee, where the service ended in the middle of it."""
        async with self._db.read() as conn:
            broken_off = await protocol.pending(conn)
        await self._one_by_one.each(
            "erasure", ((one.id, one) for one in broken_off), self._go_on, StorageUnavailable
        )
        if broken_off:
            await self._db.empty_log()

    async def _go_on(self, one: PendingErasure) -> None:
        await erasing.go_on(self._editing, one, Editor(self._clock(), login=one.done_by))
        log.info("data_erased_at_last", erasure=one.id)

    async def erase_ended(self) -> None:
        """Those whose time is over go, in parts, so that nobody waits long for a writer's turn."""
        async with self._db.read() as conn:
            ended = await leaving.ended(conn)
        due = [one for one in ended if self._clock() > erased_from(one[1], one[2], self._kept)]
        await self._one_by_one.each(
            "erase", ((one[0], one[0]) for one in due), self._erase, StorageUnavailable
        )
        if due:
            await self._db.empty_log()

    async def _erase(self, company_id: str) -> None:
        left = True
        while left:
            async with self._editing.change(company_id, Editor(self._clock())) as change:
                left = await service_state.erase_some(change, self._kept)
        log.info("company_erased", company=company_id)
