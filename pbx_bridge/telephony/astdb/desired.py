"""What the PBX is to remember of every company, worked out anew only where something is different."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from pbx_bridge.directory.index import Index
from pbx_bridge.storage.db.sql import batches
from pbx_bridge.telephony.astdb.blocklist import EVERYBODY
from pbx_bridge.time_slices import finished, gently
from rules.calls.blocking import public_numbers, turned_away
from rules.customers.service_state import turns_callers_away
from rules.model import Line
from rules.text.phone_numbers import dial_digits

Tell = Callable[[Mapping[str, str], Mapping[str, frozenset[str] | None]], None]
"""`AstdbSync.change`."""


AT_ONCE = 100
"""Numbers that are told in one breath: a change of all companies touches thousands."""


class DesiredEntries:
    """Whose each number is and who is turned away there: at every line of a company, and at every number of
    its own, by which a forwarded call is known on a shared line. Where the two meet the line decides."""

    def __init__(self, index: Index, tell: Tell) -> None:
        self._index, self._tell = index, tell
        self._refused: dict[str, frozenset[str]] = {}
        self._publics: dict[str, list[str]] = {}
        self._owner_of_public: dict[str, str] = {}
        self._owner_of_line: dict[str, str] = {}
        self._lines_of: defaultdict[str, set[str]] = defaultdict(set)

    async def changed(self, customers: Iterable[str], lines: Iterable[Line] | None = None) -> None:
        """These companies are other ones now, or gone; `lines`: all of them, None: they are as before."""
        touched: set[str] = set()
        before = self._owner_of_line
        others: Collection[str] = ()
        if lines is not None:
            others = await self._take_lines(lines, touched)
        async for customer_id in gently({*customers, *others}):
            await self._take(customer_id, touched)
        async for numbers in gently(batches(touched, AT_ONCE)):
            lines_of_ours = (one for one in numbers if one in self._owner_of_line or one in before)
            names = {number: self._name(number) for number in lines_of_ours}
            self._tell(names, {number: self._turned_away(number) for number in numbers})

    async def _take_lines(self, lines: Iterable[Line], touched: set[str]) -> Collection[str]:
        """The companies for which a number of ours counts otherwise now: nobody may block one."""
        before, self._owner_of_line = self._owner_of_line, {}
        self._lines_of.clear()
        async for line in gently(lines):
            owner = self._owner_of_line[line.number] = line.customer_id or ""
            self._lines_of[owner].add(line.number)
            if before.get(line.number) != owner:
                touched.add(line.number)
        different = before.keys() ^ self._owner_of_line.keys()
        touched |= different
        if not different:
            return ()
        return [one.id async for one in gently(tuple(self._index.customers.values())) if one.blocked]

    async def _take(self, customer_id: str, touched: set[str]) -> None:
        customer = self._index.customer(customer_id)
        touched.update(self._lines_of.get(customer_id, ()))
        for number in self._publics.pop(customer_id, ()):
            touched.add(number)
            if self._owner_of_public.get(number) == customer_id:
                del self._owner_of_public[number]
        self._refused.pop(customer_id, None)
        if customer is None:
            return
        find = self._index.vips(customer_id).find
        refused = await finished(turned_away(customer, find, self._index.numbers))
        digits = [dial_digits(number) async for number in gently(refused)]
        engaged = [EVERYBODY] if turns_callers_away(customer.service) else []
        self._refused[customer_id] = frozenset([*digits, *engaged])
        self._publics[customer_id] = public_numbers(customer)
        self._owner_of_public |= dict.fromkeys(self._publics[customer_id], customer_id)
        touched.update(self._publics[customer_id])

    def _name(self, number: str) -> str:
        """What an agent's phone shows; shared and unassigned lines have no name."""
        customer = self._index.customer(self._owner_of_line.get(number))
        return customer.name if customer else ""

    def _turned_away(self, number: str) -> frozenset[str] | None:
        for owners in (self._owner_of_line, self._owner_of_public):
            refused = self._refused.get(owners.get(number, ""))
            if refused is not None:
                return refused
        return None
