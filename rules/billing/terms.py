"""The terms of a tariff from a day on. A change of price is one more version; an old one keeps its numbers.

Money is in micros (millionths of a euro) until a line of a statement is rounded to cents; there is no float.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from rules.fault import Fault

STEPS = (1, 6, 10, 30, 60)
"""Seconds that a call may be counted in: each call's seconds are rounded up to whole steps."""
MOST_MICROS = 100_000 * 1_000_000
"""A hundred thousand euros: more is a slip of the finger."""

BEGINNING = date(2000, 1, 1)
"""First day of a price of which nobody said since when it holds."""


class CallTime(StrEnum):
    """What the seconds of a call are spent on. `HOLD`: the caller hears music while the employee is rung;
    `CONSULTATION`: agent and employee speak; `PUT_THROUGH`: caller and employee do, without the agent."""

    TALK = "talk"
    HOLD = "hold"
    CONSULTATION = "consultation"
    WRAP_UP = "wrap_up"
    PUT_THROUGH = "put_through"


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds from `first_day` (local) until the next version, or until `last_day` if that comes first.

    `base_micros`, `minimum_micros`, `included_calls`, `included_seconds`: for a whole month; a part of it has
    its share by days. `call_micros`: for each call of at least `billed_from` counted seconds.
    `minute_micros`: for these calls' seconds of the kinds `counted`, each call in steps of `step` seconds.
    """

    first_day: date
    base_micros: int = 0
    minimum_micros: int = 0
    included_calls: int = 0
    included_seconds: int = 0
    call_micros: int = 0
    billed_from: int = 0
    minute_micros: int = 0
    step: int = 60
    counted: frozenset[CallTime] = frozenset({CallTime.TALK})
    put_through_minute_micros: int = 0
    sms_micros: int = 100_000
    voice_message_micros: int = 0
    last_day: date = date.max


_MONEY = (
    "base_micros",
    "minimum_micros",
    "call_micros",
    "minute_micros",
    "put_through_minute_micros",
    "sms_micros",
    "voice_message_micros",
)
_COUNTS = ("included_calls", "included_seconds", "billed_from")


def faults(terms: Terms) -> list[Fault]:
    """What cannot stand: a field and a code each."""
    found = [Fault(name, "money") for name in _MONEY if not 0 <= getattr(terms, name) <= MOST_MICROS]
    found += [Fault(name, "negative") for name in _COUNTS if getattr(terms, name) < 0]
    if terms.step not in STEPS:
        found.append(Fault("step", "unknown"))
    if terms.minute_micros and not terms.counted:
        found.append(Fault("counted", "nothing"))
    if terms.put_through_minute_micros and CallTime.PUT_THROUGH in terms.counted:
        found.append(Fault("counted", "twice"))
    return found


def versions(all_terms: Iterable[Terms]) -> Sequence[Terms]:
    """In order of their first days. Raises ValueError where two begin on one day."""
    ordered = sorted(all_terms, key=lambda terms: terms.first_day)
    for one, other in pairwise(ordered):
        if one.first_day == other.first_day:
            raise ValueError(f"two versions begin on {one.first_day}")
    return ordered


@dataclass(frozen=True, slots=True)
class TariffSpan:
    """A company has a tariff from `first` through `last` (local days); `terms`: all versions of it."""

    first: date
    last: date
    terms: Sequence[Terms]


def in_force(spans: Iterable[TariffSpan]) -> Sequence[Terms]:
    """What held for a company that has changed its tariff: of each one what lies within its days."""
    found = []
    for span in spans:
        ordered = versions(span.terms)
        ends = [one.first_day - timedelta(days=1) for one in ordered[1:]] + [date.max]
        for one, end in zip(ordered, ends, strict=False):  # of no versions there is no last one either
            first, last = max(one.first_day, span.first), min(end, one.last_day, span.last)
            if first <= last:
                found.append(replace(one, first_day=first, last_day=last))
    return found


def running(terms: Iterable[Terms], day: date) -> Terms | None:
    """The version that holds on this day; None: there is none."""
    found = [one for one in terms if one.first_day <= day <= one.last_day]
    return max(found, key=lambda one: one.first_day, default=None)


def repriced(terms: Iterable[Terms], day: date, sms_micros: int) -> Terms | None:
    """The version to be stored so that an SMS costs this from `day` on; None: it does already.

    What held before keeps its price. Where nothing was said yet, the price holds from the beginning.
    """
    now = running(terms, day)
    if now is None:
        return Terms(BEGINNING, sms_micros=sms_micros)
    return None if now.sms_micros == sms_micros else replace(now, first_day=day, sms_micros=sms_micros)
