"""The statement of a month: lines made of terms and usage, always the same for the same events.

A change of terms within the month splits it. Each line is rounded once, half a cent up; the total is the sum
of the lines as they are printed. What an old statement had wrong is mended by an adjustment: one line more.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from rules.billing.allowance import Allowance, AllowanceKind, together
from rules.billing.contract import ContractGap, with_contract
from rules.billing.terms import CallTime, Terms, versions
from rules.billing.usage import Usage, UsageKind, in_steps
from rules.stepwise import Steps, at_once

MICROS_OF_A_CENT = 10_000
_MINUTE = 60


class LineKind(StrEnum):
    """In the order in which they are printed, part of the month by part."""

    BASE = "base"
    CALLS = "calls"
    TIME = "time"
    PUT_THROUGH = "put_through"
    SMS = "sms"
    VOICE_MESSAGES = "voice_messages"
    MINIMUM = "minimum"
    ADJUSTMENT = "adjustment"


@dataclass(frozen=True, slots=True)
class StatementLine:
    """`first` and `last`: local days, both included. `quantity`: days, calls, seconds, parts or messages,
    without the `included` ones. `unit_micros`: of a month, call, minute, part or message. `usage`: ids of all
    that is behind it, in order of time. `text`: the reason of an adjustment."""

    kind: LineKind
    first: date
    last: date
    cents: int
    quantity: int = 0
    included: int = 0
    unit_micros: int = 0
    usage: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Of any earlier month, said and paid in this one. `cents`: less than nothing is given back."""

    id: str
    day: date
    cents: int
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """`unpriced`: what was used on days without terms; nobody pays for it until somebody has looked at it.
    `allowances`: what the terms include, and how much of it is used."""

    first: date
    last: date
    lines: tuple[StatementLine, ...]
    unpriced: tuple[str, ...] = ()
    allowances: tuple[Allowance, ...] = ()

    @property
    def cents(self) -> int:
        """What is to be paid."""
        return sum(line.cents for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Part:
    """Days of the month with one set of terms: `begin` to `end` (exclusive), counted from 0 to `days`."""

    terms: Terms
    begin: int
    end: int
    first: date
    days: int

    @property
    def start(self) -> date:
        return self.first + timedelta(days=self.begin)

    @property
    def stop(self) -> date:
        """The last day of it."""
        return self.first + timedelta(days=self.end - 1)

    def share(self, whole: int, rounded: Callable[[int, int], int]) -> int:
        """Of what holds for a whole month. Parts of one month with the same `whole` sum up to it."""
        return rounded(whole * self.end, self.days) - rounded(whole * self.begin, self.days)


def half_up(numerator: int, denominator: int) -> int:
    """A quotient of what is not negative, rounded to the nearest whole, half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def statement(
    month: date,
    zone: str,
    terms: Iterable[Terms],
    used: Iterable[Usage],
    adjustments: Iterable[Adjustment] = (),
    gaps: Iterable[ContractGap] = (),
) -> Statement:
    """Of the month in which the day `month` lies, in the local time of `zone`.

    `gaps`: days without a contract. Raises ValueError where two terms begin on one day.
    """
    return at_once(statement_in_steps(month, zone, terms, used, adjustments, gaps))


def statement_in_steps(
    month: date,
    zone: str,
    terms: Iterable[Terms],
    used: Iterable[Usage],
    adjustments: Iterable[Adjustment] = (),
    gaps: Iterable[ContractGap] = (),
) -> Steps[Statement]:
    """The same in small steps, for any number of events."""
    days = calendar.monthrange(month.year, month.month)[1]
    first = month.replace(day=1)
    last = first.replace(day=days)
    by_day: list[list[Usage]] = [[] for _ in range(days)]
    for one in used:
        yield
        day = one.day(zone)
        if first <= day <= last:
            by_day[day.day - 1].append(one)
    for events in by_day:
        yield
        events.sort(key=lambda one: (one.at, one.id))
    lines: list[StatementLine] = []
    allowances: list[Allowance] = []
    unpriced = set(range(days))
    least = 0
    for part in _parts(first, days, versions(terms), tuple(gaps)):
        unpriced -= set(range(part.begin, part.end))
        counted = yield from _counted(part.terms, by_day[part.begin : part.end])
        lines += _lines(part, counted)
        allowances += _allowances(part, counted)
        least += part.share(part.terms.minimum_micros, _cents)
    lines += _up_to(least, lines, first, last)
    lines += [
        StatementLine(LineKind.ADJUSTMENT, one.day, one.day, one.cents, text=one.text)
        for one in sorted(adjustments, key=lambda one: (one.day, one.id))
        if first <= one.day <= last
    ]
    nobodys = tuple([one.id for day in sorted(unpriced) for one in by_day[day]])
    return Statement(first, last, tuple(lines), nobodys, together(allowances))


def _parts(first: date, days: int, terms: Sequence[Terms], gaps: Sequence[ContractGap]) -> Iterator[_Part]:
    last = first + timedelta(days=days - 1)
    starts = [one.first_day for one in terms]
    for one, (start, following) in zip(terms, pairwise([*starts, date.max]), strict=True):
        through = min(following - timedelta(days=1), one.last_day, last)
        for begin, end in with_contract(max(start, first), through, gaps):
            yield _Part(one, (begin - first).days, (end - first).days + 1, first, days)


def _cents(numerator: int, denominator: int) -> int:
    """Micros as a quotient, in cents."""
    return half_up(numerator, denominator * MICROS_OF_A_CENT)


def _up(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


@dataclass(slots=True)
class _Counted:
    """What one line is made of: ids of events, and how much they are together."""

    usage: list[str] = field(default_factory=list)
    quantity: int = 0

    def add(self, one: Usage, quantity: int = 1) -> None:
        self.usage.append(one.id)
        self.quantity += quantity


def _counted(terms: Terms, used: Sequence[Sequence[Usage]]) -> Steps[Mapping[LineKind, _Counted]]:
    """By the line to which it belongs."""
    counted = {kind: _Counted() for kind in LineKind}
    for events in used:
        for one in events:
            yield
            _count(terms, one, counted)
    return counted


def _allowances(part: _Part, counted: Mapping[LineKind, _Counted]) -> Iterator[Allowance]:
    """Also of what costs nothing beyond it, and of what was not used."""
    for kind, whole in (
        (AllowanceKind.CALLS, part.terms.included_calls),
        (AllowanceKind.TIME, part.terms.included_seconds),
    ):
        if whole:
            yield Allowance(kind, counted[LineKind(kind.value)].quantity, part.share(whole, _up))


def _lines(part: _Part, counted: Mapping[LineKind, _Counted]) -> list[StatementLine]:
    """In the order of `LineKind`; none where something costs nothing by the terms, or was not used."""
    terms = part.terms
    lines: list[StatementLine] = []
    if terms.base_micros:
        cents = part.share(terms.base_micros, _cents)
        days = part.end - part.begin
        lines.append(StatementLine(LineKind.BASE, part.start, part.stop, cents, days, 0, terms.base_micros))
    for kind, micros, of, included in (
        (LineKind.CALLS, terms.call_micros, 1, terms.included_calls),
        (LineKind.TIME, terms.minute_micros, _MINUTE, terms.included_seconds),
        (LineKind.PUT_THROUGH, terms.put_through_minute_micros, _MINUTE, 0),
        (LineKind.SMS, terms.sms_micros, 1, 0),
        (LineKind.VOICE_MESSAGES, terms.voice_message_micros, 1, 0),
    ):
        found = counted[kind]
        if micros and found.usage:
            free = min(part.share(included, _up), found.quantity)
            paid = found.quantity - free
            cents = _cents(paid * micros, of)
            ids = tuple(found.usage)
            lines.append(StatementLine(kind, part.start, part.stop, cents, paid, free, micros, ids))
    return lines


def _count(terms: Terms, one: Usage, counted: Mapping[LineKind, _Counted]) -> None:
    """One event, on each line to which it belongs."""
    match one.kind:
        case UsageKind.SMS:
            counted[LineKind.SMS].add(one, one.parts)
        case UsageKind.VOICE_MESSAGE:
            counted[LineKind.VOICE_MESSAGES].add(one)
        case UsageKind.CALL:
            spent = one.spent(terms.counted)
            if spent >= terms.billed_from:
                counted[LineKind.CALLS].add(one)
                counted[LineKind.TIME].add(one, in_steps(spent, terms.step))
            if through := one.seconds.get(CallTime.PUT_THROUGH, 0):
                counted[LineKind.PUT_THROUGH].add(one, in_steps(through, terms.step))


def _up_to(least: int, lines: Sequence[StatementLine], first: date, last: date) -> Iterator[StatementLine]:
    missing = least - sum(line.cents for line in lines)
    if missing > 0:
        yield StatementLine(LineKind.MINIMUM, first, last, missing)
