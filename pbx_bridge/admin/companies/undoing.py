"""Taking back what was just changed of a company in the office: the button beside "Gespeichert"."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.admin.companies.pages import ONE
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.editing import undoing

_SAID = {
    "undo_overtaken": "undo_overtaken",
    "not_found": "undo_gone",
    "undo_company_ended": "undo_company_ended",
}


async def take_back(ctx: OfficeContext) -> web.StreamResponse:
    """Put back what a step of this company replaced, and return to the page it was seen on."""
    form = await ctx.posted()
    async with ctx.office.editing.change(ctx.request.match_info["company"], ctx.editor) as change:
        await change.check_company()
        refused = await undoing.take_back(change, form["step"], house=True)
    path = ctx.own_path(form["back"])
    if refused is not None:
        return ctx.go(path, said=_SAID[refused.code])
    return ctx.go(path, said="undone", step=change.step)


ROUTES = (Route("admin.company.undo", "POST", f"{ONE}/rueckgaengig", take_back),)
