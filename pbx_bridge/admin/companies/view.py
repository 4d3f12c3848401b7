"""Ansicht des Kunden: the portal of a company as its main log-in sees it, in the operator's own session."""

from __future__ import annotations

import structlog
from aiohttp import web

from pbx_bridge.admin.companies.pages import ONE, PATH
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.auth import customer_view

log = structlog.get_logger(__name__)


PAGES = {"employees_file": "/portal/mitarbeiter/import"}
"""Where a view may begin, by what the form says; else on the first page."""


async def begin(ctx: OfficeContext) -> web.StreamResponse:
    """Another one that is open in this session is closed."""
    posted = await ctx.posted()
    company_id = ctx.request.match_info["company"]
    async with ctx.office.db.write() as conn:
        await customer_view.begin(conn, ctx.request["session"].id, company_id, ctx.by)
    log.info("view_begun", company=company_id, account=ctx.account.id)
    return ctx.go(PAGES.get(posted.get("at", ""), "/portal"))


async def end(ctx: OfficeContext) -> web.StreamResponse:
    """Back to the company's page in the office."""
    async with ctx.office.db.write() as conn:
        company_id = await customer_view.end(conn, ctx.request["session"], ctx.by)
    if company_id:
        log.info("view_ended", company=company_id, account=ctx.account.id)
    return ctx.go(f"{PATH}/{company_id}" if company_id else PATH)


ROUTES = (
    Route("admin.company.view", "POST", f"{ONE}/ansicht", begin),
    Route("admin.view_end", "POST", "/admin/ansicht/beenden", end),
)
