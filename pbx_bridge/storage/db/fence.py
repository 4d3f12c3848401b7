"""Whoever does not lead any more writes nothing: its connections are ended, and it gets no new ones.

Each connection of a service that leads holds a lock, shared with all others, and looks at the term *after*
it has it. Whoever takes over writes the next term down, and *then* ends every connection with that lock. So
there is no moment in which one of the term before slips through; and no statement costs anything for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import asyncpg
import structlog
from sqlalchemy import Engine, event

from pbx_bridge.storage.db.failures import StorageUnavailable

SILENT = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What the driver raises by itself where the server does not answer, or has ended the connection."""

_log = structlog.get_logger(__name__)


SCHEMA = ("schema", "")
"""Kind and PBX of the lock that all services share who lead, at whatever PBX; who changes the schema has it
alone."""


def lock_key(kind: str, pbx: str) -> int:
    """Of an advisory lock: the same in every process, and 64 bits of it."""
    digest = hashlib.blake2b(f"pbx-bridge {kind} {pbx}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


async def holders(conn: asyncpg.Connection, key: int) -> Collection[int]:
    """Server processes of the connections to this database that have the lock."""
    found = await conn.fetch(HOLDERS, *divmod(key % (1 << 64), 1 << 32))
    return [row["pid"] for row in found]


HOLDERS = """SELECT pid FROM pg_locks
WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND classid = $1::oid AND objid = $2::oid
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND pid <> pg_backend_pid()"""


@dataclass(frozen=True, slots=True)
class Fence:
    """Connections of a service that leads at this PBX in this term."""

    pbx: str
    term: int

    @property
    def key(self) -> int:
        """Of the lock that each of them holds, in whatever term."""
        return lock_key("writes", self.pbx)

    def guard(self, engine: Engine) -> None:
        """From now on each new connection is let in, or is none."""
        event.listen(engine, "connect", self._connected)

    def _connected(self, adapted: Any, _record: object) -> None:
        adapted.run_async(self._let_in)

    async def _let_in(self, driver: asyncpg.Connection) -> None:
        try:
            await driver.execute("SELECT pg_advisory_lock_shared($1)", self.key)
            term = await driver.fetchval("SELECT term FROM pbx WHERE name = $1", self.pbx)
        except BaseException as error:
            driver.terminate()  # the pool has not taken it yet, and would forget it
            if isinstance(error, SILENT):
                raise StorageUnavailable("unreachable", type(error).__name__) from None
            raise
        if term != self.term:
            driver.terminate()
            _log.warning("connection_of_an_earlier_term", term=self.term, now=term)
            raise StorageUnavailable("deposed")
