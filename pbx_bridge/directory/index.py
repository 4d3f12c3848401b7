"""All customers in memory, findable by line, public number and VIP; what makes the pop need no database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from rules.calls.vip import VipTable
from rules.customers.directory import Answers, Directory
from rules.model import Customer, Line
from rules.text.holidays import HouseDays
from rules.text.phone_numbers import dial_digits, to_e164


class Index:
    """Follows every change of the data at once: `replace` a customer, `set_lines`; look-ups take microseconds
    at any size. `house_days`: what the house says of holidays, by state."""

    def __init__(self, customers: Iterable[Customer] = (), lines: Iterable[Line] = ()) -> None:
        self._customers: dict[str, Customer] = {}
        self._vips: dict[str, VipTable] = {}
        self._directories: dict[str, Directory] = {}
        self._answers: dict[str, Answers] = {}
        self._public: dict[str, str] = {}
        self._lines: dict[str, Line] = {}
        self.customers: Mapping[str, Customer] = MappingProxyType(self._customers)
        self.house_days: Mapping[str, HouseDays] = {}
        self.load(customers, lines)

    def load(self, customers: Iterable[Customer], lines: Iterable[Line]) -> None:
        """Everything anew."""
        for table in (self._customers, self._vips, self._public, self._directories, self._answers):
            table.clear()
        for customer in customers:
            self.replace(customer)
        self.set_lines(lines)

    def replace(
        self,
        customer: Customer,
        directory: Directory | None = None,
        answers: Answers | None = None,
        vips: VipTable | None = None,
    ) -> None:
        """A new or changed customer; an older version than the one held is ignored. `directory`, `answers`:
        of one with more than a `FEW` employees or answers, ready to be searched; `vips`: likewise."""
        old = self._customers.get(customer.id)
        if old and old.version > customer.version:
            return
        self._forget(customer.id)
        if directory is not None:
            self._directories[customer.id] = directory
        if answers is not None:
            self._answers[customer.id] = answers
        if vips is not None:
            self._vips[customer.id] = vips
        elif old is None or old.vip_callers != customer.vip_callers:
            self._vips[customer.id] = VipTable(customer.vip_callers)
        self._drop_public(customer.id)
        self._customers[customer.id] = customer
        for number in customer.public_numbers:
            self._public[to_e164(number, customer.region) or number] = customer.id

    def remove(self, customer_id: str) -> None:
        """A customer who left; lines that still name them count as unassigned."""
        self._drop_public(customer_id)
        self._customers.pop(customer_id, None)
        self._vips.pop(customer_id, None)
        self._forget(customer_id)

    def set_lines(self, lines: Iterable[Line]) -> None:
        """All lines, shared ones included."""
        self._lines = {line.number: line for line in lines}
        self.numbers: Collection[str] = self._lines.keys()

    def customer(self, customer_id: str | None) -> Customer | None:
        return self._customers.get(customer_id) if customer_id else None

    def line(self, number: str) -> Line | None:
        """The line with this E.164 number; a customer that is unknown counts as none."""
        line = self._lines.get(number)
        if line and line.customer_id and line.customer_id not in self._customers:
            return Line(line.id, line.number, line.region)
        return line

    def lines(self) -> Iterable[Line]:
        """All lines, shared ones included."""
        return self._lines.values()

    def customer_of(self, number: str) -> str | None:
        """Id of the customer whose own number this is (E.164)."""
        return self._public.get(number)

    def is_ours(self, number: str) -> bool:
        """Whether this number (E.164) leads back to us: a line of ours, or a company's own."""
        return number in self._lines or number in self._public

    def reached_at(self, customer_id: str | None, digits: str) -> str:
        """Id of the employee of this customer whose extension is dialled so; "" when it is not just one."""
        customer = self.customer(customer_id)
        if customer is None or not digits:
            return ""
        named = ((one.id, one.extension) for one in customer.employees if one.extension)
        found = [
            name for name, typed in named if digits in {dial_digits(to_e164(typed, customer.region)), typed}
        ]
        return found[0] if len(found) == 1 else ""

    def directory(self, customer_id: str) -> Directory | None:
        """The employees of a big company in order; None: there are only a few."""
        return self._directories.get(customer_id)

    def answers(self, customer_id: str) -> Answers | None:
        """The answers of a company with many of them; None: there are only a few."""
        return self._answers.get(customer_id)

    def vips(self, customer_id: str | None) -> VipTable:
        return self._vips.get(customer_id or "", NOBODY)

    def _forget(self, customer_id: str) -> None:
        for table in (self._directories, self._answers):
            table.pop(customer_id, None)

    def _drop_public(self, customer_id: str) -> None:
        old = self._customers.get(customer_id)
        for number in old.public_numbers if old else ():
            key = to_e164(number, old.region) or number if old else number
            if self._public.get(key) == customer_id:
                del self._public[key]


NOBODY = VipTable()
