"""Which calls an agent is offered: teams, and whether they are bound to secrecy."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.admin.agents.pages import ONE, PATH, agent_of
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.editing import teams as editing
from pbx_bridge.storage.access import agents
from pbx_bridge.storage.access.agent_list import AgentWithLogIn
from pbx_bridge.storage.customers import teams
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.web.kit import forms
from pbx_bridge.web.kit.forms import Form

TICK = "team-"
"""Before the id of a team: the name of the box."""


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """As it is stored."""
    async with ctx.office.db.read() as conn:
        one = await agent_of(ctx, conn)
        names = await teams.names(conn)
        stored = await _texts(conn, one, names)
    return _page(ctx, one, names, forms.shown(stored))


async def save(ctx: OfficeContext) -> web.StreamResponse:
    """The PBX hears of it at once; a call that the agent has goes on."""
    posted = await ctx.posted()
    async with ctx.office.db.write() as conn:
        one = await agent_of(ctx, conn)
        names = await teams.names(conn)
        form = forms.sent(posted, await _texts(conn, one, names))
        if form.ready:
            of_teams = [
                key.removeprefix(TICK) for key, text in form.values.items() if key != "bound" and text
            ]
            bound = bool(form.values["bound"])
            saved = await editing.save_agent(conn, one.account, ctx.by, bound=bound, of_teams=of_teams)
    if not form.ready:
        return _page(ctx, one, names, form)
    return ctx.said(f"{PATH}/{one.id}", "agent_calls_saved" if saved else "unchanged")


async def _texts(conn: AsyncConnection, one: AgentWithLogIn, names: dict[str, str]) -> dict[str, str]:
    agent = await agents.by_id(conn, one.id)
    of_teams = agent.teams if agent else frozenset()
    bound = {"bound": "yes" if agent and agent.bound else ""}
    return bound | {f"{TICK}{team}": "yes" if team in of_teams else "" for team in names}


def _page(ctx: OfficeContext, one: AgentWithLogIn, names: dict[str, str], form: Form) -> web.Response:
    return ctx.page(
        "agents/calls.html",
        status=200 if form.ready else 422,
        one=one,
        form=form,
        path=f"{PATH}/{one.id}",
        teams=[(f"{TICK}{team}", name) for team, name in names.items()],
    )


ROUTES = (
    Route("admin.agent.calls", "GET", f"{ONE}/anrufe", show),
    Route("admin.agent.calls", "POST", f"{ONE}/anrufe", save),
)
