"""Whatever changes in the data reaches the memory, and from there screens and the PBX, at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog

from pbx_bridge.directory.index import Index
from pbx_bridge.directory.staff import Staff
from pbx_bridge.garbage import goes_gently, lasting
from pbx_bridge.storage.access import agent_phones, agents
from pbx_bridge.storage.customers import company_changes, customers, house_days, lines
from pbx_bridge.storage.customers.company_changes import CompanyChange
from pbx_bridge.storage.customers.data_version import Changes
from pbx_bridge.storage.customers.known_companies import KnownCompanies, in_parts
from pbx_bridge.storage.db.engine import AsyncConnection, Database, StorageUnavailable
from pbx_bridge.time_slices import before_calls, finished, gently
from rules.calls.vip import VipTable, table_of
from rules.customers.change_feed import Comparison, comparison
from rules.customers.directory import FEW, answers, compiled
from rules.model import Agent, Customer, Line
from rules.stepwise import Steps
from rules.text.holidays import HouseDays, by_state

log = structlog.get_logger(__name__)


MANY = 500
"""Companies, or people of one, that are much to look through."""

MOST_UNKEPT = 10_000
"""Changes that wait for the database; a restart does without those before."""
Desired = Callable[[Iterable[str], Sequence[Line] | None], Awaitable[None]]
"""What the PBX has to remember of these companies, and of all lines (None: they are as before)."""


@dataclass(frozen=True, slots=True)
class PhonePorts:
    """`keep_out`: these phones, and no others, may not be in the queue. `give`: these, name → digest, and no
    others, are phones that we gave. Neither waits for the PBX."""

    keep_out: Callable[[Collection[str]], None]
    give: Callable[[Mapping[str, str]], None]


class ChangeFeed(Protocol):
    """Keeps what changed at each company."""

    def add(self, found: Iterable[CompanyChange]) -> None:
        """These changes are known now, oldest first."""

    def forget_people(self, customer_id: str, gone: Collection[str]) -> None:
        """These work there no longer: of them nothing is told any more but that they are gone."""

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


@dataclass(frozen=True, slots=True)
class _Staff:
    """`locked`: phones of agents who may not log in; `phones`: those that we gave, name → digest;
    `days`: what the house says of holidays, by state."""

    lines: Sequence[Line]
    agents: tuple[Agent, ...]
    locked: frozenset[str]
    phones: Mapping[str, str]
    days: Mapping[str, HouseDays]


@dataclass(frozen=True, slots=True)
class _Found:
    """What is stored now; `staff` None: it is as before."""

    companies: Sequence[Customer]
    staff: _Staff | None


@dataclass(frozen=True, slots=True)
class _Compared:
    """What became different at a company, known since `at`."""

    customer_id: str
    at: datetime
    what: Comparison

    @property
    def changes(self) -> list[CompanyChange]:
        """As they are told and kept."""
        return [CompanyChange(self.customer_id, self.at, news) for news in self.what.news]


class Refresh:
    """Reads what changed, decides what agents should hear, holds it, tells open screens first, and keeps it.

    `desired` is told of whom the PBX has to remember something else."""

    def __init__(
        self,
        db: Database,
        index: Index,
        staff: Staff,
        screens: DirectoryReader,
        desired: Desired,
        phones: PhonePorts,
        clock: Callable[[], datetime],
    ) -> None:
        self._db, self._index, self._staff, self._screens = db, index, staff, screens
        self._desired, self._phones, self._clock = desired, phones, clock
        self._departed = frozenset[str]()
        self._unwelcomed = set[str]()
        self._unkept = deque[CompanyChange](maxlen=MOST_UNKEPT)

    async def load(self, known: KnownCompanies | None = None) -> None:
        """Everything, before the first call; of `known` companies only what changed is read."""
        with lasting():
            await self._load(known)

    async def _load(self, known: KnownCompanies | None) -> None:
        with before_calls():
            async with self._db.read() as conn:
                async for some in in_parts(conn, known):
                    async for company in gently(some):
                        await self._hold(company)
                staff = await _read_staff(conn)
                self._screens.news.add(await company_changes.load_all(conn, self._clock()))
                self._screens.news.answers(await company_changes.last_answers(conn, self._clock()))
        await self._take(staff)
        await self._greet()
        with before_calls():
            await self._desired(self._index.customers, staff.lines)

    async def changed(self, changes: Changes) -> None:
        """What is different now; everybody who looks at it sees it."""
        with lasting() if self._is_much(changes) else contextlib.nullcontext():
            await self._changed(changes)

    def _is_much(self, changes: Changes) -> bool:
        held = (self._index.customer(one) for one in changes.changed)
        return len(changes.changed) > MANY or any(one and len(one.employees) > MANY for one in held)

    async def _changed(self, changes: Changes) -> None:
        found = await self._read(changes)
        compared = await self._compare(found.companies)
        # What is on a screen now comes first, then what the PBX is to remember and the next caller's pop. Who
        # waits for a writer's turn comes last: it costs a restart its news, and nobody anything before.
        await self._remember(changes, found, compared)
        await self._screens.companies_changed(changes.changed | changes.gone)
        if found.staff is not None:
            await self._greet()
        await self._desired(changes.changed | changes.gone, found.staff.lines if found.staff else None)
        await self.warm(found.companies)
        await self._keep()

    # ---- read

    async def _read(self, changes: Changes) -> _Found:
        async with self._db.read() as conn:
            companies = await customers.load_customers(conn, changes.changed)
            return _Found(companies, None if changes.companies_only else await _read_staff(conn))

    # ---- decide

    async def _compare(self, companies: Iterable[Customer]) -> list[_Compared]:
        """What is different at companies known before."""
        now = self._clock()
        return [
            _Compared(one.id, now, await finished(comparison(self._index.customer(one.id), one)))
            async for one in gently(companies)
        ]

    # ---- hold in memory

    async def _remember(self, changes: Changes, found: _Found, compared: Sequence[_Compared]) -> None:
        news = self._screens.news
        async for one in gently(compared):
            news.forget_people(one.customer_id, one.what.gone)
            news.add(one.changes)
            self._unkept.extend(one.changes)
        async for company in gently(found.companies):
            await self._hold(company)
        async for customer_id in gently(changes.gone):
            self._index.remove(customer_id)
            news.forget(customer_id)
        if found.staff is not None:
            await self._take(found.staff)

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

    async def _take(self, found: _Staff) -> None:
        """Lines and agents as they are now; phones of whoever is locked, gone, or has another one ring no
        more."""
        self._index.set_lines(found.lines)
        self._index.house_days = found.days
        await self._screens.warm_lines(found.lines)
        known = self._staff.all()
        self._unwelcomed |= {agent.id for agent in found.agents} - {agent.id for agent in known}
        phones = {agent.interface for agent in known} | found.locked
        self._departed = (self._departed | phones) - {agent.interface for agent in found.agents}
        self._staff.replace(found.agents)
        self._phones.keep_out(self._departed)
        self._phones.give(found.phones)

    # ---- tell

    async def _greet(self) -> None:
        """Colleagues are others now, and whoever is new has a screen."""
        self._screens.agents_changed()
        # Each until it has worked: their screen is read from the database, which may just be away.
        for agent_id in sorted(self._unwelcomed):
            if agent := self._staff.agent(agent_id):
                await self._screens.welcome(agent)
            self._unwelcomed.discard(agent_id)

    async def warm(self, companies: Collection[Customer] | None = None) -> None:
        """Have the pops of these companies (None: of as many as are kept) ready before somebody calls."""
        await self._screens.warm(companies)

    # ---- write

    async def settle(self, seconds: float) -> None:
        """Before the database is closed: what has been told is kept."""
        try:
            async with asyncio.timeout(seconds):
                await self._keep()
        except TimeoutError:
            log.warning("company_changes_not_kept", reason="no time left")

    async def _keep(self) -> None:
        """For the next start; what the database cannot keep now it is given again with the next change."""
        found = tuple(self._unkept)
        if not found:
            return
        try:
            async with self._db.write() as conn:
                await company_changes.insert(conn, found, self._clock())
            self._unkept.clear()
        except StorageUnavailable as error:
            log.warning("company_changes_not_kept", reason=error.reason)


async def _read_staff(conn: AsyncConnection) -> _Staff:
    people = await agents.load_all(conn), await agents.locked(conn), await agent_phones.load_all(conn)
    days = by_state(await house_days.load(conn))
    return _Staff(await lines.load_all(conn), *people, days)
