"""The round that reckons how much companies have used of what their tariffs include, which no page does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from pbx_bridge.storage.billing import allowances, statements
from pbx_bridge.storage.billing.allowances import MarkedCompany
from pbx_bridge.storage.db.engine import Database, StorageUnavailable
from pbx_bridge.tasks import OneByOne

log = structlog.get_logger(__name__)

EVERY_SECONDS, BEHIND_SECONDS = 60.0, 10.0
"""Between two rounds; and if there were more than one round takes, as after a change of prices."""
AGAIN_AFTER = timedelta(minutes=10)
"""A company that is called all the time is reckoned no more often."""
AT_ONCE = 100
"""Companies of one round; the longest not reckoned come first."""


class AllowanceRound:
    """Reads in a transaction of its own for each company, and writes afterwards: nobody waits for it."""

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self._db, self._clock = db, clock
        self._one_by_one = OneByOne("allowances", clock)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            found = 0
            try:
                found = await self.look()
            except StorageUnavailable as error:
                log.info("allowances_wait", reason=error.reason)
            await asyncio.sleep(BEHIND_SECONDS if found == AT_ONCE else EVERY_SECONDS)

    async def look(self) -> int:
        """One round; how many companies were reckoned."""
        async with self._db.read() as conn:
            marked = await allowances.marked(conn, self._clock() - AGAIN_AFTER, AT_ONCE)
        items = ((one.customer_id, one) for one in marked)
        await self._one_by_one.each("allowance", items, self._reckon, StorageUnavailable)
        return len(marked)

    async def _reckon(self, one: MarkedCompany) -> None:
        now = self._clock()
        month = now.astimezone(ZoneInfo(one.zone)).date().replace(day=1)
        async with self._db.read() as conn:
            made = await statements.of_month(conn, one.customer_id, one.zone, month)
        async with self._db.write() as conn:
            await allowances.put(conn, one, month, made.allowances, now)
