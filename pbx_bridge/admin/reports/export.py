"""A report as a file, CSV or XLSX: all rows, in their order, with the counts behind the shares."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from aiohttp import web

from pbx_bridge.admin.reports.counting import ReportQuestion, counted, question
from pbx_bridge.admin.reports.form import AskedReport
from pbx_bridge.admin.reports.pages import PATH
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.errors import BadRequestError
from pbx_bridge.time_slices import gently
from pbx_bridge.web.kit.csv_writing import MARK, csv_text
from pbx_bridge.web.kit.workbook_writing import send_workbook
from rules.office.report import ReportBy, ReportRow

COLUMNS = (
    *("calls", "answered", "in_time", "in_time_percent", "abandoned", "abandoned_percent", "wait_seconds"),
    *("rung", "joined", "through_percent", "notes", "handled", "handling_seconds"),
)
"""New ones come at the end, so that tables which people have built on the file go on."""
_WIDTHS = (30, *(12 for _ in COLUMNS))

Cells = tuple[str | int, ...]


async def as_csv(ctx: OfficeContext) -> web.StreamResponse:
    """For a German spreadsheet."""
    asked = await question(ctx)
    head, rows = await _table(ctx, asked)
    pieces = [MARK, csv_text([head])] + [csv_text([row]) async for row in gently(rows)]
    return await ctx.file(pieces, _name(asked, "csv"))


async def as_xlsx(ctx: OfficeContext) -> web.StreamResponse:
    """As a workbook."""
    asked = await question(ctx)
    head, rows = await _table(ctx, asked)

    async def all_of_them() -> AsyncIterator[Iterator[Cells]]:
        yield rows

    title = ctx.t("nav.reports")
    return await send_workbook(ctx.request, _name(asked, "xlsx"), title, head, _WIDTHS, all_of_them())


async def _table(ctx: OfficeContext, asked: ReportQuestion) -> tuple[tuple[str, ...], Iterator[Cells]]:
    """Head and rows. Raises BadRequestError for a question with faults."""
    if asked.asked is None:
        raise BadRequestError
    report = await counted(ctx, asked.asked, asked.agents)
    by = asked.asked.by
    head = (ctx.t(f"reports.by.{by}"), *(ctx.t(f"reports.export.{column}") for column in COLUMNS))
    return head, (_cells(by, row) for row in report.rows)


def _cells(by: ReportBy, row: ReportRow) -> Cells:
    """Shares rounded down, as on the page; "" where a figure is not known."""
    one = row.figures
    return (
        row.key if by is ReportBy.DAY else row.name,
        *(one.calls, one.answered, one.in_time, _down(one.in_time_percent)),
        *(one.abandoned, _down(one.abandoned_percent), _near(one.average_wait)),
        *(one.rung, one.joined, _down(one.through_percent)),
        *(one.notes, one.handled, _near(one.average_handling)),
    )


def _down(figure: float | None) -> str | int:
    return "" if figure is None else int(figure)


def _near(figure: float | None) -> str | int:
    return "" if figure is None else round(figure)


def _name(asked: ReportQuestion, ending: str) -> str:
    known: AskedReport | None = asked.asked
    return f"bericht-{known.by}-{known.first}-{known.last}.{ending}" if known else f"bericht.{ending}"


ROUTES = (
    Route("admin.reports.csv", "GET", f"{PATH}.csv", as_csv),
    Route("admin.reports.xlsx", "GET", f"{PATH}.xlsx", as_xlsx),
)
