"""Neuer Agent: name, log-in with its invitation, and telephone, in one go."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.admin.agents.pages import ONE, PATH, agent_of
from pbx_bridge.admin.agents.phone import shown_once
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.auth import new_agents
from pbx_bridge.auth.log_in_links import LASTS, LogInLink
from pbx_bridge.auth.new_agents import AgentCreated, InvitationOfAgent, PhoneTakenMeanwhile
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.web.kit import forms
from pbx_bridge.web.kit.forms import Form
from rules.fault import Fault
from rules.office.new_agent import FIELDS, ROLES
from rules.text.salutation import salutation

NEW = f"{PATH}/neu"
BLANK = dict.fromkeys(FIELDS, "") | {"role": Role.AGENT.value}


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """Empty, with a telephone."""
    return _page(ctx, forms.shown(BLANK | {"give_phone": "yes"}))


async def create(ctx: OfficeContext) -> web.StreamResponse:
    """All of it in one transaction, or nothing; then what to type into the telephone, or the agent's page."""
    form = forms.sent_new(await ctx.posted(), BLANK)
    made: AgentCreated | tuple[Fault, ...]
    try:
        made = await _create(ctx, form)
    except PhoneTakenMeanwhile:
        made = await _create(ctx, form)
    if isinstance(made, tuple):
        return _page(ctx, form.with_faults(made))
    ctx.office.wake()
    if made.phone is None:
        return ctx.said(f"{PATH}/{made.id}", "agent_created")
    return shown_once(ctx, made.id, made.name, made.phone, invited=made.account.email)


async def invite(ctx: OfficeContext) -> web.StreamResponse:
    """Once more, to whoever has no password yet: the link of before is good no more."""
    async with ctx.office.db.write() as conn:
        one = await agent_of(ctx, conn)
        waits = not one.has_password and bool(one.account.mails_to) and not one.account.disabled
        if waits:
            await new_agents.invite(conn, one.account, one.name, ctx.by, _invitation(ctx))
    if waits:
        ctx.office.wake()
    return ctx.said(f"{PATH}/{one.id}", "agent_invited" if waits else "agent_not_invited")


async def _create(ctx: OfficeContext, form: Form) -> AgentCreated | tuple[Fault, ...]:
    async with ctx.office.db.write() as conn:
        return await new_agents.create(
            conn, ctx.office.settings, form.values, ctx.by, ctx.locale, _invitation(ctx)
        )


def _invitation(ctx: OfficeContext) -> InvitationOfAgent:
    def invitation(name: str) -> LogInLink:
        def words(link: str) -> tuple[str, str]:
            text = ctx.t("new_agent.mail.text", name=salutation(name), link=link, days=LASTS.days)
            return ctx.t("new_agent.mail.subject"), text

        return ctx.invitation(words)

    return invitation


def _page(ctx: OfficeContext, form: Form) -> web.Response:
    return ctx.page(
        "agents/form.html",
        status=422 if form.faults else 200,
        form=form,
        roles=[(role.value, ctx.t(f"home.role.{role}")) for role in ROLES],
    )


ROUTES = (
    Route("admin.agent.new", "GET", NEW, show),
    Route("admin.agent.new", "POST", NEW, create),
    Route("admin.agent.invite", "POST", f"{ONE}/einladung", invite),
)
