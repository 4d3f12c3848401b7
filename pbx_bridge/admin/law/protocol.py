"""Löschprotokoll: what was erased or handed out, when, by whom, how many; of whom is not said."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.storage.erasure import protocol

PATH = "/admin/loeschprotokoll"
ROWS = 50


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """The newest first."""
    async with ctx.office.db.read() as conn:
        skip = (ctx.page_number - 1) * ROWS
        found, total = await protocol.listed(conn, skip=skip, most=ROWS)
    return ctx.page("law/protocol.html", listed=ctx.listed(tuple(found), total, ROWS))


ROUTES = (Route("admin.protocol", "GET", PATH, show),)
