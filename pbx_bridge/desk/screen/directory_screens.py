"""What the desk does when companies, lines or agents are others now."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from itertools import islice

from pbx_bridge.desk.screen.company_news import CompanyNews
from pbx_bridge.desk.screen.pop import CACHED_COMPANIES, CACHED_NUMBERS, Pops
from pbx_bridge.desk.screen.screens import Screens
from pbx_bridge.directory.index import Index
from pbx_bridge.garbage import lasting
from pbx_bridge.time_slices import gently
from rules.model import Agent, Customer, Line


class DirectoryScreens:
    """The screens as `directory.refresh` knows them; `restore` gives a new agent their screen."""

    def __init__(
        self,
        screens: Screens,
        index: Index,
        pops: Pops,
        restore: Callable[[Agent], Awaitable[None]],
        clock: Callable[[], datetime],
    ) -> None:
        self._screens, self._index, self._pops = screens, index, pops
        self._restore, self._clock = restore, clock

    @property
    def news(self) -> CompanyNews:
        """What pops say of changes."""
        return self._screens.news

    async def warm(self, companies: Collection[Customer] | None = None) -> None:
        """Have the pops of these companies (None: of as many as are kept) ready before somebody calls."""
        wanted = self._index.customers.values() if companies is None else companies
        with lasting() if companies is None else contextlib.nullcontext():
            async for company in gently(tuple(islice(wanted, CACHED_COMPANIES))):
                await self._pops.warm(company, self._clock())

    async def warm_lines(self, numbers: Sequence[Line]) -> None:
        """Have these lines ready, as many as are kept."""
        async for line in gently(numbers[:CACHED_NUMBERS]):
            self._pops.warm_line(line)

    async def companies_changed(self, customers: Collection[str]) -> None:
        """Open pops and the waiting list show them as they are now."""
        await self._screens.refresh_pops(customers)
        self._screens.status.waiting_moved()

    def agents_changed(self) -> None:
        """The list of colleagues is another one, and who may see which caller."""
        self._screens.status.colleagues_moved()
        self._screens.status.waiting_moved()

    async def welcome(self, agent: Agent) -> None:
        """A new agent has a screen."""
        await self._restore(agent)
