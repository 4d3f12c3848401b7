"""Promised call backs as a file that a German spreadsheet opens right; no cell is taken for a formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from aiohttp import web

from pbx_bridge.admin.call_backs.pages import PATH, search_of, stage
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.storage.calls import call_back_list
from pbx_bridge.storage.calls.call_back_list import ListedCallBack
from rules.files.csv_text import rendered
from rules.text.phone_numbers import international

COLUMNS = (
    *("promised", "caller", "company", "line", "why", "state"),
    *("tries", "last_try", "done", "agent", "reason"),
)
"""New ones come at the end, so that tables which people have built on the file go on."""


async def save(ctx: OfficeContext) -> web.StreamResponse:
    """All that the search finds, the oldest first."""
    search, found = search_of(ctx), list[ListedCallBack]()
    while True:
        last = found[-1] if found else None
        async with ctx.office.db.read() as conn:  # in parts, so that nobody waits for all of it
            part = await call_back_list.part_after(conn, search, last)
        found += part
        if not part:
            return await ctx.file(rendered(_rows(ctx, found)), "rueckrufe.csv")


def _rows(ctx: OfficeContext, found: Sequence[ListedCallBack]) -> Iterator[Sequence[str]]:
    yield [ctx.t(f"call_backs.column.{column}") for column in COLUMNS]
    for one in found:
        yield (
            _at(ctx, one.at),
            international(one.number),
            one.company,
            international(one.line),
            ctx.t(f"call_backs.why.{one.why}") if one.why else "",
            ctx.t(f"call_backs.stage.{stage(one)}"),
            str(one.tries),
            _at(ctx, one.rung_at),
            _at(ctx, one.done_at),
            one.agent,
            one.reason,
        )


def _at(ctx: OfficeContext, moment: datetime | None) -> str:
    return f"{moment.astimezone(ctx.zone):%Y-%m-%d %H:%M}" if moment else ""


ROUTES = (Route("admin.call_backs.csv", "GET", f"{PATH}.csv", save),)
