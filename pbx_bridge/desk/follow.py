"""Whatever changes in the data reaches the memory, the open pops and the PBX's own memory at once."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime

import structlog

from pbx_bridge.calls.index import Index
from pbx_bridge.desk.pop import Pops
from pbx_bridge.desk.screens import Screens
from pbx_bridge.storage import agents, company_changes, customers, lines
from pbx_bridge.storage.changes import Changes
from pbx_bridge.storage.company_changes import CompanyChange
from pbx_bridge.storage.engine import Database, StorageUnavailable
from rules import news
from rules.blocking import walls
from rules.model import Agent, Customer, Line

log = structlog.get_logger(__name__)


class Follow:
    """`mirror` is told the company of every line, and who is turned away at which number; `welcome` gives a
    new agent the screen that is theirs."""

    def __init__(
        self,
        db: Database,
        index: Index,
        screens: Screens,
        pops: Pops,
        mirror: Callable[[Mapping[str, str], Mapping[str, frozenset[str]]], None],
        welcome: Callable[[Agent], Awaitable[None]],
        clock: Callable[[], datetime],
    ) -> None:
        self._db, self._index, self._screens, self._pops = db, index, screens, pops
        self._mirror, self._welcome, self._clock = mirror, welcome, clock

    async def load(self) -> None:
        """Everything, before the first call."""
        async with self._db.read() as conn:
            companies, numbers = await customers.load_all(conn), await lines.load_all(conn)
            staff = await agents.load_all(conn)
            self._screens.news.add(await company_changes.load_all(conn, self._clock()))
            self._screens.news.answers(await company_changes.last_answers(conn, self._clock()))
        self._index.load(companies, numbers)
        self._pops.warm_lines(numbers)
        await self._greet(staff)
        self._reflect(numbers)

    async def changed(self, changes: Changes) -> None:
        """What is different now; everybody who looks at it sees it."""
        async with self._db.read() as conn:
            companies = await customers.load_customers(conn, changes.changed)
            numbers, staff = await lines.load_all(conn), await agents.load_all(conn)
        await self._tell(companies)
        for company in companies:
            self._index.replace(company)
        for customer_id in changes.gone:
            self._index.remove(customer_id)
        self._index.set_lines(numbers)
        self._pops.warm_lines(numbers)
        await self._greet(staff)
        self._screens.refresh_pops(changes.changed | changes.gone)
        self._screens.around.waiting_moved()
        self._reflect(numbers)
        await self.warm(companies)

    def _reflect(self, numbers: Iterable[Line]) -> None:
        listed, index = tuple(numbers), self._index
        blocked = walls(index.customers.values(), listed, lambda customer: index.vips(customer).find)
        self._mirror(line_names(listed, index.customers), blocked)

    async def _tell(self, companies: Iterable[Customer]) -> None:
        """What is new at companies known before; a database that cannot keep it costs a restart its news."""
        now = self._clock()
        pairs = ((self._index.customer(company.id), company) for company in companies)
        found = [
            CompanyChange(after.id, now, item)
            for before, after in pairs
            if before
            for item in news.changes(before, after)
        ]
        if not found:
            return
        self._screens.news.add(found)
        try:
            async with self._db.write() as conn:
                await company_changes.insert(conn, found, now)
        except StorageUnavailable as error:
            log.warning("company_changes_not_kept", reason=error.reason)

    async def warm(self, companies: Iterable[Customer] | None = None) -> None:
        """Have the pops of these companies (None: of all) ready before somebody calls."""
        for company in list(self._index.customers.values()) if companies is None else companies:
            self._pops.warm(company, self._clock())
            await asyncio.sleep(0)
        if companies is None:
            gc.freeze()  # the index stays for good; walking 100,000 VIPs again and again would stop all pops

    async def _greet(self, staff: tuple[Agent, ...]) -> None:
        before = {agent.id for agent in self._screens.staff.all()}
        self._screens.staff.replace(staff)
        for agent in staff:
            if agent.id not in before:
                await self._welcome(agent)


def line_names(numbers: Iterable[Line], companies: Mapping[str, Customer]) -> dict[str, str]:
    """Line (E.164) → what an agent's phone shows; shared and unassigned lines have no name."""
    found = ((line.number, companies.get(line.customer_id or "")) for line in numbers)
    return {number: company.name for number, company in found if company}
