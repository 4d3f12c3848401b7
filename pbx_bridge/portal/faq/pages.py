"""FAQ: what callers often ask and what we may answer, in the order in which agents see it."""

from __future__ import annotations

from collections.abc import Collection

from aiohttp import web

from pbx_bridge.editing import own_order
from pbx_bridge.portal.own_order import OwnOrderPages
from pbx_bridge.portal.request_context import PortalContext
from pbx_bridge.time_slices import gently
from pbx_bridge.web.kit.lists import part
from rules.customers.directory import parts_of, words_of
from rules.model import FaqEntry

ROWS = 50
FAQ = OwnOrderPages(
    own_order.FAQ,
    route="portal.faq",
    path="/portal/faq",
    template="faq/form.html",
    rows=ROWS,
    of=lambda customer: customer.faq,
)


async def show(ctx: PortalContext) -> web.StreamResponse:
    """All of it, or what fits `q`; only the whole list can be put in order."""
    customer, asked = await ctx.customer(), ctx.query
    query, parts = asked.get("q", "").strip()[:100], parts_of(asked.get("q", ""))
    found = [one async for one in gently(customer.faq) if _fits(one, parts)]
    listed = part(found, asked.get("page", "1"), ROWS)
    return ctx.page(
        "faq/list.html", customer=customer, query=query, listed=listed, begins=(listed.page - 1) * ROWS
    )


def _fits(one: FaqEntry, parts: Collection[str]) -> bool:
    words = words_of(one.question, one.answer) if parts else ""
    return all(wanted in words for wanted in parts)


ROUTES = FAQ.routes(show)
