"""A round of retention that has very much to delete: neither calls nor what is stored of them wait for it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from pbx_bridge.settings import RetentionSettings
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance.retention import Retention
from tests.big.day import CALLS_TODAY, NOTED
from tests.loop_watch import Watch


async def test_a_hundred_thousand_calls_go(big_url: str, loop_watch: Watch) -> None:
    db = Database(big_url)
    later = datetime.now(UTC) + timedelta(days=4_000)
    round_ = asyncio.create_task(Retention(db, RetentionSettings(), lambda: later).round())
    others = 0
    while not round_.done():
        async with db.write() as conn:
            await conn.execute(t.data_version.update().values(version=t.data_version.c.version + 1))
        others += 1
        await asyncio.sleep(0.01)
    erased = await round_
    async with db.read() as conn:
        left = (await conn.execute(select(func.count()).select_from(t.call))).scalar_one()
    await db.close()
    assert (erased.messages, erased.notes, left) == (NOTED, NOTED, 0)
    assert erased.calls == CALLS_TODAY
    assert others > 50, "who writes comes in between"
    loop_watch.check()
