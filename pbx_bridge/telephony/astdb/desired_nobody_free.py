"""What the PBX is to remember for callers for whom nobody is free, of every company that has its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pbx_bridge.directory.index import Index
from pbx_bridge.telephony.astdb.nobody_free import HOUSE
from pbx_bridge.time_slices import gently
from rules.calls.blocking import public_numbers
from rules.calls.nobody_free import in_plan
from rules.fields.nobody_free import AS_EVER
from rules.model import Line, NobodyFree
from rules.text.holidays import HouseDays
from rules.text.phone_numbers import dial_digits
from rules.text.working_hours import counting

Tell = Callable[[Mapping[str, str]], None]


@dataclass(frozen=True, slots=True)
class _WorkedOut:
    """What holds at one company, and of what that was worked out: a quarter of a millisecond each."""

    policy: NobodyFree
    zone: str
    day: date
    said: str
    publics: tuple[str, ...]


def of_the_house(policy: NobodyFree, by_state: Mapping[str, HouseDays]) -> NobodyFree:
    """What is set for the house, on the holidays as the house counts them; companies have them in theirs."""
    days = by_state.get(policy.hours.state) if policy.hours else None
    return replace(policy, hours=counting(policy.hours, days))


class DesiredNobodyFree:
    """At every line of such a company, and at every number of its own that is nobody's line. `house`: what
    holds everywhere else, on the clock of `zone`.

    What was worked out is kept for each company that has its own: a change of any other one is none here.
    With each day, of the house, and with other lines all of it is looked at.
    """

    def __init__(
        self, index: Index, house: NobodyFree, zone: str, clock: Callable[[], datetime], tell: Tell
    ) -> None:
        self._index, self._house, self._zone, self._clock, self._tell = index, house, zone, clock, tell
        self._lines: tuple[Line, ...] = ()
        self._own: dict[str, _WorkedOut] = {}
        self._day: date | None = None

    async def changed(self, customers: Iterable[str], lines: Iterable[Line] | None = None) -> None:
        """These companies are other ones now, or gone; `lines`: all of them, None: they are as before."""
        now = self._clock()
        today = now.astimezone(ZoneInfo(self._zone)).date()
        if lines is not None or today != self._day:
            customers = {*self._index.customers, *self._own}
        elif not (customers := {one for one in customers if one in self._own or self._policy_of(one)}):
            return
        self._lines = self._lines if lines is None else tuple(lines)
        async for customer_id in gently(sorted(customers)):
            self._take(customer_id, now)
        self._day = today
        said: dict[str, str] = {}
        if self._house != AS_EVER:  # else the PBX does as it does by itself, with its own SEC_QTIME
            said[HOUSE] = in_plan(of_the_house(self._house, self._index.house_days), self._zone, today)
        own = dict(self._own)
        for worked in own.values():
            said |= dict.fromkeys(worked.publics, worked.said)
        async for line in gently(self._lines if own else ()):
            if line.customer_id:
                said.pop(dial_digits(line.number), None)
                if line.customer_id in own:
                    said[dial_digits(line.number)] = own[line.customer_id].said
        self._tell(said)

    def _policy_of(self, customer_id: str) -> NobodyFree | None:
        customer = self._index.customer(customer_id)
        return customer.nobody_free if customer else None

    def _take(self, customer_id: str, now: datetime) -> None:
        before = self._own.pop(customer_id, None)
        customer = self._index.customer(customer_id)
        if customer is None or (policy := customer.nobody_free) is None:
            return
        zone, publics = customer.zone, tuple(map(dial_digits, public_numbers(customer)))
        day = now.astimezone(ZoneInfo(zone)).date()
        if before is not None and (before.policy, before.zone, before.day) == (policy, zone, day):
            self._own[customer_id] = replace(before, publics=publics)
        else:
            self._own[customer_id] = _WorkedOut(policy, zone, day, in_plan(policy, zone, day), publics)
