"""Whatever changes in the data reaches the memory, the open pops and the PBX's own memory at once."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

import structlog

from pbx_bridge.desk.screen.company_news import REMEMBERED
from pbx_bridge.desk.screen.pop import CACHED_COMPANIES, CACHED_NUMBERS, Pops
from pbx_bridge.desk.screen.screens import Screens
from pbx_bridge.directory.index import Index
from pbx_bridge.garbage import goes_gently, lasting
from pbx_bridge.storage import agents, company_changes, customers, lines
from pbx_bridge.storage.changes import Changes
from pbx_bridge.storage.company_changes import CompanyChange
from pbx_bridge.storage.engine import Database, StorageUnavailable
from pbx_bridge.telephony.astdb.desired import DesiredEntries, Tell
from pbx_bridge.turns import finished, gently
from rules.change_feed import News, compared
from rules.directory import FEW, answers, compiled
from rules.model import Agent, Customer, Line
from rules.steps import Steps
from rules.vip import VipTable, table_of

log = structlog.get_logger(__name__)


MANY = 500
"""Companies, or people of one, that are much to look through."""


class Follow:
    """`mirror` is told what the PBX has to remember otherwise; `welcome` gives a new agent the screen that is
    theirs, `keep_out` which phones may not be in the queue any more."""

    def __init__(
        self,
        db: Database,
        index: Index,
        screens: Screens,
        pops: Pops,
        mirror: Tell,
        welcome: Callable[[Agent], Awaitable[None]],
        keep_out: Callable[[Collection[str]], Awaitable[None]],
        clock: Callable[[], datetime],
    ) -> None:
        self._db, self._index, self._screens, self._pops = db, index, screens, pops
        self._reflection, self._welcome, self._clock = DesiredEntries(index, mirror), welcome, clock
        self._keep_out, self._departed = keep_out, frozenset[str]()

    async def load(self) -> None:
        """Everything, before the first call."""
        with lasting():
            await self._load()

    async def _load(self) -> None:
        async with self._db.read() as conn:
            companies, numbers = await customers.load_all(conn), await lines.load_all(conn)
            staff, locked = await agents.load_all(conn), await agents.locked(conn)
            self._screens.news.add(await company_changes.load_all(conn, self._clock()))
            self._screens.news.answers(await company_changes.last_answers(conn, self._clock()))
        async for company in gently(companies):
            await self._hold(company)
        await self._take(numbers, staff, locked)
        await self._reflection.changed(self._index.customers, numbers)

    async def changed(self, changes: Changes) -> None:
        """What is different now; everybody who looks at it sees it."""
        with lasting() if self._is_much(changes) else contextlib.nullcontext():
            await self._changed(changes)

    def _is_much(self, changes: Changes) -> bool:
        held = (self._index.customer(one) for one in changes.changed)
        return len(changes.changed) > MANY or any(one and len(one.employees) > MANY for one in held)

    async def _changed(self, changes: Changes) -> None:
        async with self._db.read() as conn:
            companies = await customers.load_customers(conn, changes.changed)
            others = not changes.companies_only
            numbers = await lines.load_all(conn) if others else None
            staff = await agents.load_all(conn) if others else ()
            locked = await agents.locked(conn) if others else frozenset()
        await self._tell(companies)
        async for company in gently(companies):
            await self._hold(company)
        async for customer_id in gently(changes.gone):
            self._index.remove(customer_id)
        if numbers is not None:
            await self._take(numbers, staff, locked)
        await self._screens.refresh_pops(changes.changed | changes.gone)
        self._screens.status.waiting_moved()
        await self._reflection.changed(changes.changed | changes.gone, numbers)
        await self.warm(companies)

    async def _hold(self, company: Customer) -> None:
        """The company as it is now, with its many employees and answers ready to be searched."""
        ordered = ready = None
        if len(company.employees) > FEW:
            ordered = await finished(compiled(company.employees, self._index.directory(company.id)))
            goes_gently(ordered, ordered.by_family)
        if len(company.faq) > FEW:
            ready = await finished(answers(company.faq))
        vips = await finished(self._vips_of(company))
        self._index.replace(company, ordered, ready, vips)

    def _vips_of(self, company: Customer) -> Steps[VipTable]:
        """As they are held already, unless they are others now."""
        held = self._index.customer(company.id)
        before, now = held.vip_callers if held else (), company.vip_callers
        if held is None or len(before) != len(now):
            return (yield from table_of(now))
        for one, other in zip(before, now, strict=True):
            if one != other:
                return (yield from table_of(now))
            yield
        return self._index.vips(company.id)

    async def _take(self, numbers: Sequence[Line], staff: tuple[Agent, ...], locked: frozenset[str]) -> None:
        """Lines and agents as they are now."""
        self._index.set_lines(numbers)
        async for line in gently(numbers[:CACHED_NUMBERS]):
            self._pops.warm_line(line)
        await self._greet(staff, locked)

    async def _tell(self, companies: Iterable[Customer]) -> None:
        """What is new at companies known before; a database that cannot keep it costs a restart its news."""
        now, found = self._clock(), list[CompanyChange]()
        async for after, last in gently(self._news_of(companies)):
            found += [CompanyChange(after.id, now, item) for item in last]
        if not found:
            return
        async for change in gently(found):
            self._screens.news.add([change])
        try:
            async with self._db.write() as conn:
                await company_changes.insert(conn, found, now)
        except StorageUnavailable as error:
            log.warning("company_changes_not_kept", reason=error.reason)

    def _news_of(self, companies: Iterable[Customer]) -> Iterator[tuple[Customer, Collection[News]]]:
        """In small steps, most of which bring nothing: of one big company, and of very many small ones."""
        for after in companies:
            before, last = self._index.customer(after.id), deque[News](maxlen=REMEMBERED)
            for item in compared(before, after) if before else ():
                if item:
                    last.append(item)
                yield after, ()
            yield after, last

    async def warm(self, companies: Collection[Customer] | None = None) -> None:
        """Have the pops of these companies (None: of as many as are kept) ready before somebody calls."""
        wanted = self._index.customers.values() if companies is None else companies
        with lasting() if companies is None else contextlib.nullcontext():
            async for company in gently(tuple(islice(wanted, CACHED_COMPANIES))):
                await self._pops.warm(company, self._clock())

    async def _greet(self, staff: tuple[Agent, ...], locked: frozenset[str]) -> None:
        """Whoever is new has a screen; phones of whoever is locked, gone, or has another one ring no more."""
        known = self._screens.staff.all()
        before, phones = {agent.id for agent in known}, {agent.interface for agent in known}
        self._departed = (self._departed | phones | locked) - {agent.interface for agent in staff}
        self._screens.staff.replace(staff)
        self._screens.status.colleagues_moved()
        for agent in staff:
            if agent.id not in before:
                await self._welcome(agent)
        await self._keep_out(self._departed)
