"""Who did what at the door, for the operator."""

from __future__ import annotations

import re

from aiohttp import web

from pbx_bridge.outbox.by_hand import HANDS
from pbx_bridge.portal.account.pages import moments_of
from pbx_bridge.portal.logins.pages import page_of
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.storage.access import access_log
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.web.kit.lists import Listed
from rules.vocabulary import ServiceState

PATH = "/anmeldeprotokoll"
_SIGN = {" > ": " → "}
ROWS = 100


async def show(ctx: PortalContext) -> web.StreamResponse:
    """The newest first; of one person, or of one kind."""
    asked = ctx.query
    query, page = asked.get("q", "").strip()[:100], page_of(asked.get("page", "1"))
    event = asked.get("art", "") if asked.get("art", "") in set(AccessEvent) else ""
    async with ctx.portal.db.read() as conn:
        found, total = await access_log.listed(
            conn, event=event, login=query, skip=(page - 1) * ROWS, most=ROWS
        )
    listed = Listed(tuple(found), total, page, max(1, -(-total // ROWS)))
    kinds = sorted(AccessEvent, key=lambda one: ctx.t(f"access.deed.{one}").casefold())
    return ctx.page(
        "logins/access_log.html",
        query=query,
        event=event,
        kinds=kinds,
        listed=listed,
        moments=moments_of(ctx),
        detail=lambda text: _in_words(ctx, text),
    )


def _in_words(ctx: PortalContext, detail: str) -> str:
    """ "agent > supervisor" in the words for roles, states and changes; names of companies stay."""
    parts = [_SIGN.get(part, part) for part in re.split(r"( > | · )", detail)]
    return "".join(_word(ctx, part) for part in parts)


def _word(ctx: PortalContext, part: str) -> str:
    if part in set(Role):
        return ctx.t(f"home.role.{part}")
    if part in {*ServiceState, *HANDS, "retired", "offered", "shared"}:  # of a tariff, of a line
        return ctx.t(f"access.state.{part}")
    event = part.lstrip("↶ ")  # of what was taken back, and done again
    if event in set(AccessEvent):
        return part.removesuffix(event) + ctx.t(f"access.deed.{event}")
    known = f"changes.deed.{part}"
    return ctx.t(known) if ctx.knows(known) else part


ROUTES = (Route("portal.access_log", "GET", PATH, show),)
