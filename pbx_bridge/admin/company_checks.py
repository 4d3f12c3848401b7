"""Which companies lack something that callers will suffer from, of all that the service has in memory.

Each is checked once and again when it has changed; of fifty thousand companies the first round takes minutes,
in short turns, and until it is over the page says how far it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog

from pbx_bridge.tasks import BackgroundTasks
from pbx_bridge.time_slices import finished, gently
from rules.customers.completeness import Finding, Severity, checking
from rules.customers.service_state import turns_callers_away
from rules.model import Customer, Line
from rules.office.needs import NAMED
from rules.text.dialling import DialRules
from rules.text.holidays import HouseDays

AT_ONCE = 200
"""Companies that a page waits for; of more it shows what is known."""
MOST = 1_000
"""Companies that are told one by one; there are more important things then."""
log = structlog.get_logger(__name__)


class CompaniesInMemory(Protocol):
    """What is needed of `directory.index.Index`."""

    @property
    def customers(self) -> Mapping[str, Customer]: ...
    @property
    def house_days(self) -> Mapping[str, HouseDays]: ...
    def customer(self, customer_id: str | None) -> Customer | None: ...
    def line(self, number: str) -> Line | None: ...
    def lines(self) -> Iterable[Line]: ...


@dataclass(frozen=True, slots=True)
class CheckedCompany:
    """What it lacked in this version; what is an error does not depend on the clock."""

    version: int
    errors: int


@dataclass(frozen=True, slots=True)
class IncompleteCompanies:
    """Those that calls can reach and that lack something. `ids`, `names`: of the first ones; `unchecked`: how
    many have not been looked at yet."""

    count: int
    ids: tuple[str, ...]
    names: tuple[str, ...]
    unchecked: int


NOTHING_KNOWN = IncompleteCompanies(0, (), (), 0)


class CompanyChecks:
    """`dial_rules`: the operator's, for extensions."""

    def __init__(
        self, memory: CompaniesInMemory, dial_rules: DialRules, clock: Callable[[], datetime]
    ) -> None:
        self._memory, self._dial_rules, self._clock = memory, dial_rules, clock
        self._known: dict[str, CheckedCompany] = {}
        self._round: asyncio.Task[IncompleteCompanies] | None = None
        self._last = NOTHING_KNOWN
        self.background = BackgroundTasks()

    async def incomplete(self) -> IncompleteCompanies:
        """As it is now; of very many companies as it was in the last round, while another one is going on."""
        if self._round is None or self._round.done():
            self._round = self.background.start(self._look())
        left = len(self._memory.customers) - len(self._known)
        if left > AT_ONCE and not self._round.done():
            return IncompleteCompanies(self._last.count, self._last.ids, self._last.names, left)
        return await asyncio.shield(self._round)

    async def findings(self, customer: Customer) -> tuple[Finding, ...]:
        """All that one company lacks at this moment."""
        work = checking(customer, self._clock(), self._dial_rules, self._memory.line)
        return await finished(work)

    async def _look(self) -> IncompleteCompanies:
        """One round over all companies, in which only those are checked that are new or different."""
        reached = {line.customer_id async for line in gently(list(self._memory.lines())) if line.customer_id}
        found: list[Customer] = []
        async for company in gently(list(self._memory.customers.values())):
            known = self._known.get(company.id)
            if known is None or known.version != company.version:
                known = self._known[company.id] = CheckedCompany(company.version, await self._errors(company))
            is_reached = company.public_numbers or company.id in reached
            if known.errors and is_reached and not turns_callers_away(company.service):
                found.append(company)
        self._forget(company_id for company_id in list(self._known))
        first = found[:MOST]
        ids, names = tuple(one.id for one in first), tuple(one.name for one in first[:NAMED])
        self._last = IncompleteCompanies(len(found), ids, names, 0)
        return self._last

    async def _errors(self, customer: Customer) -> int:
        try:
            return sum(one.severity is Severity.ERROR for one in await self.findings(customer))
        except Exception:  # the office's first page is not down for one company's data
            log.exception("company_not_checked", company=customer.id)
            return 1

    def _forget(self, known: Iterator[str]) -> None:
        """Those that have left."""
        if len(self._known) > len(self._memory.customers):
            for company_id in known:
                if self._memory.customer(company_id) is None:
                    del self._known[company_id]
