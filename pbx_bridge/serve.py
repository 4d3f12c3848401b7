"""A process of the service from its start to its end: both read as a list."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import aiohttp
import structlog
from aiohttp import web

from pbx_bridge import log as logging
from pbx_bridge import tasks
from pbx_bridge.bootstrap import MakeLink, Rooms, assemble
from pbx_bridge.garbage import short_walks
from pbx_bridge.settings import Settings
from pbx_bridge.standing_by import Post, leading
from pbx_bridge.storage.db.lock import in_use
from pbx_bridge.storage.maintenance.lead import DeposedError
from pbx_bridge.storage.maintenance.waiting import fit_or_stopped, opened
from pbx_bridge.web.server import listening, may_listen

log = structlog.get_logger(__name__)

SWITCH_SECONDS = 0.0001
"""How long a thread of the database driver may keep the interpreter from the calls; Python's own: 5 ms."""
SETTLE_SECONDS = 2.0
"""How long a stop waits for what desks have asked for; who got no answer asks again after the start."""
JOURNAL_SECONDS = 3.0
"""How long a stop waits for the last rows; what is not stored by then the PBX tells again after the start."""


async def serve(
    settings: Settings,
    *,
    extend: Callable[[web.Application], None] | None = None,
    ready: Callable[[], None] | None = None,
    upgrade: bool = False,
) -> None:
    """Run until SIGINT, SIGTERM or cancelled; waits for its database, and until it leads at its PBX. Raises
    UnfitDatabaseError, InUseError and BeingRestoredError when the database is not ours to use, and
    DeposedError when another service leads now.

    `extend` may add routes before the web server starts; `ready` is told when it listens; `upgrade`: make
    the database, or bring it to this version.
    """
    logging.configure(settings.log.level, settings.log.format)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    if not await fit_or_stopped(settings.database, stop, upgrade=upgrade):
        return
    with in_use(settings.database):  # first of all: of two on one file the second does nothing to anybody
        await may_listen(settings)
        async with leading(settings, stop) as post:
            if post is None:
                return
            await _serve(settings, post, extend, ready)
            if post.lost.is_set():
                raise DeposedError(settings.pbx.name)


async def _serve(
    settings: Settings,
    post: Post,
    extend: Callable[[web.Application], None] | None,
    ready: Callable[[], None] | None,
) -> None:
    async with (
        running(settings, extend=extend, post=post) as rooms,
        listening(rooms.web, settings) as port,
    ):
        log.info("ready", port=port, customers=len(rooms.directory.index.customers))
        if ready:
            ready()
        try:
            await post.over.wait()
        finally:
            await rooms.desks.sockets.close()
            await rooms.floor.sockets.close()


@contextlib.asynccontextmanager
async def running(
    settings: Settings,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    make_link: MakeLink | None = None,
    extend: Callable[[web.Application], None] | None = None,
    post: Post | None = None,
) -> AsyncIterator[Rooms]:
    """Everything but the port, and what keeps a second service away. `post`: by which this one leads.

    What is pushed last ends first: timers, parts, messages under way, questions, the last rows, and then the
    database.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(short_walks())
        db = await opened(settings.database, post.fence if post else None)
        stack.push_async_callback(db.close)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        rooms = assemble(settings, db, session, clock, make_link)
        if extend:
            extend(rooms.web)
        await rooms.upkeep.load(post.known if post else None)
        await rooms.desks.recall()
        stack.push_async_callback(rooms.calls.journal.store_the_rest, JOURNAL_SECONDS)
        for room in (rooms.upkeep, rooms.transfers, rooms.desks, rooms.portal, rooms.office):
            stack.push_async_callback(room.settle, SETTLE_SECONDS)
        stack.push_async_callback(rooms.outbox.drain, settings.delivery.drain_seconds)
        await stack.enter_async_context(tasks.run_until_exit(part.forever() for part in rooms.parts))
        stack.callback(rooms.telephony.close)
        yield rooms
