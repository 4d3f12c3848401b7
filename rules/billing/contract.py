"""When a company has a contract: always, but before it was signed, and between its end and its being taken up
again. What was so once stays so, whatever is decided later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ContractGap:
    """Local days without a contract, both included; `first` after `last`: there is no such day."""

    first: date
    last: date


def gap(since: datetime | None, until: datetime | None, zone: str) -> ContractGap:
    """From the day after the end (`since`, None: it had none before) to the day before the contract begins
    again, or first (`until`, None: it has none). Both moments aware; their own days are paid for. `zone`:
    IANA name."""
    clock = ZoneInfo(zone)
    first = since.astimezone(clock).date() + _DAY if since else date.min
    last = until.astimezone(clock).date() - _DAY if until else date.max
    return ContractGap(first, last)


def with_contract(first: date, last: date, gaps: Iterable[ContractGap]) -> Iterator[tuple[date, date]]:
    """What the gaps leave of the days `first` to `last`, both included: in order, none empty."""
    for one in sorted(gaps, key=lambda one: (one.first, one.last)):
        if one.last < first or one.first > last or one.first > one.last:
            continue
        if first < one.first:
            yield first, one.first - _DAY
        if one.last >= last:
            return
        first = one.last + _DAY
    if first <= last:
        yield first, last
