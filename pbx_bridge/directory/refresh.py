"""Whatever changes in the data reaches the memory, and from there screens and the PBX, at once."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

import structlog

from pbx_bridge.directory.index import Index
from pbx_bridge.directory.staff import Staff
from pbx_bridge.garbage import goes_gently, lasting
from pbx_bridge.storage.access import agents
from pbx_bridge.storage.customers import company_changes, customers, lines
from pbx_bridge.storage.customers.company_changes import CompanyChange
from pbx_bridge.storage.customers.data_version import Changes
from pbx_bridge.storage.db.engine import Database, StorageUnavailable
from pbx_bridge.time_slices import finished, gently
from rules.calls.vip import VipTable, table_of
from rules.customers.change_feed import News, compared
from rules.customers.directory import FEW, answers, compiled
from rules.model import Agent, Customer, Line
from rules.stepwise import Steps

log = structlog.get_logger(__name__)


MANY = 500
"""Companies, or people of one, that are much to look through."""
REMEMBERED = 200
"""Changes of one company; an import of thousands is one piece of news and not a list."""

Desired = Callable[[Iterable[str], Sequence[Line] | None], Awaitable[None]]
"""What the PBX has to remember of these companies, and of all lines (None: they are as before)."""


class ChangeFeed(Protocol):
    """Keeps what changed at each company."""

    def add(self, found: Iterable[CompanyChange]) -> None:
        """These changes are known now, oldest first; of people who are gone by them nothing else is told any
        more."""

    def forget(self, customer_id: str) -> None:
        """This company is gone."""

    def answers(self, last: dict[tuple[str, str], datetime]) -> None:
        """When each agent last answered for each company, by (agent, company)."""


class DirectoryReader(Protocol):
    """Whoever shows what is kept in memory."""

    @property
    def news(self) -> ChangeFeed:
        """Where changes are kept."""

    async def warm(self, companies: Collection[Customer] | None = None) -> None:
        """Have what is shown of these companies (None: of as many as are kept) ready."""

    async def warm_lines(self, numbers: Sequence[Line]) -> None:
        """Have these lines ready in the form in which they are shown."""

    async def companies_changed(self, customers: Collection[str]) -> None:
        """What is shown of these companies is another one now."""

    def agents_changed(self) -> None:
        """Agents are others now."""

    async def welcome(self, agent: Agent) -> None:
        """This agent is new."""


class Refresh:
    """`desired` is told of whom the PBX has to remember something else, `keep_out` which phones may not be in
    the queue any more."""

    def __init__(
        self,
        db: Database,
        index: Index,
        staff: Staff,
        screens: DirectoryReader,
        desired: Desired,
        keep_out: Callable[[Collection[str]], Awaitable[None]],
        clock: Callable[[], datetime],
    ) -> None:
        self._db, self._index, self._staff, self._screens = db, index, staff, screens
        self._desired, self._keep_out, self._clock = desired, keep_out, clock
        self._departed = frozenset[str]()

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
        await self._desired(self._index.customers, numbers)

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
            self._screens.news.forget(customer_id)
        if numbers is not None:
            await self._take(numbers, staff, locked)
        await self._screens.companies_changed(changes.changed | changes.gone)
        await self._desired(changes.changed | changes.gone, numbers)
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
        await self._screens.warm_lines(numbers)
        await self._greet(staff, locked)

    async def _tell(self, companies: Iterable[Customer]) -> None:
        """What is new at companies known before; a database that cannot keep it costs a restart its news."""
        now, found = self._clock(), list[CompanyChange]()
        async for after, last in gently(self._news_of(companies)):
            new = [CompanyChange(after.id, now, item) for item in last]
            self._screens.news.add(new)
            found += new
        if not found:
            return
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
        await self._screens.warm(companies)

    async def _greet(self, staff: tuple[Agent, ...], locked: frozenset[str]) -> None:
        """Whoever is new has a screen; phones of whoever is locked, gone, or has another one ring no more."""
        known = self._staff.all()
        before, phones = {agent.id for agent in known}, {agent.interface for agent in known}
        self._departed = (self._departed | phones | locked) - {agent.interface for agent in staff}
        self._staff.replace(staff)
        self._screens.agents_changed()
        for agent in staff:
            if agent.id not in before:
                await self._screens.welcome(agent)
        await self._keep_out(self._departed)
