"""A change over any number of companies at once, as an operator's file makes it: one transaction, and every
company that is different in the end is announced.

No way back is kept. Undoing belongs to the people of one company, within a day; whoever loads a file has the
file, and loading the one before it is the way back. So no rows are looked at before they are written either:
the companies as they were are compared with the companies as they are.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

from pbx_bridge.editing.announcement import ANNOUNCED
from pbx_bridge.editing.change import Editor
from pbx_bridge.storage.access import access_log
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.customers import customers, data_version
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.storage.db.write_tracking import tables_written
from rules.model import Customer

NAMED = 20
"""Companies whose names stand in the access log after a change of more."""


class BulkChange:
    """Inside the transaction `conn`. `before`: all companies as they were, by name; `different`: names of
    those that are not so any more, once the change has ended."""

    def __init__(self, conn: AsyncConnection, editor: Editor) -> None:
        self.conn, self.editor = conn, editor
        self.before: Mapping[str, Customer] = {}
        self.different: tuple[str, ...] = ()
        self._written, self._wrote = tables_written(conn), False
        self._companies: Mapping[str, Customer] | None = None

    @property
    def now(self) -> datetime:
        return self.editor.now

    @property
    def by(self) -> By:
        """For the access log."""
        return self.editor.by

    async def companies(self) -> Mapping[str, Customer]:
        """All of them as they are by now, by name; read again only after one of their tables was written."""
        if self._companies is None or self._written & ANNOUNCED:
            self._companies = {one.name: one for one in await customers.load_all(self.conn)}
            self._wrote = self._wrote or bool(self._written)
            self._written.clear()
        return self._companies

    async def begin(self) -> None:
        """Remember how everything is."""
        self.before = await self.companies()

    async def end(self) -> None:
        """Announce what is different. Whatever was written moves the version on: it may have been an agent,
        whom no company shows."""
        after = await self.companies()
        found = [one for one in after.values() if self.before.get(one.name) != one]
        if self._wrote or self._written:
            await data_version.touch_all(self.conn, [one.id for one in found], self.now)
        self.different = tuple(one.name for one in found)
        if found:
            await self._log()

    async def _log(self) -> None:
        """One entry for all: names of some, and how many others there are."""
        some, others = self.different[:NAMED], len(self.different) - NAMED
        detail = ", ".join(some) + (f" + {others}" if others > 0 else "")
        who = [self.editor.login or access_log.SERVICE]
        await access_log.write_all(
            self.conn, AccessEvent.DATA_CHANGED, who, self.now, self.editor.where, detail=detail
        )


@asynccontextmanager
async def bulk_change(db: Database, editor: Editor) -> AsyncIterator[BulkChange]:
    """A transaction in which use cases write any number of companies; stored and announced when the block has
    ended."""
    async with db.write() as conn:
        change = BulkChange(conn, editor)
        await change.begin()
        yield change
        await change.end()
