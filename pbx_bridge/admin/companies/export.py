"""The list as a file that a German spreadsheet opens right; no cell is ever taken for a formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aiohttp import web

from pbx_bridge.admin.companies.pages import PATH, CompanyKind, search_of
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.storage.customers import company_list
from pbx_bridge.storage.customers.company_list import ListedCompany
from pbx_bridge.time_slices import gently
from rules.files.csv_text import rendered
from rules.text.phone_numbers import international

COLUMNS = ("name", "tariff", "lines", "employees", "state", "last_call")
"""New ones come at the end, so that tables which people have built on the file go on."""


async def save(ctx: OfficeContext) -> web.StreamResponse:
    """All that the search finds, by name."""
    kind = ctx.words("art")
    search = await search_of(ctx, kind if kind in set(CompanyKind) else CompanyKind.ALL.value, "")
    pieces = [*rendered([[ctx.t(f"companies.column.{column}") for column in COLUMNS]])]
    last = ""
    while True:  # in parts, so that nobody waits for all of it, and none of fifty thousand rows is kept
        async with ctx.office.db.read() as conn:
            part = await company_list.part_after(conn, search, last)
        if not part:
            return await ctx.file(pieces, "unternehmen.csv")
        rows = rendered(_rows(ctx, part))
        next(rows)  # the mark at the beginning of a table, which is there once
        pieces += [piece async for piece in gently(rows)]
        last = part[-1].name


def _rows(ctx: OfficeContext, found: Sequence[ListedCompany]) -> Iterator[Sequence[str]]:
    for one in found:
        yield (
            one.name,
            one.tariff,
            ", ".join(international(number) for number in one.lines),
            str(one.employees),
            ctx.t(f"companies.state.{one.state}"),
            f"{one.last_call.astimezone(ctx.zone):%Y-%m-%d %H:%M}" if one.last_call else "",
        )


ROUTES = (Route("admin.companies.csv", "GET", f"{PATH}.csv", save),)
