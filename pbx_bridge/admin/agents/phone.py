"""An agent's telephone: given with a password that is on the answering page once, renewed, and taken away."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.admin.agents.pages import ONE, PATH, agent_of
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.auth import agent_phones
from pbx_bridge.auth.agent_phones import PhoneLogIn
from pbx_bridge.errors import Refused
from pbx_bridge.storage.access.agent_list import AgentWithLogIn
from pbx_bridge.web.kit.confirming import Confirmation, ask_once_more


async def ask(ctx: OfficeContext) -> web.StreamResponse:
    """With another password the telephone of before is out at once: asked once more."""
    async with ctx.office.db.read() as conn:
        return _asked(ctx, await agent_of(ctx, conn))


async def give(ctx: OfficeContext) -> web.StreamResponse:
    """The only page that ever has the password.

    `given`: since when the telephone had one when the form was opened; if somebody else was faster nobody
    throws their telephone out unseen, but is asked.
    """
    opened = (await ctx.posted())["given"]
    async with ctx.office.db.write() as conn:
        one = await agent_of(ctx, conn)
        if opened != stamp(one):
            return _asked(ctx, one, status=409)
        given = await agent_phones.give(conn, ctx.office.settings, one.account, ctx.by)
    if isinstance(given, Refused):
        return ctx.said(f"{PATH}/{one.id}", given.code)
    return shown_once(ctx, one.id, one.name, given)


async def ask_away(ctx: OfficeContext) -> web.StreamResponse:
    """It ends somebody's work: asked once more."""
    async with ctx.office.db.read() as conn:
        one = await agent_of(ctx, conn)
    question = Confirmation(
        title=ctx.t("agent.away_title", name=one.name),
        what=ctx.t("agent.away_ask", name=one.name),
        button=ctx.t("agent.away"),
        path=f"{PATH}/{one.id}/telefon/entziehen",
        back=f"{PATH}/{one.id}",
    )
    return ask_once_more(ctx, question)


async def take_away(ctx: OfficeContext) -> web.StreamResponse:
    """It logs in no more."""
    async with ctx.office.db.write() as conn:
        one = await agent_of(ctx, conn)
        refused = await agent_phones.take_away(conn, one.account, ctx.by)
    return ctx.said(f"{PATH}/{one.id}", refused.code if refused is not None else "phone_taken_away")


def shown_once(
    ctx: OfficeContext, agent_id: str, name: str, given: PhoneLogIn, invited: str = ""
) -> web.StreamResponse:
    """What is typed into the telephone. `invited`: the address to which an invitation goes, "" if none does.

    201 with the agent's page as the place of what was made: browsers show the answer, and the guard against
    double submits sends whoever repeats the form there instead of making one more password.
    """
    page = ctx.page(
        "agents/phone.html", status=201, name=name, path=f"{PATH}/{agent_id}", given=given, invited=invited
    )
    page.headers["Location"] = f"{PATH}/{agent_id}?said=phone_shown"
    return page


def stamp(one: AgentWithLogIn) -> str:
    """Stands for the password that the telephone has; "" for none of ours."""
    return one.given_at.isoformat() if one.given_at else ""


def _asked(ctx: OfficeContext, one: AgentWithLogIn, status: int = 200) -> web.Response:
    kind = "again" if one.given_at else "give"
    since = {"moment": ctx.moments.full(one.given_at)} if one.given_at else {}
    question = Confirmation(
        title=ctx.t(f"agent.{kind}_title", name=one.name),
        what=ctx.t(f"agent.{kind}_ask", name=one.name, **since),
        button=ctx.t(f"agent.{kind}"),
        path=f"{PATH}/{one.id}/telefon",
        back=f"{PATH}/{one.id}",
        fields={"given": stamp(one)},
    )
    return ask_once_more(ctx, question, status=status)


ROUTES = (
    Route("admin.agent.phone", "GET", f"{ONE}/telefon", ask),
    Route("admin.agent.phone", "POST", f"{ONE}/telefon", give),
    Route("admin.agent.phone_away", "GET", f"{ONE}/telefon/entziehen", ask_away),
    Route("admin.agent.phone_away", "POST", f"{ONE}/telefon/entziehen", take_away),
)
