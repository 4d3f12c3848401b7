"""How everybody who keeps data in memory learns that it changed, whoever changed it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import structlog
from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import AsyncConnection, Database, StorageUnavailable, mark_touched
from pbx_bridge.storage.db.sql import NAMED, batches
from pbx_bridge.storage.db.wake_up import CHANNEL
from pbx_bridge.tasks import end

_log = structlog.get_logger(__name__)
AT_ONCE = 1_000
"""Companies that are told of at once. Of more, as after a change of all holidays, the others follow in parts:
what somebody changes meanwhile does not wait until fifty thousand are loaded."""
LIVES_SECONDS = 5.0
"""Between two questions whether the connection that listens still lives."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different now: ids of companies to load again, and of companies that are gone.

    `companies_only`: nothing else is, such as lines or agents; they are loaded again otherwise. Of very many
    companies these are some, and the others are told afterwards.
    """

    version: int
    changed: frozenset[str]
    gone: frozenset[str]
    companies_only: bool = False


async def touch(conn: AsyncConnection, customer_id: str | None, now: datetime) -> int:
    """Make a change known when the transaction commits; None: lines, agents, or a company that is gone.
    Returns the version."""
    # The version grows inside the writer's own transaction, and its row stays locked until the commit: so
    # versions become visible in their order, and no follower passes over one that commits late.
    grown = (
        t.data_version.update()
        .values(version=t.data_version.c.version + 1)
        .returning(t.data_version.c.version)
    )
    version = int((await conn.execute(grown)).scalar_one())
    if customer_id is not None:
        fresh = (
            t.customer.update().where(t.customer.c.id == customer_id).values(version=version, changed_at=now)
        )
        await conn.execute(fresh)
    mark_touched(conn)
    return version


async def touch_all(conn: AsyncConnection, customer_ids: Collection[str], now: datetime) -> None:
    """The same for any number of companies, in few statements: nobody can write meanwhile. Lines and agents
    may be different as well."""
    await touch(conn, None, now)  # a version that no company has: followers load lines and agents again
    version = await touch(conn, None, now)
    for some in batches(customer_ids, NAMED):
        these = t.customer.update().where(t.customer.c.id.in_(some))
        await conn.execute(these.values(version=version, changed_at=now))


async def current(conn: AsyncConnection) -> int:
    """The version of all data together; grows with every change."""
    return int((await conn.execute(select(t.data_version.c.version))).scalar_one())


class Follower:
    """Calls `on_change` after every change: at once for this process, within `seconds` for others
    (PostgreSQL tells at once too).

    Make it before loading the data; changes between `start` and `run` are not lost. An `on_change` that
    raises is logged and called again with the same changes at the next look, so that no change is lost.
    """

    def __init__(
        self, db: Database, on_change: Callable[[Changes], Awaitable[None]], *, seconds: float = 0.4
    ) -> None:
        self._db = db
        self._on_change = on_change
        self._seconds = seconds
        self._woken = asyncio.Event()
        self._version = -1
        self._held: frozenset[str] = frozenset()
        self._left: frozenset[str] = frozenset()

    async def start(self) -> None:
        """Take what is stored now as known."""
        async with self._db.read() as conn:
            self._version, self._held = await current(conn), await customers.ids(conn)

    async def run(self) -> None:
        """Follow until cancelled; a database that cannot answer now is asked again."""
        if self._version < 0:
            await self.start()
        forget = self._db.on_touch(self._woken.set)
        try:
            async with contextlib.AsyncExitStack() as stack:
                if self._db.dialect == "postgresql":
                    listening = asyncio.create_task(self._listen())
                    stack.push_async_callback(end, [listening])
                while True:
                    await self._look()
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(self._seconds):
                            await self._woken.wait()
        finally:
            forget()

    async def _look(self) -> None:
        self._woken.clear()
        try:
            async with self._db.read() as conn:
                version = await current(conn)
                newer, held = dict[str, int](), self._held
                if version != self._version:
                    newer, held = await self._newer(conn)
        except StorageUnavailable as error:
            _log.warning("changes_unreadable", reason=error.reason)
            return
        if version == self._version and not self._left:
            return
        gone, found = self._held - held, (held - self._held) | newer.keys()
        told = frozenset(sorted(found or self._left & held)[:AT_ONCE])
        # Each version is of one company, or of something else: then lines or agents are different.
        companies_only = not gone and len(set(newer.values())) == version - self._version
        try:
            await self._on_change(Changes(version, told, gone, companies_only))
        except Exception:
            _log.exception("change_not_taken", version=version)
            return  # the version is not moved on: the next look finds the same changes once more
        self._version, self._held = version, held
        self._left = ((self._left | found) - told) & held
        if self._left:
            self._woken.set()

    async def _newer(self, conn: AsyncConnection) -> tuple[dict[str, int], frozenset[str]]:
        """Companies with a newer version, and all that there are."""
        newer = await customers.versions(conn, since=self._version)
        # Whoever is gone left no version behind; counting finds it, and costs less than all the ids.
        held = self._held | newer.keys()
        if await customers.count(conn) != len(held):
            held = await customers.ids(conn)
        return newer, held

    async def _listen(self) -> None:
        """Wake up when PostgreSQL tells; without it the polling still finds every change."""
        while True:
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._listen_once(await self._db.listener())
            await asyncio.sleep(1)

    async def _listen_once(self, connection: asyncpg.Connection) -> None:
        lost = asyncio.Event()
        try:
            connection.add_termination_listener(lambda *_: lost.set())
            await connection.add_listener(CHANNEL, lambda *_: self._woken.set())
            while not lost.is_set():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LIVES_SECONDS):
                        await lost.wait()
                await connection.execute("SELECT 1")
        finally:
            await asyncio.shield(connection.close())
