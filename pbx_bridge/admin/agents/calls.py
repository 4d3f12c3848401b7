"""Which calls an agent is offered: teams, languages, and whether they are bound to secrecy."""

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
from pbx_bridge.web.kit.spoken_languages import choices
from rules.fault import Fault
from rules.office.typed_teams import LANGUAGES, read_languages

TICK, SPOKEN = "team-", "language-"
"""Before the id of a team, or the code of a language: the name of the box."""


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
        languages = read_languages(_ticked(form, SPOKEN))
        if isinstance(languages, Fault):
            form = form.with_faults([languages])
        elif form.ready:
            saved = await editing.save_agent(
                conn,
                one.account,
                ctx.by,
                bound=bool(form.values["bound"]),
                of_teams=_ticked(form, TICK),
                languages=languages,
            )
    if not form.ready:
        return _page(ctx, one, names, form)
    return ctx.said(f"{PATH}/{one.id}", "agent_calls_saved" if saved else "unchanged")


async def _texts(conn: AsyncConnection, one: AgentWithLogIn, names: dict[str, str]) -> dict[str, str]:
    agent = await agents.by_id(conn, one.id)
    of_teams, languages = (agent.teams, agent.languages) if agent else (frozenset(), frozenset())
    bound = {"bound": "yes" if agent and agent.bound else ""}
    spoken = {f"{SPOKEN}{code}": "yes" if code in languages else "" for code in sorted(LANGUAGES)}
    return bound | spoken | {f"{TICK}{team}": "yes" if team in of_teams else "" for team in names}


def _ticked(form: Form, before: str) -> list[str]:
    return [key.removeprefix(before) for key, text in form.values.items() if key.startswith(before) and text]


def _page(ctx: OfficeContext, one: AgentWithLogIn, names: dict[str, str], form: Form) -> web.Response:
    return ctx.page(
        "agents/calls.html",
        status=200 if form.ready else 422,
        one=one,
        form=form,
        path=f"{PATH}/{one.id}",
        languages=[(f"{SPOKEN}{code}", name) for code, name in choices(ctx.t)],
        teams=[(f"{TICK}{team}", name) for team, name in names.items()],
    )


ROUTES = (
    Route("admin.agent.calls", "GET", f"{ONE}/anrufe", show),
    Route("admin.agent.calls", "POST", f"{ONE}/anrufe", save),
)
