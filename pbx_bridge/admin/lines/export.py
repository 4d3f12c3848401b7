"""The pool as a file that a German spreadsheet opens right; no cell is ever taken for a formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from aiohttp import web

from pbx_bridge.admin.lines.pages import PATH, search_of
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.storage.customers import line_list
from pbx_bridge.storage.customers.line_list import ListedLine
from rules.files.csv_text import rendered
from rules.text.phone_numbers import international

COLUMNS = ("number", "state", "company", "since", "last_call")
"""New ones come at the end, so that tables which people have built on the file go on."""


async def save(ctx: OfficeContext) -> web.StreamResponse:
    """All that the search finds, by number."""
    search, found = search_of(ctx), list[ListedLine]()
    while True:
        last = found[-1].number if found else ""
        async with ctx.office.db.read() as conn:  # in parts, so that nobody waits for all of it
            part = await line_list.part_after(conn, search, last)
        found += part
        if not part:
            return await ctx.file(rendered(_rows(ctx, found)), "rufnummern.csv")


def _rows(ctx: OfficeContext, found: Sequence[ListedLine]) -> Iterator[Sequence[str]]:
    yield [ctx.t(f"lines.column.{column}") for column in COLUMNS]
    for one in found:
        state = ctx.t(f"lines.state.{one.state}")
        yield international(one.number), state, one.company, _at(ctx, one.since), _at(ctx, one.last_call)


def _at(ctx: OfficeContext, moment: datetime | None) -> str:
    return f"{moment.astimezone(ctx.zone):%Y-%m-%d %H:%M}" if moment else ""


ROUTES = (Route("admin.lines.csv", "GET", f"{PATH}.csv", save),)
