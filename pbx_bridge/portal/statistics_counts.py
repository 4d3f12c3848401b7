"""Counts of a period on the customer's own clock: by day, by hour and weekday, by result; and our service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from pbx_bridge.storage.selection import Result
from pbx_bridge.storage.statistics import Bucket

MOST_DAYS = 62
MOST_WEEKS = 400
"""Up to two months are shown by the day, up to a good year by the week, more by the month."""


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


def service(buckets: Iterable[Bucket]) -> Service:
    """All of them in one."""
    found = list(buckets)
    return Service(
        sum(one.answered for one in found),
        sum(one.in_time for one in found),
        sum(one.missed for one in found),
    )


def wanted(buckets: Iterable[Bucket]) -> tuple[Bucket, ...]:
    """Without the calls of blocked callers."""
    return tuple(one for one in buckets if one.result is not Result.BLOCKED)


def results(buckets: Iterable[Bucket]) -> dict[Result, int]:
    """Calls by what became of them, in the order of `Result`; what did not happen is 0."""
    counted = Counter(dict.fromkeys(Result, 0))
    for one in buckets:
        counted[one.result] += one.calls
    return {result: counted[result] for result in Result}


def spans(buckets: Iterable[Bucket], zone: str, first: date, last: date) -> tuple[Span, ...]:
    """One bar a day, week or month from `first` through `last`, those without a call too."""
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    start_of = _grouping(len(days))
    missed: Counter[date] = Counter()
    all_calls: Counter[date] = Counter()
    for one in buckets:
        day = start_of(one.start.astimezone(ZoneInfo(zone)).date())
        all_calls[day] += one.calls
        missed[day] += one.calls if one.result is Result.MISSED else 0
    groups: dict[date, list[date]] = {}
    for day in days:
        groups.setdefault(start_of(day), []).append(day)
    return tuple(
        Span(group[0], group[-1], all_calls[start] - missed[start], missed[start])
        for start, group in groups.items()
    )


def week(buckets: Iterable[Bucket], zone: str) -> dict[tuple[int, int], int]:
    """Calls by (weekday, hour), Monday is 0."""
    counted: Counter[tuple[int, int]] = Counter()
    for one in buckets:
        local = one.start.astimezone(ZoneInfo(zone))
        counted[local.weekday(), local.hour] += one.calls
    return dict(counted)


def _grouping(days: int) -> Callable[[date], date]:
    if days <= MOST_DAYS:
        return lambda day: day
    if days <= MOST_WEEKS:
        return lambda day: day - timedelta(day.weekday())
    return lambda day: day.replace(day=1)
