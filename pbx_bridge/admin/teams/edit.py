"""A team is made, named, filled and ended; each of it can be taken back."""

from __future__ import annotations

import structlog
from aiohttp import web

from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.admin.teams.pages import ONE, PATH, agents_of, team_of
from pbx_bridge.editing import teams as editing
from pbx_bridge.editing.values import Rejected
from pbx_bridge.web.kit import forms
from pbx_bridge.web.kit.forms import Form

NEW = f"{PATH}/neu"
TICK = "agent-"
"""Before the id of an agent: the name of the box."""
log = structlog.get_logger(__name__)


async def show_new(ctx: OfficeContext) -> web.StreamResponse:
    """Empty."""
    async with ctx.office.db.read() as conn:
        agents = await agents_of(conn)
    return _form(ctx, forms.shown(_texts("", frozenset(), agents)), agents, "")


async def show_form(ctx: OfficeContext) -> web.StreamResponse:
    """As it is stored."""
    async with ctx.office.db.read() as conn:
        team, agents = await team_of(ctx, conn), await agents_of(conn)
    return _form(ctx, forms.shown(_texts(team.name, team.members, agents)), agents, team.id)


async def save(ctx: OfficeContext) -> web.StreamResponse:
    """A new one, or merged with what somebody else has stored meanwhile."""
    posted, team_id = await ctx.posted(), ctx.request.match_info.get("team", "")
    async with ctx.office.db.write() as conn:
        agents = await agents_of(conn)

        def values(name: str, members: frozenset[str]) -> Form:
            texts = _texts(name, members, agents)
            return forms.sent(posted, texts) if team_id else forms.sent_new(posted, texts)

        done = await editing.save_team(conn, team_id or None, values, _ticked, ctx.editor)
    if isinstance(done, Rejected):
        return _form(ctx, done.wanted.with_faults(done.faults), agents, team_id)
    if done.step:
        log.info("team_saved", team=done.id, account=ctx.account.id)
    return ctx.said(f"{PATH}/{done.id}", "team_saved" if done.step else "unchanged", done.step)


async def delete(ctx: OfficeContext) -> web.StreamResponse:
    """Unless companies have it: they are named."""
    async with ctx.office.db.write() as conn:
        team = await team_of(ctx, conn)
        done = await editing.delete_team(conn, team.id, ctx.editor)
    if done.users:
        return ctx.said(f"{PATH}/{team.id}", "team_in_use")
    log.info("team_deleted", team=team.id, account=ctx.account.id)
    return ctx.said(PATH, "team_deleted", done.step)


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
    Route("admin.team.new", "GET", NEW, show_new),
    Route("admin.team.new", "POST", NEW, save),
    Route("admin.team.edit", "GET", f"{ONE}/bearbeiten", show_form),
    Route("admin.team.edit", "POST", f"{ONE}/bearbeiten", save),
    Route("admin.team.delete", "POST", f"{ONE}/loeschen", delete),
)
