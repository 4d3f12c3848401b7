"""The statement of a month: lines made of terms and usage, always the same for the same events.

A change of terms within the month splits it. Each line is rounded once, half a cent up; the total is the sum
of the lines as they are printed. What an old statement had wrong is mended by an adjustment: one line more.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from rules.billing.terms import CallTime, Terms, versions
from rules.billing.usage import Usage, UsageKind, in_steps

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
    """`unpriced`: what was used on days without terms; nobody pays for it until somebody has looked at it."""

    first: date
    last: date
    lines: tuple[StatementLine, ...]
    unpriced: tuple[str, ...] = ()

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
    begins: date = date.min,
    ends: date = date.max,
) -> Statement:
    """Of the month in which the day `month` lies, in the local time of `zone`.

    `begins`, `ends`: first and last day of the contract. Raises ValueError where two terms begin on one day.
    """
    days = calendar.monthrange(month.year, month.month)[1]
    first = month.replace(day=1)
    last = first.replace(day=days)
    dated = sorted(((one.day(zone), one) for one in used), key=lambda dated: (dated[1].at, dated[1].id))
    inside = [(day, one) for day, one in dated if first <= day <= last]
    lines: list[StatementLine] = []
    priced: set[str] = set()
    least = 0
    for part in _parts(first, days, versions(terms), begins, ends):
        events = [one for day, one in inside if part.start <= day <= part.stop]
        priced.update(one.id for one in events)
        lines += _lines(part, events)
        least += part.share(part.terms.minimum_micros, _cents)
    lines += _up_to(least, lines, first, last)
    lines += [
        StatementLine(LineKind.ADJUSTMENT, one.day, one.day, one.cents, text=one.text)
        for one in sorted(adjustments, key=lambda one: (one.day, one.id))
        if first <= one.day <= last
    ]
    return Statement(first, last, tuple(lines), tuple(one.id for _, one in inside if one.id not in priced))


def _parts(first: date, days: int, terms: Sequence[Terms], begins: date, ends: date) -> Iterator[_Part]:
    starts = [one.first_day for one in terms]
    for one, (start, following) in zip(terms, pairwise([*starts, date.max]), strict=True):
        begin = max((start - first).days, (begins - first).days, 0)
        end = min((following - first).days, (ends - first).days + 1, days)
        if begin < end:
            yield _Part(one, begin, end, first, days)


def _cents(numerator: int, denominator: int) -> int:
    """Micros as a quotient, in cents."""
    return half_up(numerator, denominator * MICROS_OF_A_CENT)


def _up(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def _lines(part: _Part, used: Sequence[Usage]) -> Iterator[StatementLine]:
    terms = part.terms
    if terms.base_micros:
        cents = part.share(terms.base_micros, _cents)
        yield StatementLine(
            LineKind.BASE, part.start, part.stop, cents, part.end - part.begin, 0, terms.base_micros
        )
    calls = [one for one in used if one.kind is UsageKind.CALL]
    billed = [one for one in calls if one.spent(terms.counted) >= terms.billed_from]
    yield from _calls(part, billed)
    yield from _time(part, billed)
    yield from _put_through(part, calls)
    sms = [one for one in used if one.kind is UsageKind.SMS]
    parts = sum(one.parts for one in sms)
    yield from _by_piece(part, LineKind.SMS, sms, parts, terms.sms_micros)
    left = [one for one in used if one.kind is UsageKind.VOICE_MESSAGE]
    yield from _by_piece(part, LineKind.VOICE_MESSAGES, left, len(left), terms.voice_message_micros)


def _calls(part: _Part, billed: Sequence[Usage]) -> Iterator[StatementLine]:
    free = min(part.share(part.terms.included_calls, _up), len(billed))
    yield from _by_piece(part, LineKind.CALLS, billed, len(billed), part.terms.call_micros, free)


def _time(part: _Part, billed: Sequence[Usage]) -> Iterator[StatementLine]:
    terms = part.terms
    seconds = sum(in_steps(one.spent(terms.counted), terms.step) for one in billed)
    free = min(part.share(terms.included_seconds, _up), seconds)
    yield from _by_minute(part, LineKind.TIME, billed, seconds, terms.minute_micros, free)


def _put_through(part: _Part, calls: Sequence[Usage]) -> Iterator[StatementLine]:
    through = [one for one in calls if one.seconds.get(CallTime.PUT_THROUGH, 0)]
    seconds = sum(in_steps(one.seconds[CallTime.PUT_THROUGH], part.terms.step) for one in through)
    yield from _by_minute(part, LineKind.PUT_THROUGH, through, seconds, part.terms.put_through_minute_micros)


def _by_piece(
    part: _Part, kind: LineKind, used: Sequence[Usage], pieces: int, micros: int, free: int = 0
) -> Iterator[StatementLine]:
    yield from _line(part, kind, used, pieces, micros, free, _cents((pieces - free) * micros, 1))


def _by_minute(
    part: _Part, kind: LineKind, used: Sequence[Usage], seconds: int, micros: int, free: int = 0
) -> Iterator[StatementLine]:
    yield from _line(part, kind, used, seconds, micros, free, _cents((seconds - free) * micros, _MINUTE))


def _line(
    part: _Part, kind: LineKind, used: Sequence[Usage], quantity: int, micros: int, free: int, cents: int
) -> Iterator[StatementLine]:
    """None where it costs nothing by the terms, or nothing was used."""
    if micros and used:
        ids = tuple(one.id for one in used)
        yield StatementLine(kind, part.start, part.stop, cents, quantity - free, free, micros, ids)


def _up_to(least: int, lines: Sequence[StatementLine], first: date, last: date) -> Iterator[StatementLine]:
    missing = least - sum(line.cents for line in lines)
    if missing > 0:
        yield StatementLine(LineKind.MINIMUM, first, last, missing)
