"""The list as a file that a German spreadsheet opens right; no cell is ever taken for a formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aiohttp import web

from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.admin.teams.pages import PATH, TeamRow, found_teams
from rules.files.csv_text import rendered

COLUMNS = ("name", "members", "companies", "overflows")
"""New ones come at the end, so that tables which people have built on the file go on."""


async def save(ctx: OfficeContext) -> web.StreamResponse:
    """All that the search finds, in the order of the list."""
    found = await found_teams(ctx)
    return await ctx.file(rendered(_rows(ctx, found.rows)), "teams.csv")


def _rows(ctx: OfficeContext, found: Sequence[TeamRow]) -> Iterator[Sequence[str]]:
    yield [ctx.t(f"teams.column.{column}") for column in COLUMNS]
    for row in found:
        team = row.team
        yield team.name, ", ".join(row.members), str(team.companies), str(team.overflows)


ROUTES = (Route("admin.teams.csv", "GET", f"{PATH}.csv", save),)
