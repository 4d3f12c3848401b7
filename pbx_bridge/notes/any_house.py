"""After a power cut the disk with the database may be missing, and a new one begun in its place: what callers
left is none of its, and is not to be taken into it, nor deleted because it has no row there."""

from __future__ import annotations

from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import Database


class AnyHouse:
    """Whether the database is that of any house: one with companies."""

    def __init__(self, db: Database) -> None:
        self._db, self._there = db, False

    async def is_there(self) -> bool:
        """Once it was, it is not asked again. Raises StorageUnavailable."""
        if not self._there:
            async with self._db.read() as conn:
                self._there = await customers.is_there(conn)
        return self._there
