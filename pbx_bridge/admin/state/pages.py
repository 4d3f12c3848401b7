"""Technik: PBX, database, mail and SMS, how they are since when, and what to do while one is down."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.admin.request_context import OfficeContext, Route

PATH = "/admin/technik"


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """What is known in memory: the page asks nobody, so that it comes at once when something is down."""
    systems = ctx.office.state.systems()
    return ctx.page(
        "state/page.html",
        systems=systems,
        reason=lambda one: _reason(ctx, one.reason),
    )


def _reason(ctx: OfficeContext, code: str) -> str:
    """In words where there are any; a code helps whoever looks into the log."""
    return ctx.t(f"systems.reason.{code}") if ctx.knows(f"systems.reason.{code}") else code


ROUTES = (Route("admin.state", "GET", PATH, show),)
