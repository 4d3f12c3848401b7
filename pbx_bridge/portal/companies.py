"""What a page needs of a company, however big: as it is stored now, its people in order, what it lacks.

The service has every company in memory and follows each change at once; a page takes it from there as soon as
it is what the database has.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from pbx_bridge.garbage import goes_gently
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.db.engine import AsyncConnection, Database
from pbx_bridge.tasks import BackgroundTasks
from pbx_bridge.time_slices import finished, gently
from rules.customers.completeness import Finding, IsLine, Severity, checking, no_line
from rules.customers.directory import FEW, Directory, compiled, directory
from rules.customers.vip_register import VipRegister
from rules.customers.vip_register import compiled as registered
from rules.model import Customer, Line
from rules.stepwise import at_once
from rules.text.dialling import DialRules

PATIENCE = 3.0
"""Seconds until a page reads by itself what the memory still lacks."""
LOOK_SECONDS = 0.01
REGISTERS = 16
"""Companies whose VIP callers are kept in order."""
FRESH = timedelta(minutes=5)
"""How long a check of a big company holds: what it finds changes with the clock too."""


class Memory(Protocol):
    """What is needed of `directory.index.Index`."""

    def customer(self, customer_id: str | None) -> Customer | None: ...
    def directory(self, customer_id: str) -> Directory | None: ...
    def line(self, number: str) -> Line | None: ...


@dataclass(frozen=True, slots=True)
class Checked:
    """What a big company lacked at this moment."""

    version: int
    at: datetime
    findings: tuple[Finding, ...]
    errors: int


def _errors(findings: Iterable[Finding]) -> int:
    return sum(finding.severity is Severity.ERROR for finding in findings)


@dataclass(slots=True)
class Companies:
    """`memory` None: every page reads the database."""

    db: Database
    dial_rules: DialRules
    memory: Memory | None = None
    _registers: dict[str, tuple[Customer, VipRegister]] = field(default_factory=dict)
    _checked: dict[str, Checked] = field(default_factory=dict)
    _checking: dict[str, asyncio.Task[Checked]] = field(default_factory=dict)
    _background: BackgroundTasks = field(default_factory=BackgroundTasks)

    async def read(self, customer_id: str) -> Customer | None:
        """The company as stored now; None when there is none."""
        async with self.db.read() as conn:
            version = await customers.version(conn, customer_id)
        held = await self._caught_up(customer_id, version)
        if held is not None:
            return held
        async with self.db.read() as conn:
            return await customers.load_customer(conn, customer_id)

    async def load(self, conn: AsyncConnection, customer_id: str) -> Customer | None:
        """The same within a transaction, in which nobody waits for the memory."""
        held = self.memory.customer(customer_id) if self.memory else None
        if held and held.version == await customers.version(conn, customer_id):
            return held
        return await customers.load_customer(conn, customer_id)

    async def directory(self, customer: Customer) -> Directory:
        """The company's people in order."""
        if len(customer.employees) <= FEW:
            return directory(customer.employees)
        held = self.memory and self.memory.customer(customer.id) is customer
        ready = self.memory.directory(customer.id) if self.memory and held else None
        if ready is None:
            ready = await finished(compiled(customer.employees))
        return ready

    async def vip_register(self, customer: Customer) -> VipRegister:
        """The company's VIP callers in order."""
        known = self._registers.get(customer.id)
        if known is None or known[0] is not customer:
            register = await finished(registered(customer))
            goes_gently(register, *register.orders[:1])
            known = self._registers[customer.id] = customer, register
            if len(self._registers) > REGISTERS:
                del self._registers[next(iter(self._registers))]
        return known[1]

    async def findings(self, customer: Customer, now: datetime) -> tuple[Finding, ...]:
        """What the company lacks; of a big one within the last minutes."""
        if len(customer.employees) <= FEW:
            return at_once(checking(customer, now, self.dial_rules, self._line))
        return (await asyncio.shield(self._check(customer, now))).findings

    async def errors(self, customer: Customer, now: datetime) -> int:
        """How many of them are errors."""
        if len(customer.employees) <= FEW:
            return _errors(await self.findings(customer, now))
        return (await asyncio.shield(self._check(customer, now))).errors

    def known_errors(self, customer: Customer, now: datetime) -> int:
        """How many of them are errors, without waiting: of a big company as far as it is known, while it is
        being checked anew."""
        if len(customer.employees) <= FEW:
            return _errors(at_once(checking(customer, now, self.dial_rules, self._line)))
        self._check(customer, now)
        known = self._checked.get(customer.id)
        return known.errors if known else 0

    def _check(self, customer: Customer, now: datetime) -> asyncio.Task[Checked]:
        """One check at a time, whoever asks; done already while it holds."""
        running = self._checking.get(customer.id)
        if running and not running.done():
            return running
        known = self._checked.get(customer.id)
        if running and known and known.version == customer.version and now - known.at < FRESH:
            return running
        task = self._checking[customer.id] = self._background.start(self._checked_anew(customer, now))
        return task

    @property
    def _line(self) -> IsLine:
        return self.memory.line if self.memory else no_line

    async def _checked_anew(self, customer: Customer, now: datetime) -> Checked:
        found = await finished(checking(customer, now, self.dial_rules, self._line))
        errors = len([one async for one in gently(found) if one.severity is Severity.ERROR])
        checked = self._checked[customer.id] = Checked(customer.version, now, found, errors)
        return checked

    async def _caught_up(self, customer_id: str, version: int | None) -> Customer | None:
        """What the memory has, once it is as new as this."""
        if self.memory is None or version is None or self.memory.customer(customer_id) is None:
            return None
        end = asyncio.get_running_loop().time() + PATIENCE
        while True:
            held = self.memory.customer(customer_id)
            if held and held.version >= version:
                return held
            if asyncio.get_running_loop().time() > end:
                return None
            await asyncio.sleep(LOOK_SECONDS)
