"""Counts of a period on the customer's own clock: by day, by hour and weekday, by result; and our service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from pbx_bridge.storage.calls.call_filter import UNANSWERED, Result
from pbx_bridge.storage.calls.statistics import Bucket
from pbx_bridge.web.kit.periods import grouping
from rules.stepwise import Steps


@dataclass(frozen=True, slots=True)
class Service:
    """How well we answered. Calls that still wait count nowhere; the clock runs from arrival on our line."""

    answered: int
    in_time: int
    missed: int

    @property
    def over(self) -> int:
        """Calls about which it is known whether somebody answered."""
        return self.answered + self.missed

    @property
    def in_time_percent(self) -> float | None:
        return 100 * self.in_time / self.over if self.over else None

    @property
    def missed_percent(self) -> float | None:
        return 100 * self.missed / self.over if self.over else None


@dataclass(frozen=True, slots=True)
class Span:
    """A bar: calls that arrived from `first` through `last`."""

    first: date
    last: date
    taken: int
    missed: int

    @property
    def calls(self) -> int:
        return self.taken + self.missed


@dataclass(slots=True)
class Tally:
    """A period counted on the customer's clock, without the calls of blocked callers but in `results`.

    `days`, `missed_days`: by date; `week`: by (weekday, hour), Monday is 0; `results`: in their own order.
    """

    days: Counter[date] = field(default_factory=Counter)
    missed_days: Counter[date] = field(default_factory=Counter)
    week: Counter[tuple[int, int]] = field(default_factory=Counter)
    results: Counter[Result] = field(default_factory=lambda: Counter(dict.fromkeys(Result, 0)))
    service: Service = Service(0, 0, 0)

    @property
    def calls(self) -> int:
        """All that were wanted."""
        return self.days.total()


def tally(buckets: Iterable[Bucket], zone: str) -> Steps[Tally]:
    """All of them counted."""
    there, found = ZoneInfo(zone), Tally()
    answered = in_time = missed = 0
    for one in buckets:
        yield
        found.results[one.result] += one.calls
        answered, in_time, missed = answered + one.answered, in_time + one.in_time, missed + one.missed
        if one.result is Result.BLOCKED:
            continue
        local = one.start.astimezone(there)
        found.days[local.date()] += one.calls
        found.missed_days[local.date()] += one.calls if one.result in UNANSWERED else 0
        found.week[local.weekday(), local.hour] += one.calls
    found.service = Service(answered, in_time, missed)
    return found


def spans(found: Tally, first: date, last: date) -> tuple[Span, ...]:
    """One bar a day, week or month from `first` through `last`, those without a call too."""
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    start_of = grouping(len(days))
    groups: dict[date, list[date]] = {}
    for day in days:
        groups.setdefault(start_of(day), []).append(day)
    return tuple(_span(found, group) for group in groups.values())


def _span(found: Tally, group: list[date]) -> Span:
    missed = sum(found.missed_days[day] for day in group)
    return Span(group[0], group[-1], sum(found.days[day] for day in group) - missed, missed)
