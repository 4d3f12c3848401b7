"""A report as it is asked for: counted by the database in parts of the period, named and put in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from pbx_bridge.admin.reports.form import LONGEST_WORDS, AskedReport, read, values_of
from pbx_bridge.admin.request_context import OfficeContext
from pbx_bridge.storage.access import agent_list
from pbx_bridge.storage.calls import reports
from pbx_bridge.storage.customers import company_list
from pbx_bridge.storage.customers.company_list import CompanySearch
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.time_slices import finished, gently
from pbx_bridge.web.kit.date_format import HOUSE_ZONE
from pbx_bridge.web.kit.forms import Form
from rules.fault import Fault
from rules.office.report import ReportBy, ReportFigures, ReportOrder, ReportRow, day_key, hour_key, in_order

MOST_AGENTS = 1_000
MOST_BARS = 12
"""Of companies and agents in the chart; the table has all."""


@dataclass(frozen=True, slots=True)
class ReportQuestion:
    """The form, what it asks (None: it has faults), and agents to choose from: names by id."""

    form: Form
    asked: AskedReport | None
    agents: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """Its rows in order, those with the most calls, and all of them together."""

    rows: tuple[ReportRow, ...]
    most: tuple[ReportRow, ...]
    total: ReportFigures


async def question(ctx: OfficeContext) -> ReportQuestion:
    """As the address asks it."""
    values = values_of(ctx.query)
    async with ctx.office.db.read() as conn:
        listed, _ = await agent_list.listed(conn, most=MOST_AGENTS)
        company = await _company(conn, values["firma"])
    agents = {one.id: one.name for one in listed}
    today = ctx.now.astimezone(ctx.zone).date()
    form, asked = read(values, today, company, frozenset(agents))
    return ReportQuestion(form, asked, agents)


async def _company(conn: AsyncConnection, typed: str) -> str | Fault:
    """The id of the company with this name, or of the only one in whose name it is."""
    if not typed:
        return ""
    if len(typed) > LONGEST_WORDS:
        return Fault("firma", "too_long", {"length": str(len(typed)), "max": str(LONGEST_WORDS)})
    found, total = await company_list.listed(conn, CompanySearch(typed), most=20)
    same = [one for one in found if one.name.casefold() == typed.casefold()]
    if len(same) == 1 or total == 1:
        return (same or list(found))[0].id
    return Fault("firma", "report_companies" if total else "report_no_company")


async def counted(ctx: OfficeContext, asked: AskedReport, agents: Mapping[str, str]) -> Report:
    """Each part of the period is a reading of its own: none of them is long, and nobody waits for all."""
    found: dict[str, ReportFigures] = {}
    fold = _FOLDS.get(asked.by)
    in_time = ctx.office.settings.calls.in_time
    for part in asked.selection.parts():
        async with ctx.office.db.read() as conn:
            async for key, figures in reports.counted(conn, part, asked.by, in_time):
                key = fold(datetime.fromisoformat(key)) if fold else key  # noqa: PLW2901 - as it is shown
                found[key] = found[key] + figures if key in found else figures
    if asked.by is ReportBy.DAY:
        for day in range((asked.last - asked.first).days + 1):
            found.setdefault((asked.first + timedelta(day)).isoformat(), ReportFigures())
    named = _names(ctx, asked.by, agents)
    rows = [ReportRow(key, named(key), figures) async for key, figures in gently(found.items())]
    total = ReportFigures()
    async for figures in gently(found.values()):
        total += figures
    shown = await finished(in_order(rows, asked.order, asked.by))
    most = shown if asked.order is ReportOrder.CALLS else await finished(in_order(rows, ReportOrder.CALLS))
    return Report(shown, most[:MOST_BARS], total)


_FOLDS: Mapping[ReportBy, Callable[[datetime], str]] = {
    ReportBy.DAY: partial(day_key, zone=HOUSE_ZONE),
    ReportBy.HOUR: partial(hour_key, zone=HOUSE_ZONE),
}


def _names(ctx: OfficeContext, by: ReportBy, agents: Mapping[str, str]) -> Callable[[str], str]:
    match by:
        case ReportBy.COMPANY:

            def company(key: str) -> str:
                known = ctx.office.memory.customer(key) if key else None
                return known.name if known else ctx.t("reports.nobody.company")

            return company
        case ReportBy.AGENT:
            return lambda key: agents.get(key) or ctx.t("reports.nobody.agent")
        case ReportBy.DAY:
            return lambda key: ctx.moments.day(date.fromisoformat(key))
    return lambda key: ctx.t("moments.hour", hour=int(key))
