"""A correction as it is typed: an amount, a day of the month on whose statement it stands, and what for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from rules.billing.statement import MICROS_OF_A_CENT, Adjustment
from rules.billing.terms import MOST_MICROS
from rules.fault import Fault
from rules.text.typed_moments import read_day
from rules.text.typed_money import read_money, written_money
from rules.text.typed_text import line

FIELDS = ("amount", "day", "reason")
LONGEST_REASON = 200
FARTHEST = timedelta(days=366)


def texts_against(adjustment: Adjustment, reason: str, today: date, point: str) -> dict[str, str]:
    """What takes it back: the same amount the other way round, for a `reason`."""
    amount = written_money(-adjustment.cents * MICROS_OF_A_CENT, point)
    return {"amount": amount, "day": today.isoformat(), "reason": reason}


def read_adjustment(texts: Mapping[str, str], new_id: str, today: date) -> Adjustment | tuple[Fault, ...]:
    """All faults, in the order of the form. `today`: on the company's clock; a statement of a month that is
    over stays as it is, so the day lies in the running month or later."""
    amount, day = _cents(texts["amount"]), _day(texts["day"], today)
    reason = " ".join(line(texts["reason"]).split())
    found = [one for one in (amount, day, _reason_fault(reason)) if isinstance(one, Fault)]
    if isinstance(amount, Fault) or isinstance(day, Fault) or found:
        return tuple(found)
    return Adjustment(new_id, day, amount, reason)


def _cents(text: str) -> int | Fault:
    if not text.strip():
        return Fault("amount", "required")
    micros = read_money("amount", text)
    if isinstance(micros, Fault):
        return micros
    if not micros:
        return Fault("amount", "amount_nothing")
    if micros % MICROS_OF_A_CENT:
        return Fault("amount", "amount_cents")
    return micros // MICROS_OF_A_CENT if abs(micros) <= MOST_MICROS else Fault("amount", "amount_range")


def _day(text: str, today: date) -> date | Fault:
    if not text.strip():
        return Fault("day", "required")
    day = read_day(text, around=today)
    if day is None:
        return Fault("day", "day_unreadable")
    if day < today.replace(day=1):
        return Fault("day", "adjustment_past")
    return day if day - today <= FARTHEST else Fault("day", "adjustment_far")


def _reason_fault(reason: str) -> Fault | None:
    if not reason:
        return Fault("reason", "adjustment_reason")
    if len(reason) > LONGEST_REASON:
        return Fault("reason", "too_long", {"length": str(len(reason)), "max": str(LONGEST_REASON)})
    return None
