"""Pausengründe: those that agents may choose, in their order, and those that are retired."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.storage.access import pause_reasons
from pbx_bridge.web.kit.pause_names import pause_name
from rules.presence.pause_reasons import choices

PATH = "/admin/pausengruende"


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """As the menu of the desk has them; below, what it had."""
    async with ctx.office.db.read() as conn:
        found = choices(await pause_reasons.kept(conn))
    rows = sorted(found, key=lambda one: one.retired)
    return ctx.page("pause_reasons/list.html", rows=rows, name=lambda one: pause_name(one, ctx.locale))


ROUTES = (Route("admin.pause_reasons", "GET", PATH, show),)
