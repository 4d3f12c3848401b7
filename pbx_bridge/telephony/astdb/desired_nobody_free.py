"""What the PBX is to remember for callers for whom nobody is free, of every company that has its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from pbx_bridge.directory.index import Index
from pbx_bridge.telephony.astdb.nobody_free import HOUSE
from pbx_bridge.time_slices import gently
from rules.calls.blocking import public_numbers
from rules.calls.nobody_free import in_plan
from rules.fields.nobody_free import AS_EVER
from rules.model import Line, NobodyFree
from rules.text.phone_numbers import dial_digits

Tell = Callable[[Mapping[str, str]], None]


class DesiredNobodyFree:
    """At every line of such a company, and at every number of its own that is nobody's line. `house`: what
    holds everywhere else, on the clock of `zone`."""

    def __init__(
        self, index: Index, house: NobodyFree, zone: str, clock: Callable[[], datetime], tell: Tell
    ) -> None:
        self._index, self._house, self._zone, self._clock, self._tell = index, house, zone, clock, tell
        self._lines: tuple[Line, ...] = ()

    async def changed(self, _customers: Iterable[str], lines: Iterable[Line] | None = None) -> None:
        """Companies are other ones now, or gone; `lines`: all of them, None: they are as before."""
        if lines is not None:
            self._lines = tuple(lines)
        now = self._clock()
        said: dict[str, str] = {}
        if self._house != AS_EVER:  # else the PBX does as it does by itself, with its own SEC_QTIME
            today = now.astimezone(ZoneInfo(self._zone)).date()
            said[HOUSE] = in_plan(self._house, self._zone, today)
        own: dict[str, str] = {}
        async for customer in gently(tuple(self._index.customers.values())):
            if customer.nobody_free is not None:
                today = now.astimezone(ZoneInfo(customer.zone)).date()
                own[customer.id] = in_plan(customer.nobody_free, customer.zone, today)
                said |= dict.fromkeys(map(dial_digits, public_numbers(customer)), own[customer.id])
        async for line in gently(self._lines if own else ()):
            if line.customer_id:
                said.pop(dial_digits(line.number), None)
                if line.customer_id in own:
                    said[dial_digits(line.number)] = own[line.customer_id]
        self._tell(said)
