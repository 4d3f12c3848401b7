"""The terms of a tariff from a day on. A change of price is one more version; an old one keeps its numbers.

Money is in micros (millionths of a euro) until a line of a statement is rounded to cents; there is no float.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from rules.fault import Fault

STEPS = (1, 6, 10, 30, 60)
"""Seconds that a call may be counted in: each call's seconds are rounded up to whole steps."""
MOST_MICROS = 100_000 * 1_000_000
"""A hundred thousand euros: more is a slip of the finger."""


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
    """What holds from `first_day` (local) until the next version.

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
