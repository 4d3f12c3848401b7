"""Teams: the list, one with its agents and companies, a new one, other names and members, the end of one."""

from __future__ import annotations

import structlog
from aiohttp import web

from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.editing import teams as editing
from pbx_bridge.editing.values import Rejected
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.access import agent_list
from pbx_bridge.storage.customers import teams
from pbx_bridge.storage.customers.teams import ListedTeam
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.web.kit import forms
from pbx_bridge.web.kit.forms import Form

PATH = "/admin/teams"
NEW = f"{PATH}/neu"
ONE = f"{PATH}/{{team}}"
MOST_AGENTS = 1000
COMPANIES = 50
TICK = "agent-"
"""Before the id of an agent: the name of the box."""
log = structlog.get_logger(__name__)


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """By name."""
    async with ctx.office.db.read() as conn:
        return ctx.page("teams/list.html", rows=await teams.listed(conn))


async def show_one(ctx: OfficeContext) -> web.StreamResponse:
    """Who is in it, and for whom they answer."""
    async with ctx.office.db.read() as conn:
        team = await _team_of(ctx, conn)
        agents = await _agents(conn)
        companies = await teams.companies(conn, team.id, COMPANIES)
    return ctx.page(
        "teams/one.html",
        team=team,
        path=f"{PATH}/{team.id}",
        members=[(one, name) for one, name in agents if one in team.members],
        companies=companies,
        more=max(0, team.companies + team.overflows - len(companies)),
    )


async def show_new(ctx: OfficeContext) -> web.StreamResponse:
    """Empty."""
    async with ctx.office.db.read() as conn:
        agents = await _agents(conn)
    return _form(ctx, forms.shown(_texts("", frozenset(), agents)), agents, "")


async def show_form(ctx: OfficeContext) -> web.StreamResponse:
    """As it is stored."""
    async with ctx.office.db.read() as conn:
        team, agents = await _team_of(ctx, conn), await _agents(conn)
    return _form(ctx, forms.shown(_texts(team.name, team.members, agents)), agents, team.id)


async def save(ctx: OfficeContext) -> web.StreamResponse:
    """A new one, or merged with what somebody else has stored meanwhile."""
    posted, team_id = await ctx.posted(), ctx.request.match_info.get("team", "")
    async with ctx.office.db.write() as conn:
        agents = await _agents(conn)

        def values(name: str, members: frozenset[str]) -> Form:
            texts = _texts(name, members, agents)
            return forms.sent(posted, texts) if team_id else forms.sent_new(posted, texts)

        done = await editing.save_team(conn, team_id or None, values, _ticked, ctx.now)
    if isinstance(done, Rejected):
        return _form(ctx, done.wanted.with_faults(done.faults), agents, team_id)
    if done.changed:
        log.info("team_saved", team=done.id, account=ctx.account.id)
    return ctx.said(f"{PATH}/{done.id}", "team_saved" if done.changed else "unchanged")


async def delete(ctx: OfficeContext) -> web.StreamResponse:
    """Unless companies have it: they are named."""
    async with ctx.office.db.write() as conn:
        team = await _team_of(ctx, conn)
        users = await editing.delete_team(conn, team.id, ctx.now)
    if users:
        return ctx.said(f"{PATH}/{team.id}", "team_in_use")
    log.info("team_deleted", team=team.id, account=ctx.account.id)
    return ctx.said(PATH, "team_deleted")


async def _team_of(ctx: OfficeContext, conn: AsyncConnection) -> ListedTeam:
    found = await teams.one(conn, ctx.request.match_info["team"])
    if found is None:
        raise NotFoundError
    return found


async def _agents(conn: AsyncConnection) -> list[tuple[str, str]]:
    """Id and name of each, by family name."""
    found, _ = await agent_list.listed(conn, most=MOST_AGENTS)
    return [(one.id, one.name) for one in found]


def _texts(name: str, members: frozenset[str], agents: list[tuple[str, str]]) -> dict[str, str]:
    return {"name": name} | {f"{TICK}{one}": "yes" if one in members else "" for one, _ in agents}


def _ticked(form: Form) -> list[str]:
    return [one.removeprefix(TICK) for one, text in form.values.items() if one.startswith(TICK) and text]


def _form(ctx: OfficeContext, form: Form, agents: list[tuple[str, str]], team_id: str) -> web.Response:
    return ctx.page(
        "teams/form.html",
        status=200 if form.ready else 422,
        form=form,
        agents=[(f"{TICK}{one}", name) for one, name in agents],
        path=f"{PATH}/{team_id}/bearbeiten" if team_id else NEW,
        back=f"{PATH}/{team_id}" if team_id else PATH,
        is_new=not team_id,
    )


ROUTES = (
    Route("admin.teams", "GET", PATH, show),
    Route("admin.team.new", "GET", NEW, show_new),
    Route("admin.team.new", "POST", NEW, save),
    Route("admin.team", "GET", ONE, show_one),
    Route("admin.team.edit", "GET", f"{ONE}/bearbeiten", show_form),
    Route("admin.team.edit", "POST", f"{ONE}/bearbeiten", save),
    Route("admin.team.delete", "POST", f"{ONE}/loeschen", delete),
)
