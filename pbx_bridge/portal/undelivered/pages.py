"""Nicht zugestellt: notes that did not reach their recipient, and what the company can mend."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.storage.outbox import undelivered
from pbx_bridge.web.kit.date_format import Moments

PATH = "/portal/statistik/nicht-zugestellt"


async def show(ctx: PortalContext) -> web.StreamResponse:
    """The newest first, each with the way to its call and to the employee whose address may be wrong."""
    customer = await ctx.customer()
    async with ctx.portal.db.read() as conn:
        messages = await undelivered.listed(conn, ctx.customer_id)
    return ctx.page(
        "undelivered/list.html",
        customer=customer,
        messages=messages,
        moments=Moments(ctx.t, customer.zone),
    )


ROUTES = (Route("portal.undelivered", "GET", PATH, show),)
