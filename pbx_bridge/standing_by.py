"""A service from its start until it leads at its PBX, and until it does not any more."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import structlog

from pbx_bridge import tasks
from pbx_bridge.settings import Settings
from pbx_bridge.storage.customers.known_companies import KnownCompanies
from pbx_bridge.storage.db.engine import Database, StorageUnavailable, database_of
from pbx_bridge.storage.db.fence import Fence
from pbx_bridge.storage.maintenance.lead import Lead
from pbx_bridge.web.rendering import compile_pages
from pbx_bridge.web.server import listening
from pbx_bridge.web.standby import standby_app

FOLLOW_SECONDS = 2.0
"""Between two looks for changes; what came since the last one is read at the take-over."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Post:
    """What a service leads by. `over`: it is to end, as it was told to, or as it is `lost` to another one;
    `known`: what it has read while it stood by."""

    fence: Fence | None
    known: KnownCompanies | None
    over: asyncio.Event
    lost: asyncio.Event


@contextlib.asynccontextmanager
async def leading(settings: Settings, stop: asyncio.Event) -> AsyncIterator[Post | None]:
    """While this service leads; until then it stands by, and says so. None: `stop` was set first."""
    lost = asyncio.Event()
    db = database_of(settings.database)
    if db.dialect != "postgresql":  # there the file has a lock
        yield Post(None, None, stop, lost)
        return
    lead = Lead(db, settings.pbx.name, settings.database.lease_seconds)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(db.close)
        stack.push_async_callback(lead.leave)
        known = KnownCompanies()
        fence = await lead.taken() or await _stood_by(settings, db, lead, known, stop)
        if fence is None:
            yield None
            return
        keeping = asyncio.create_task(_keep(lead, lost, stop))
        stack.push_async_callback(tasks.end, [keeping])
        yield Post(fence, known, stop, lost)


async def _keep(lead: Lead, lost: asyncio.Event, stop: asyncio.Event) -> None:
    """Whatever ends this, also a fault of ours: who does not renew its lease has to end."""
    try:
        await lead.keep()
    finally:
        lost.set()
        stop.set()


async def _follow(db: Database, known: KnownCompanies) -> None:
    """Read all companies, and again and again those that have changed; have the pages ready."""
    await asyncio.to_thread(compile_pages)
    while True:
        with contextlib.suppress(StorageUnavailable):
            async with db.read() as conn:
                await known.update(conn)
        await asyncio.sleep(FOLLOW_SECONDS)


async def _stood_by(
    settings: Settings, db: Database, lead: Lead, known: KnownCompanies, stop: asyncio.Event
) -> Fence | None:
    """What it leads by now; None: `stop` was set first. What takes long at a start is done meanwhile."""
    async with listening(standby_app(settings, db), settings) as port:
        log.info("standing_by", pbx=settings.pbx.name, port=port)
        waiting, stopped = asyncio.create_task(lead.wait()), asyncio.create_task(stop.wait())
        following = asyncio.create_task(_follow(db, known))
        try:
            await asyncio.wait({waiting, stopped}, return_when=asyncio.FIRST_COMPLETED)
            return await waiting if waiting.done() else None
        finally:
            await tasks.end([waiting, stopped, following])
            await db.close()  # what `/readyz` asked; the lead has a connection of its own
