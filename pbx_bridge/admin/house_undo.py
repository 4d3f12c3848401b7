"""Taking back what was just changed of lines, teams, or who may be offered a company's calls."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.editing import house
from pbx_bridge.errors import Refused

PATH = "/admin/rueckgaengig"
_SAID = {
    "undo_overtaken": "undo_overtaken",
    "not_found": "undo_gone",
    "undo_company_ended": "undo_company_ended",
    "undo_number_claimed": "undo_number_claimed",
    "undo_queues_full": "undo_queues_full",
}
_LISTS: Mapping[str, str] = {
    "team_saved": "/admin/teams",
    "team_deleted": "/admin/teams",
    "lines_added": "/admin/rufnummern",
    "line_removed": "/admin/rufnummern",
}
"""Where it is seen what became of it: the page on which the button was may be of something that is gone."""


async def take_back(ctx: OfficeContext) -> web.StreamResponse:
    """Put back what the step replaced; the page offers to do it again."""
    form = await ctx.posted()
    async with ctx.office.db.write() as conn:
        done = await house.take_back(conn, ctx.editor, form["step"])
    path = ctx.own_path(form["back"])
    if isinstance(done, Refused):
        return ctx.go(path, said=_SAID[done.code])
    return ctx.said(_LISTS.get(done.deed, path), "undone", done.step)


ROUTES = (Route("admin.undo", "POST", PATH, take_back),)
