"""A version of a tariff's terms as it is typed into a form: texts by field, and back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from rules.billing.terms import BEGINNING, CallTime, Terms, faults
from rules.fault import Fault
from rules.text.typed_moments import read_day
from rules.text.typed_money import read_money, written_money

MONTHLY = ("base_micros", "minimum_micros")
PER_USE = ("put_through_minute_micros", "sms_micros", "voice_message_micros")
FIELDS = (
    *("first_day", "replace", *MONTHLY, "included_calls", "included_seconds"),
    *("call_micros", "billed_from", "minute_micros", "step"),
    *(kind.value for kind in CallTime),
    *PER_USE,
)
"""In the order of the form. Named as in `Terms`; `included_seconds` is typed in minutes, each kind of time is
a box, and `replace` "yes" says that the version of this day may be replaced."""

_MONEY = (*MONTHLY, "call_micros", "minute_micros", *PER_USE)
_TOLD = {
    "money": ("", "money_range"),
    "negative": ("", "count_unreadable"),
    "unknown": ("", "step_unknown"),
    "nothing": (CallTime.TALK.value, "counted_nothing"),
    "twice": (CallTime.PUT_THROUGH.value, "counted_twice"),
}
"""By the code of what cannot stand: the field where it is mended ("" for its own), and the words."""
_MOST_DIGITS = 6


def texts_of(terms: Terms, point: str) -> dict[str, str]:
    """`point`: before the cents, as the reader writes it."""
    minutes, seconds = divmod(terms.included_seconds, 60)
    said = {name: written_money(getattr(terms, name), point) for name in _MONEY}
    said |= {kind.value: "yes" if kind in terms.counted else "" for kind in CallTime}
    said |= {
        "first_day": terms.first_day.isoformat(),
        "replace": "",
        "included_calls": str(terms.included_calls),
        "included_seconds": f"{minutes}:{seconds:02}" if seconds else str(minutes),
        "billed_from": str(terms.billed_from),
        "step": str(terms.step),
    }
    return {name: said[name] for name in FIELDS}


def read_terms(texts: Mapping[str, str], today: date, taken: Collection[date]) -> Terms | tuple[Fault, ...]:
    """All faults, in the order of the form. `today`: on the clock of the house; `taken`: days on which
    another version of the tariff begins."""
    found: list[Fault] = []
    values: dict[str, Any] = {}
    for name in _MONEY:
        money = read_money(name, texts[name])
        if isinstance(money, Fault):
            found.append(money)
        else:
            values[name] = money
    for name in ("included_calls", "billed_from", "step"):
        values[name] = _count(texts[name])
    values["included_seconds"] = _minutes(texts["included_seconds"])
    day = _first_day(texts, today, taken)
    if isinstance(day, Fault):
        found.append(day)
    counted = frozenset(kind for kind in CallTime if texts[kind.value] == "yes")
    terms = Terms(BEGINNING if isinstance(day, Fault) else day, counted=counted, **values)
    for fault in faults(terms):
        field, code = _TOLD[fault.code]
        found.append(Fault(field or fault.field, code))
    return tuple(sorted(found, key=lambda one: FIELDS.index(one.field))) or terms


def _first_day(texts: Mapping[str, str], today: date, taken: Collection[date]) -> date | Fault:
    if not texts["first_day"].strip():
        return Fault("first_day", "required")
    day = read_day(texts["first_day"], around=today)
    if day is None:
        return Fault("first_day", "day_unreadable")
    if day < today:
        return Fault("first_day", "terms_past")
    if day in taken and texts["replace"] != "yes":
        return Fault("first_day", "terms_same_day")
    return day


def _count(text: str) -> int:
    """A whole number, 0 for nothing; less than nothing for what is none."""
    said = text.strip() or "0"
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= _MOST_DIGITS else -1


def _minutes(text: str) -> int:
    """ "100" or "100:30" in seconds; less than nothing for what is none."""
    minutes, colon, seconds = text.strip().partition(":")
    whole, rest = _count(minutes), _count(seconds) if colon else 0
    return whole * 60 + rest if whole >= 0 and 0 <= rest < 60 else -1
