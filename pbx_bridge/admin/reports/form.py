"""What somebody asks of the reports: a period on the clock of the house, by what, and of whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from pbx_bridge.storage.calls.reports import ReportSelection
from pbx_bridge.web.kit.date_format import HOUSE_ZONE
from pbx_bridge.web.kit.forms import Form
from pbx_bridge.web.kit.periods import PERIODS, days_of, midnight
from rules.fault import Fault
from rules.office.report import IN_TURN, ReportBy, ReportOrder

FIELDS = MappingProxyType(
    {"period": "", "first": "", "last": "", "by": "", "firma": "", "agent": "", "sort": ""}
)
LONGEST_OF_ALL = 92
LONGEST_OF_ONE = 366
"""Days between the first and the last: three months of the whole house, a year of one company or agent."""
LONGEST_WORDS = 100


@dataclass(frozen=True, slots=True)
class AskedReport:
    """A question that can be answered; `first` and `last` days are both included."""

    selection: ReportSelection
    by: ReportBy
    order: ReportOrder
    first: date
    last: date


def values_of(query: Mapping[str, str]) -> dict[str, str]:
    """As they were sent; what was not, as at first: this week by company."""
    values = {name: query.get(name, default).strip() for name, default in FIELDS.items()}
    values["period"] = values["period"] if values["period"] in PERIODS else "week"
    values["by"] = values["by"] if values["by"] in set(ReportBy) else ReportBy.COMPANY.value
    if values["sort"] not in set(ReportOrder):
        at_first = ReportOrder.NAME if ReportBy(values["by"]) in IN_TURN else ReportOrder.CALLS
        values["sort"] = at_first.value
    return values


def read(
    values: Mapping[str, str], today: date, company: str | Fault, agents: frozenset[str]
) -> tuple[Form, AskedReport | None]:
    """The form with its faults; None: there are some. `company`: the id of the one that was named, "" for
    all, or why it is none; `agents`: ids of those there are."""
    form = Form(values)
    if isinstance(company, Fault):
        form, company = form.with_faults([company]), ""
    agent = values["agent"] if values["agent"] in agents else ""
    longest = LONGEST_OF_ONE if company or agent else LONGEST_OF_ALL
    days = days_of(values, today, longest, "report_year" if company or agent else "report_months")
    if isinstance(days, Fault):
        return form.with_faults([days]), None
    if not form.ready:
        return form, None
    first, last = days
    chosen = ReportSelection(
        midnight(first, HOUSE_ZONE), midnight(last + timedelta(1), HOUSE_ZONE), company, agent
    )
    return form, AskedReport(chosen, ReportBy(values["by"]), ReportOrder(values["sort"]), first, last)
