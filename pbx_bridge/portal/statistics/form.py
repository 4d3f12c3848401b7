"""What a customer asks of the statistics: a period on their own calendar, and which of its calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from pbx_bridge.storage.calls.call_filter import Result, Selection
from pbx_bridge.web.kit.forms import Form
from rules.fault import Fault
from rules.model import Customer
from rules.presence.availability import instant
from rules.text.typed_moments import read_day

PERIODS = ("today", "week", "month", "custom")
FIELDS = MappingProxyType(
    {"period": "", "first": "", "last": "", "employee": "", "vip": "", "result": "", "words": ""}
)
VIP = MappingProxyType({"yes": True, "no": False})
LONGEST_DAYS = 3 * 366
LONGEST_WORDS = 200
HALF_A_YEAR = timedelta(days=182)
"""A day without its year has been: of the year that ends today."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that can be answered: the calls, and the days (both included) they are counted by."""

    selection: Selection
    first: date
    last: date


def read(query: Mapping[str, str], customer: Customer, today: date) -> tuple[Form, Asked | None]:
    """The form as it was sent, with its faults; the question, once "Statistik anzeigen" was pressed."""
    values = {name: query.get(name, default).strip() for name, default in FIELDS.items()}
    if values["period"] not in PERIODS:
        return Form(values | {"period": "week"}), None
    days = _days(values, today)
    if isinstance(days, Fault):
        return Form(values).with_faults([days]), None
    if len(values["words"]) > LONGEST_WORDS:
        params = {"length": str(len(values["words"])), "max": str(LONGEST_WORDS)}
        return Form(values).with_faults([Fault("words", "too_long", params)]), None
    first, last = days
    result = Result(values["result"]) if values["result"] in set(Result) else None
    selection = Selection(
        customer.id,
        _midnight(first, customer.zone),
        _midnight(last + timedelta(1), customer.zone),
        employee_id=values["employee"] if customer.employee(values["employee"]) else "",
        vip=VIP.get(values["vip"]),
        result=result,
        words=values["words"],
    )
    return Form(values), Asked(selection, first, last)


def day_of(selection_day: date, customer: Customer) -> tuple[datetime, datetime]:
    """A day of the customer's calendar as moments, the second one excluded."""
    return _midnight(selection_day, customer.zone), _midnight(selection_day + timedelta(1), customer.zone)


def _days(values: Mapping[str, str], today: date) -> tuple[date, date] | Fault:
    match values["period"]:
        case "today":
            return today, today
        case "week":
            return today - timedelta(today.weekday()), today
        case "month":
            return today.replace(day=1), today
    return _own_days(values, today)


def _own_days(values: Mapping[str, str], today: date) -> tuple[date, date] | Fault:
    found: list[date] = []
    for name in ("first", "last"):
        day = read_day(values[name], today - HALF_A_YEAR)
        if day is None:
            return Fault(name, "statistics_no_day")
        found.append(day)
    first, last = found
    if last < first:
        return Fault("last", "statistics_backwards")
    if (last - first).days > LONGEST_DAYS:
        return Fault("first", "statistics_too_long")
    return first, last


def _midnight(day: date, zone: str) -> datetime:
    return instant(datetime(day.year, day.month, day.day), zone)  # noqa: DTZ001 - wall time on purpose
