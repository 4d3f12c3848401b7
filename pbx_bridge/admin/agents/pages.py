"""Agenten: the list with search, and one agent with telephone and log-in."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.access import agent_list, agents
from pbx_bridge.storage.access.agent_list import AgentOrder, AgentWithLogIn
from pbx_bridge.storage.customers import teams
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.web.kit.spoken_languages import in_words
from rules.access.phones import phone_name

PATH = "/admin/agenten"
ONE = f"{PATH}/{{agent}}"
ROWS = 50


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """By name or another column; `q` searches names, log-ins and telephones."""
    query, sorting = ctx.words(), ctx.sorting(tuple(AgentOrder))
    async with ctx.office.db.read() as conn:
        skip = (ctx.page_number - 1) * ROWS
        order = AgentOrder(sorting.column)
        found, total = await agent_list.listed(
            conn, query, skip=skip, most=ROWS, order=order, down=sorting.down
        )
        there = total or (await agent_list.listed(conn, most=1))[1]
    return ctx.page(
        "agents/list.html",
        query=query,
        sorting=sorting,
        sorts=tuple(AgentOrder),
        listed=ctx.listed(tuple(found), total, ROWS),
        now=ctx.office.state.agents_now(one.id for one in found),
        spoken={one.id: in_words(ctx.t, one.languages) for one in found if one.speaks_more},
        empty=not there,
    )


async def show_one(ctx: OfficeContext) -> web.StreamResponse:
    """What is known of the agent, and what can be done about the telephone."""
    async with ctx.office.db.read() as conn:
        one = await agent_of(ctx, conn)
        agent, names = await agents.by_id(conn, one.id), await teams.names(conn)
    return ctx.page(
        "agents/one.html",
        one=one,
        bound=agent is not None and agent.bound,
        languages=in_words(ctx.t, agent.languages) if agent else "",
        teams=[(team, name) for team, name in names.items() if agent and team in agent.teams],
        path=f"{PATH}/{one.id}",
        now=ctx.office.state.agents_now([one.id]).get(one.id),
        refused=cannot_be_given(ctx, one),
    )


async def agent_of(ctx: OfficeContext, conn: AsyncConnection) -> AgentWithLogIn:
    """Whom the path names. Raises NotFoundError."""
    found = await agent_list.one(conn, ctx.request.match_info["agent"])
    if found is None:
        raise NotFoundError
    return found


def cannot_be_given(ctx: OfficeContext, one: AgentWithLogIn) -> str:
    """Why this telephone gets no password of ours, as the code that `agent_phones.give` would refuse with;
    "" if it can."""
    name = phone_name(one.interface)
    if name is None:
        return "phone_name_unfit"
    return "phone_in_files" if name in ctx.office.settings.pbx.phones else ""


ROUTES = (
    Route("admin.agents", "GET", PATH, show),
    Route("admin.agent", "GET", ONE, show_one),
)
