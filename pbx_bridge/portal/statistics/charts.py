"""The four charts of a period: when calls came, what became of them, and for whom they were."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence

from pbx_bridge.portal.statistics.counts import Span, Tally, spans
from pbx_bridge.portal.statistics.form import Asked
from pbx_bridge.storage.calls.call_filter import Result
from pbx_bridge.storage.calls.statistics import EmployeeCount
from pbx_bridge.web.kit import charts
from pbx_bridge.web.kit.charts import Bar, Chart
from pbx_bridge.web.kit.date_format import Moments, Translate, weekdays
from rules.model import Customer
from rules.text.salutation import spoken

MOST_PEOPLE, MOST_ROWS = 12, 100
"""Bars in the picture, and lines of its table; the files have everybody."""


def draw(
    t: Translate, customer: Customer, asked: Asked, found: Tally, people: Sequence[EmployeeCount]
) -> tuple[Chart, ...]:
    """All of them, with their words in the language of `t`."""
    moments = Moments(t, customer.zone)
    return (
        _by_day(t, moments, spans(found, asked.first, asked.last)),
        _by_hour(t, found.week),
        _by_result(t, found.results),
        _by_employee(t, customer, people),
    )


def _by_day(t: Translate, moments: Moments, found: Sequence[Span]) -> Chart:
    names = [_span_name(moments, span) for span in found]
    labels = [moments.short(span.first) for span in found]
    bars = [
        Bar(name, label, (span.taken, span.missed))
        for name, label, span in zip(names, labels, found, strict=True)
    ]
    best = max(bars, key=lambda bar: bar.total)
    return Chart(
        key="days",
        title=t("statistics.days.title"),
        summary=(
            t("statistics.days.summary", name=best.name, n=best.total)
            if _leads(best.total, (bar.total for bar in bars))
            else ""
        ),
        svg=charts.columns(bars),
        head=_head(t, "days", "when", "calls", "missed"),
        rows=tuple((bar.name, str(bar.total), str(bar.parts[1])) for bar in bars),
    )


def _span_name(moments: Moments, span: Span) -> str:
    if span.first == span.last:
        return moments.day(span.first)
    return f"{moments.date(span.first)} – {moments.date(span.last)}"


def _by_hour(t: Translate, counted: Mapping[tuple[int, int], int]) -> Chart:
    """Only the hours between the first and the last in which anybody called."""
    used = sorted({hour for _, hour in counted}) or [9]
    hours = range(used[0], used[-1] + 1)
    days = weekdays(t)
    names = [t("moments.hour", hour=hour) for hour in hours]
    cells = [[counted.get((day, hour), 0) for day in range(7)] for hour in hours]
    most = max(counted, key=lambda at: counted[at], default=None)
    summary = ""
    if most and _leads(counted[most], counted.values()):
        hour = t("moments.hour", hour=most[1])
        summary = t("statistics.hours.summary", day=days[most[0]], hour=hour, n=counted[most])
    return Chart(
        key="hours",
        title=t("statistics.hours.title"),
        summary=summary,
        svg=charts.grid(days, names, cells),
        head=(t("statistics.hours.when"), *days),
        rows=tuple((name, *map(str, row)) for name, row in zip(names, cells, strict=True)),
    )


def _by_result(t: Translate, found: Mapping[Result, int]) -> Chart:
    bars = [
        Bar(words, words, (count,))
        for result, count in found.items()
        for words in [t(f"statistics.result.{result.value}")]
    ]
    most = max(bars, key=lambda bar: bar.total)
    return Chart(
        key="results",
        title=t("statistics.results.title"),
        summary=(
            t("statistics.results.summary", name=most.name, n=most.total)
            if _leads(most.total, found.values())
            else ""
        ),
        svg=charts.rows(bars),
        head=_head(t, "results", "what", "calls"),
        rows=tuple((bar.name, str(bar.total)) for bar in bars),
    )


def _by_employee(t: Translate, customer: Customer, people: Sequence[EmployeeCount]) -> Chart:
    most = heapq.nlargest(MOST_ROWS, people, key=lambda one: one.notes + one.put_through)
    named = [(customer.employee(one.employee_id), one) for one in most]
    bars = [Bar(person.name, person.name, (one.notes, one.put_through)) for person, one in named if person]
    bars.sort(key=lambda bar: -bar.total)
    totals = [bar.total for bar in bars]
    summary = ""
    if bars and _leads(totals[0], totals):
        summary = t("statistics.people.summary", name=spoken(bars[0].name), n=totals[0])
    return Chart(
        key="people",
        title=t("statistics.people.title"),
        summary=summary,
        svg=charts.rows(bars[:MOST_PEOPLE]),
        head=_head(t, "people", "who", "notes", "put_through"),
        rows=tuple((bar.name, *map(str, bar.parts)) for bar in bars),
    )


def _leads(most: int, counts: Iterable[int]) -> bool:
    """Whether one alone has the most; of several none is named as if it were the only one."""
    return most > 0 and sum(count == most for count in counts) == 1


def _head(t: Translate, chart: str, *columns: str) -> tuple[str, ...]:
    return tuple(t(f"statistics.{chart}.{column}") for column in columns)
