"""What a customer asks of the statistics: a period on their own calendar, and which of its calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from pbx_bridge.storage.calls.call_filter import Result, Selection
from pbx_bridge.web.kit.forms import Form
from pbx_bridge.web.kit.periods import PERIODS, days_of, midnight
from rules.fault import Fault
from rules.model import Customer

FIELDS = MappingProxyType(
    {"period": "", "first": "", "last": "", "employee": "", "vip": "", "result": "", "words": ""}
)
VIP = MappingProxyType({"yes": True, "no": False})
LONGEST_DAYS = 3 * 366
LONGEST_WORDS = 200


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
    days = days_of(values, today, LONGEST_DAYS, "statistics_too_long")
    if isinstance(days, Fault):
        return Form(values).with_faults([days]), None
    if len(values["words"]) > LONGEST_WORDS:
        params = {"length": str(len(values["words"])), "max": str(LONGEST_WORDS)}
        return Form(values).with_faults([Fault("words", "too_long", params)]), None
    first, last = days
    result = Result(values["result"]) if values["result"] in set(Result) else None
    selection = Selection(
        customer.id,
        midnight(first, customer.zone),
        midnight(last + timedelta(1), customer.zone),
        employee_id=values["employee"] if customer.employee(values["employee"]) else "",
        vip=VIP.get(values["vip"]),
        result=result,
        words=values["words"],
    )
    return Form(values), Asked(selection, first, last)


def day_of(selection_day: date, customer: Customer) -> tuple[datetime, datetime]:
    """A day of the customer's calendar as moments, the second one excluded."""
    return midnight(selection_day, customer.zone), midnight(selection_day + timedelta(1), customer.zone)
