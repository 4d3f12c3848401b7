"""All companies as they were read, brought up to date by those that changed since: for whoever may need all
of them at once, later."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from pbx_bridge.storage.customers import customers, data_version
from pbx_bridge.storage.db.engine import AsyncConnection
from rules.model import Customer


class KnownCompanies:
    """Empty until the first `update`."""

    def __init__(self) -> None:
        self._held: dict[str, Customer] = {}
        self._version = -1

    @property
    def is_begun(self) -> bool:
        """Whether they have been read."""
        return self._version >= 0

    async def update(self, conn: AsyncConnection) -> Sequence[Customer]:
        """As they are stored now, in no order. The transaction sees one state of them. Raises
        StorageUnavailable; then what was known before still is."""
        now = await data_version.current(conn)
        if not self.is_begun:
            self._held = {company.id: company for company in await customers.load_all(conn)}
        elif now != self._version:
            await self._follow(conn)
        self._version = now
        return tuple(self._held.values())

    def forget(self) -> None:
        """Whoever has taken them keeps them; held here, what they were would stay for as long as we live."""
        self._held, self._version = {}, -1

    async def _follow(self, conn: AsyncConnection) -> None:
        newer = await customers.versions(conn, since=self._version)
        there = await customers.ids(conn)
        fresh = await customers.load_customers(conn, newer.keys() | (there - self._held.keys()))
        kept = {one: company for one, company in self._held.items() if one in there}
        self._held = kept | {company.id: company for company in fresh}


async def in_parts(conn: AsyncConnection, known: KnownCompanies | None) -> AsyncIterator[Sequence[Customer]]:
    """All companies; those that are known from the time of standing by are in hand already."""
    if known is not None and known.is_begun:
        yield await known.update(conn)
        known.forget()
        return
    async for some in customers.load_in_parts(conn):
        yield some
