"""Text blocks: what agents may put into a note by one key, in the order in which they see it."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.editing import own_order
from pbx_bridge.portal.own_order import OwnOrderPages
from pbx_bridge.portal.request_context import PortalContext
from rules.customers.text_blocks import filled

SAMPLE = {"anrufer": "Hans Müller", "nummer": "+49 171 3920042", "mitarbeiter": "Erika Beispiel"}
"""The call by which the page shows what becomes of a block."""


async def show(ctx: PortalContext) -> web.StreamResponse:
    """All of them, each as it reads once a call has filled it."""
    customer = await ctx.customer()
    read = {one.id: filled(one.text, SAMPLE) for one in customer.text_blocks}
    return ctx.page("text_blocks/list.html", customer=customer, read=read)


TEXT_BLOCKS = OwnOrderPages(
    own_order.TEXT_BLOCKS,
    route="portal.text_blocks",
    path="/portal/textbausteine",
    template="text_blocks/form.html",
    rows=own_order.TEXT_BLOCKS.rule.most,
    of=lambda customer: customer.text_blocks,
)
ROUTES = TEXT_BLOCKS.routes(show)
