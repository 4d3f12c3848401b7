"""Berichte: how well calls are answered, by company, agent, day or hour; with a chart and as files."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from pbx_bridge.admin.reports.charts import draw
from pbx_bridge.admin.reports.counting import counted, question
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.web.kit.lists import part
from pbx_bridge.web.kit.periods import PERIODS
from rules.office.report import ReportBy, ReportOrder

PATH = "/admin/berichte"
ROWS = 100


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """The form; below it the figures of all, the chart, and a row each."""
    asked = await question(ctx)
    facts: dict[str, Any] = {
        "form": asked.form,
        "periods": PERIODS,
        "kinds": tuple(ReportBy),
        "orders": tuple(ReportOrder),
        "agents": asked.agents.items(),
        "in_time": f"{ctx.office.settings.calls.in_time.total_seconds():g}",
    }
    if asked.asked is None:
        return ctx.page("reports/page.html", status=422, asked=None, **facts)
    report = await counted(ctx, asked.asked, asked.agents)
    return ctx.page(
        "reports/page.html",
        asked=asked.asked,
        total=report.total,
        chart=draw(ctx.t, ctx.moments, asked.asked, report) if report.total.calls else None,
        listed=part(report.rows, ctx.query.get("page", "1"), ROWS),
        length=lambda seconds: _length(ctx, seconds),
        kept={name: text for name, text in asked.form.values.items() if text},
        query=ctx.about(asked.form.values),
        **facts,
    )


def _length(ctx: OfficeContext, seconds: float | None) -> str:
    """ "0:12 min"; "–" where it is not known."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    return ctx.t("moments.length", minutes=minutes, seconds=rest)


ROUTES = (Route("admin.reports", "GET", PATH, show),)
