"""Zustellnachweis: what happened to a call of the company, to the second, until its last message."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.portal.statistics.pages import PATH
from pbx_bridge.storage.call_life import facts
from pbx_bridge.time_slices import gently
from pbx_bridge.web.kit.call_life import LifeNames, LifeWords
from pbx_bridge.web.kit.date_format import Moments
from rules.billing.terms import CallTime
from rules.office.call_life import for_company, life
from rules.text.phone_numbers import national


async def show(ctx: PortalContext) -> web.StreamResponse:
    """Without the agents, with the company's own addresses. Raises NotFoundError for another company's."""
    customer = await ctx.customer()
    async with ctx.portal.db.read() as conn:
        known = await facts.of_call(conn, ctx.request.match_info["call"])
    if known is None or known.facts.customer != customer.id:
        raise NotFoundError
    moments = Moments(ctx.t, customer.zone)

    def shown_number(number: str) -> str:
        return national(number, customer.region)

    names = LifeNames(known.people, {}, shown_number, address=lambda _message, address: address)
    words = LifeWords(ctx.t, moments, names, known.facts.arrived_at)
    return ctx.page(
        "statistics/proof.html",
        call=known.facts,
        customer=customer,
        moments=moments,
        shown_number=shown_number,
        rows=[row async for row in gently(words.rows(for_company(life(known.facts))))],
        kinds=[kind for kind in CallTime if known.facts.used.get(kind)],
        length=lambda seconds: ctx.t("moments.length", minutes=seconds // 60, seconds=seconds % 60),
    )


ROUTES = (Route("portal.statistics.proof", "GET", f"{PATH}/anruf/{{call}}/nachweis", show),)
