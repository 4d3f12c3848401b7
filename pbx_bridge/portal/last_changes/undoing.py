"""Taking a change back: the button beside "Gespeichert"."""

from __future__ import annotations

import contextlib

from aiohttp import web

from pbx_bridge.editing import undoing
from pbx_bridge.garbage import lasting
from pbx_bridge.portal.request_context import PortalContext, Route

MANY = 500
"""People of a company of whom an import may have changed all."""
_SAID = {
    "undo_overtaken": "undo_overtaken",
    "not_found": "undo_gone",
    "undo_company_ended": "undo_company_ended",
}


async def take_back(ctx: PortalContext) -> web.StreamResponse:
    """Put back what a step replaced and return to the page it was seen on."""
    form, customer = await ctx.posted(), await ctx.customer()
    with lasting() if len(customer.employees) > MANY else contextlib.nullcontext():
        async with ctx.change(whole=False) as change:
            refused = await undoing.take_back(change, form["step"])
    path = ctx.own_path(form["back"])
    if refused is not None:
        return ctx.go(path, said=_SAID[refused.code])
    return ctx.go(path, said="undone", step=change.step)


ROUTES = (Route("portal.undo", "POST", "/portal/rueckgaengig", take_back),)
