"""The chart of a report: bars of what was answered, and what was not."""

from __future__ import annotations

from datetime import date

from pbx_bridge.admin.reports.counting import Report
from pbx_bridge.admin.reports.form import AskedReport
from pbx_bridge.web.kit import charts
from pbx_bridge.web.kit.charts import Bar, Chart
from pbx_bridge.web.kit.date_format import Moments, Translate
from pbx_bridge.web.kit.periods import grouping
from rules.office.report import IN_TURN, ReportBy, ReportFigures


def draw(t: Translate, moments: Moments, asked: AskedReport, report: Report) -> Chart:
    """With its words in the language of `t`."""
    bars = _bars(moments, asked, report)
    best = max(bars, key=lambda bar: bar.total, default=None)
    drawn = charts.columns(bars) if asked.by in IN_TURN else charts.rows(bars)
    return Chart(
        key="report",
        title=t(f"reports.chart.{asked.by}"),
        summary=t("reports.chart.summary", name=best.name, n=best.total) if best and best.total else "",
        svg=drawn,
        head=(t(f"reports.by.{asked.by}"), t("reports.column.calls"), t("reports.column.abandoned")),
        rows=tuple((bar.name, str(bar.total), str(bar.parts[1])) for bar in bars),
    )


def _bars(moments: Moments, asked: AskedReport, report: Report) -> list[Bar]:
    if asked.by is ReportBy.DAY:
        return _by_day(moments, asked, {row.key: row.figures for row in report.rows})
    if asked.by is ReportBy.HOUR:
        hours = sorted(report.rows, key=lambda row: row.key)
        return [Bar(row.name, row.key.removeprefix("0"), _parts(row.figures)) for row in hours]
    return [Bar(row.name, row.name, _parts(row.figures)) for row in report.most]


def _by_day(moments: Moments, asked: AskedReport, found: dict[str, ReportFigures]) -> list[Bar]:
    """A bar a day, week or month."""
    start_of = grouping((asked.last - asked.first).days + 1)
    groups: dict[date, ReportFigures] = {}
    for key in sorted(found):
        first = start_of(date.fromisoformat(key))
        groups[first] = groups.get(first, ReportFigures()) + found[key]
    return [Bar(moments.date(day), moments.short(day), _parts(one)) for day, one in groups.items()]


def _parts(figures: ReportFigures) -> tuple[int, int]:
    return figures.calls - figures.abandoned, figures.abandoned
