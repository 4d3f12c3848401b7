"""Which edition of a big company a pop belongs to: it also tells of those whom the pop does not show."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush, heapreplace

from pbx_bridge.directory.index import Index
from pbx_bridge.garbage import goes_gently
from pbx_bridge.time_slices import finished
from rules.customers.directory import FEW
from rules.model import Customer
from rules.presence.availability import next_change
from rules.stepwise import Steps

KEPT = 256
"""Companies, beside those that are on a screen."""


@dataclass(slots=True, eq=False, weakref_slot=True)
class _Edition:
    """`since`: from when on every turn of somebody's availability is counted, the last of which was `turned`.

    `ahead`: when each of them turns next, with the id, as a heap; None: nobody has looked yet.
    """

    version: int
    since: datetime
    turned: datetime | None = None
    ahead: list[tuple[datetime, str]] | None = None


class Editions:
    """Of companies of which a pop has only a part, all others have none. To look through twenty thousand
    people takes some hundred milliseconds, in small steps, and no pop waits for it."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._known: OrderedDict[str, _Edition] = OrderedDict()

    def of(self, customer: Customer, now: datetime) -> str:
        """Another word whenever people or answers may be others; "" while the pop has all of them."""
        if max(len(customer.employees), len(customer.faq)) <= FEW:
            return ""
        one = self._edition(customer, now)
        return f"{one.version} {one.turned.isoformat()}" if one.turned else str(one.version)

    async def turned(self, shown: Iterable[str | None], now: datetime) -> set[str]:
        """Of the companies that are on a screen those of which there is another edition by `now`, because
        an absence or a working day of somebody began or ended."""
        found, companies = set[str](), set(shown)
        for key in companies:
            customer = self._index.customer(key)
            if customer and len(customer.employees) > FEW:
                moved = await finished(_turn(self._edition(customer, now), customer, now))
                found |= {customer.id} if moved else set()
        while len(self._known) > KEPT + len(companies):
            self._known.popitem(last=False)
        return found

    def _edition(self, customer: Customer, now: datetime) -> _Edition:
        known = self._known.get(customer.id)
        if known is None or known.version != customer.version:
            known = self._known[customer.id] = _Edition(customer.version, now)
        self._known.move_to_end(customer.id)
        return known


def _turn(edition: _Edition, customer: Customer, now: datetime) -> Steps[bool]:
    """Whether somebody turned since it was asked last."""
    if edition.ahead is None:
        ahead: list[tuple[datetime, str]] = []
        for one in customer.employees:
            turn = next_change(one, customer.zone, edition.since) if one.appointments or one.hours else None
            if turn:
                heappush(ahead, (turn, one.id))
            yield
        edition.ahead = ahead
        goes_gently(edition, ahead)
    before = edition.turned
    while edition.ahead and edition.ahead[0][0] <= now:
        edition.turned, key = edition.ahead[0]
        person = customer.employee(key)
        turn = next_change(person, customer.zone, now) if person else None
        if turn:
            heapreplace(edition.ahead, (turn, key))
        else:
            heappop(edition.ahead)
        yield
    return edition.turned != before
