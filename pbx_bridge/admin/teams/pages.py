"""Teams: the list with search, order and pages, and one with its agents and companies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from pbx_bridge.admin.request_context import OfficeContext, Route, Sorting
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.access import agent_list
from pbx_bridge.storage.customers import teams
from pbx_bridge.storage.customers.teams import ListedTeam
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.web.kit.lists import part
from rules.text.names import fold, plain_key

PATH = "/admin/teams"
ONE = f"{PATH}/{{team}}"
MOST_AGENTS = 1000
ROWS = 50
COMPANIES = 50


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team with the names of its agents, by family name."""

    team: ListedTeam
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundTeams:
    """Those that fit what somebody looks for, in order; `there`: how many there are at all."""

    rows: Sequence[TeamRow]
    sorting: Sorting
    there: int


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """By name or another column; `q` searches the names of teams and of who is in them."""
    found = await found_teams(ctx)
    return ctx.page(
        "teams/list.html",
        query=ctx.words(),
        listed=part(found.rows, ctx.request.query.get("page", "1"), ROWS),
        sorting=found.sorting,
        sorts=tuple(_SORTS),
        empty=not found.there,
    )


async def found_teams(ctx: OfficeContext) -> FoundTeams:
    """As the address asks for them; there are few."""
    async with ctx.office.db.read() as conn:
        names, there = await agents_of(conn), await teams.listed(conn)
    rows = [TeamRow(one, tuple(name for agent, name in names if agent in one.members)) for one in there]
    for word in fold(ctx.words()).split():
        rows = [row for row in rows if any(word in fold(text) for text in (row.team.name, *row.members))]
    sorting = ctx.sorting(tuple(_SORTS))
    rows.sort(key=_SORTS[sorting.column], reverse=sorting.down)
    return FoundTeams(rows, sorting, len(there))


_SORTS: Mapping[str, Callable[[TeamRow], tuple[Any, ...]]] = {
    "name": lambda row: (plain_key(row.team.name),),
    "members": lambda row: (len(row.members), plain_key(row.team.name)),
    "companies": lambda row: (row.team.companies, plain_key(row.team.name)),
    "overflows": lambda row: (row.team.overflows, plain_key(row.team.name)),
}
"""Columns of the list."""


async def show_one(ctx: OfficeContext) -> web.StreamResponse:
    """Who is in it, and for whom they answer."""
    async with ctx.office.db.read() as conn:
        team = await team_of(ctx, conn)
        agents = await agents_of(conn)
        companies = await teams.companies(conn, team.id, COMPANIES)
    return ctx.page(
        "teams/one.html",
        team=team,
        path=f"{PATH}/{team.id}",
        members=[(one, name) for one, name in agents if one in team.members],
        companies=companies,
        more=max(0, team.companies + team.overflows - len(companies)),
    )


async def team_of(ctx: OfficeContext, conn: AsyncConnection) -> ListedTeam:
    """Which the path names. Raises NotFoundError."""
    found = await teams.one(conn, ctx.request.match_info["team"])
    if found is None:
        raise NotFoundError
    return found


async def agents_of(conn: AsyncConnection) -> list[tuple[str, str]]:
    """Id and name of each, by family name."""
    found, _ = await agent_list.listed(conn, most=MOST_AGENTS)
    return [(one.id, one.name) for one in found]


ROUTES = (
    Route("admin.teams", "GET", PATH, show),
    Route("admin.team", "GET", ONE, show_one),
)
