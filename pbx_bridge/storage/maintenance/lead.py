"""Of several services for one PBX one leads; the others stand by and take over (PostgreSQL).

Two signs, because each alone fails. The **lock** belongs to a connection: a service that dies loses it at
once, one that hangs never does. The **lease** is a row that is renewed: it tells of a hanging one, late.
Whoever takes over ends the old one's connections and has a higher **term**; `db.fence` says why nothing of an
earlier term is written after that.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import structlog

from pbx_bridge import metrics
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.fence import SCHEMA, SILENT, Fence, holders, lock_key
from pbx_bridge.storage.maintenance import holder
from rules.presence import lead as rules

LOOK_SECONDS = 0.25
"""Between two looks of a standby. It does not wait in the lock itself: the server would write an error into
its log each time that such a waiting ends."""
ENDING_SECONDS = 0.05
_log = structlog.get_logger(__name__)


class DeposedError(Exception):
    """Another service leads at this PBX now, as this one gave no sign of life. `pbx`: its name."""

    def __init__(self, pbx: str) -> None:
        super().__init__(pbx)
        self.pbx = pbx


class Lead:
    """Of this process at one PBX. `pbx`: its name; `lease_seconds`: after so long without a renewal others
    take this one for hung."""

    def __init__(self, db: Database, pbx: str, lease_seconds: float) -> None:
        self._db, self._pbx, self._lease = db, pbx, lease_seconds
        self._key, self._waiting = lock_key("leads", pbx), lock_key("stands by", pbx)
        self._conn: asyncpg.Connection | None = None
        self._locked = self._waits = False
        self._fence, self._standbys = Fence(pbx, 0), 0
        self._before: rules.LeadSeen | None = None
        self._trouble = False  # the database was away: others may be on their way back, too

    async def taken(self) -> Fence | None:
        """One look: what this service leads by, from now on; None: another one does, or the database does
        not answer. Whoever hangs is deposed."""
        try:
            async with self._answering() as conn:
                if self._trouble:
                    self._trouble = False
                    await asyncio.sleep(rules.hands_off(self._lease))
                if await conn.fetchval("SELECT pg_try_advisory_lock($1)", self._key):
                    self._locked = True
                    return await self._take_over(conn)
                now = await self._seen(conn)
                if now is not None and rules.hangs(self._before, now):
                    await self._depose(conn, now.term)
                elif now is not None and rules.was_held_up(self._before, now, self._lease):
                    _log.warning("standby_held_up", pbx=self._pbx)
                    await asyncio.sleep(rules.hands_off(self._lease))
                self._before = now
                await self._be_counted(conn)
        except SILENT as error:
            if not self._trouble:
                _log.warning("lead_unknown", pbx=self._pbx, reason=type(error).__name__)
            self._trouble = True
        return None

    async def wait(self) -> Fence:
        """Until this service leads."""
        while True:
            if (fence := await self.taken()) is not None:
                return fence
            await asyncio.sleep(LOOK_SECONDS)

    async def keep(self) -> None:
        """Until another one leads. While the database is away this one goes on: it is the one that the PBX
        has let in, and it comes back before those who stand by."""
        away = False
        while True:
            await asyncio.sleep(rules.renewed_every(self._lease))
            try:
                async with self._answering() as conn:
                    if not await self._renewed(conn):
                        _log.warning("deposed", pbx=self._pbx, term=self._fence.term)
                        return
            except SILENT as error:
                if not away:
                    _log.warning("lease_not_renewed", pbx=self._pbx, reason=type(error).__name__)
                away = True
            else:
                away = False

    async def leave(self) -> None:
        """Whoever stands by is the next, at once."""
        conn, self._conn = self._conn, None
        if conn is not None:
            await conn.close()

    @contextlib.asynccontextmanager
    async def _answering(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection that lives; it is given up when it does not answer, and the lock with it."""
        try:
            async with asyncio.timeout(max(self._lease, LOOK_SECONDS) * 2):
                if self._conn is None or self._conn.is_closed():
                    self._trouble = self._trouble or self._conn is not None
                    self._locked = self._waits = False
                    self._conn = await self._db.listener()
                    await self._conn.execute(QUICK)
                yield self._conn
        except BaseException:
            if self._conn is not None:
                self._conn.terminate()
            self._conn = None
            raise

    async def _depose(self, conn: asyncpg.Connection, term: int) -> None:
        """Whoever hangs, unless another one has taken over since. Of a process on this machine the PBX is
        free then, too."""
        found = await conn.fetchval(HOLDER, self._pbx, term)
        if found is None:
            return
        killed = holder.end(found)
        _log.warning("deposing", pbx=self._pbx, term=term, holder=found.partition(" ")[0], killed=killed)
        await _end(conn, self._key)

    async def _take_over(self, conn: asyncpg.Connection) -> Fence:
        """The next term, on disk; then the end of what is left of those before. While somebody changes the
        schema this waits, and fails if that takes long."""
        await conn.execute("SELECT pg_advisory_lock_shared($1)", lock_key(*SCHEMA))
        async with conn.transaction():
            await conn.execute("SET LOCAL synchronous_commit = on")
            term = await conn.fetchval(NEXT_TERM, self._pbx, holder.own(), self._lease)
        self._fence = Fence(self._pbx, term)
        if self._waits:
            await conn.execute("SELECT pg_advisory_unlock_shared($1)", self._waiting)
        while await _end(conn, self._fence.key):  # noqa: ASYNC110 - they end in another process
            await asyncio.sleep(ENDING_SECONDS)
        _log.info("leads", pbx=self._pbx, term=term)
        return self._fence

    async def _renewed(self, conn: asyncpg.Connection) -> bool:
        """Whether it leads still. Without the lock, which another connection of this service may hold that
        the server has not yet missed, it is asked for again."""
        if not self._locked:
            self._locked = bool(await conn.fetchval("SELECT pg_try_advisory_lock($1)", self._key))
            await conn.execute("SELECT pg_try_advisory_lock_shared($1)", lock_key(*SCHEMA))
        await conn.execute(RENEW, self._pbx, self._fence.term, self._lease)
        self._count(len(await holders(conn, self._waiting)))
        return rules.still_leads(self._fence.term, await self._seen(conn))

    async def _be_counted(self, conn: asyncpg.Connection) -> None:
        """Who stands by shares a lock, so that whoever leads can say how many do."""
        if not self._waits:
            await conn.execute("SELECT pg_advisory_lock_shared($1)", self._waiting)
            self._waits = True

    def _count(self, standbys: int) -> None:
        metrics.STANDBYS.set(standbys)
        if standbys != self._standbys:
            _log.info("standbys", pbx=self._pbx, count=standbys)
        self._standbys = standbys

    async def _seen(self, conn: asyncpg.Connection) -> rules.LeadSeen | None:
        row: Any = await conn.fetchrow(SEEN, self._pbx)
        return None if row is None else rules.LeadSeen(row["term"], row["over"], row["at"])


async def _end(conn: asyncpg.Connection, key: int) -> bool:
    """End the connections that have this lock; whether there were any. They are gone a moment later, with
    what they had not committed."""
    found = await holders(conn, key)
    for pid in found:
        await conn.execute("SELECT pg_terminate_backend($1)", pid)
    return bool(found)


QUICK = "SET synchronous_commit = off"
"""A renewal need not outlive a crash of the server; a term does, see `_take_over`."""
NEXT_TERM = """INSERT INTO pbx (name, term, holder, lease_until)
VALUES ($1, 1, $2, clock_timestamp() + $3 * interval '1 second')
ON CONFLICT (name) DO UPDATE
SET term = pbx.term + 1, holder = excluded.holder, lease_until = excluded.lease_until
RETURNING term"""
RENEW = """UPDATE pbx SET lease_until = clock_timestamp() + $3 * interval '1 second'
WHERE name = $1 AND term = $2"""
HOLDER = "SELECT holder FROM pbx WHERE name = $1 AND term = $2 AND lease_until < clock_timestamp()"
SEEN = """SELECT term, lease_until < now() AS over, extract(epoch FROM now())::float8 AS at
FROM pbx WHERE name = $1"""
