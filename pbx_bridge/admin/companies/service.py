"""What the house decides about a company: it goes live, rests, or ends; asked once, with what that means."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web

from pbx_bridge.admin.companies.pages import ONE, PATH, company_of
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.editing import service_state
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.customers import leaving, lines
from rules.customers.service_state import FOLLOWING, erased_from
from rules.decision import Refused
from rules.vocabulary import ServiceState

STATE = f"{ONE}/stand"
log = structlog.get_logger(__name__)


async def ask(ctx: OfficeContext) -> web.StreamResponse:
    """`zu`: what it is to become. What that means for callers, for its people and for its data."""
    customer = await company_of(ctx)
    async with ctx.office.db.read() as conn:
        now_is = await leaving.decided(conn, customer.id)
        calls = await leaving.live_calls(conn, customer.id)
        own = [one for one in await lines.of_customer(conn, customer.id) if one.customer_id == customer.id]
    if now_is is None:
        raise NotFoundError
    wanted = ctx.words("zu")
    if wanted not in FOLLOWING[now_is.state]:
        return ctx.said(f"{PATH}/{customer.id}", "state_not_from_here")
    kept = timedelta(days=ctx.office.settings.retention.ended_days)
    gone = erased_from(ctx.now, customer.zone, kept).astimezone(ZoneInfo(customer.zone)).date()
    return ctx.page(
        "companies/service.html",
        customer=customer,
        wanted=wanted,
        seen=now_is.state.value,
        calls=calls if wanted == ServiceState.ENDED else 0,
        lines=own if wanted == ServiceState.ENDED else (),
        gone=ctx.moments.date(gone),
        path=f"{PATH}/{customer.id}",
    )


async def decide(ctx: OfficeContext) -> web.StreamResponse:
    """From this moment on, for calls and for log-ins."""
    posted, company_id = await ctx.posted(), ctx.request.match_info["company"]
    async with ctx.office.editing.change(company_id, ctx.editor) as change:
        became = await service_state.decide(change, posted["seen"], posted["zu"])
    if isinstance(became, Refused):
        return ctx.said(f"{PATH}/{company_id}", became.code)
    log.info("company_state", company=company_id, state=became.value, account=ctx.account.id)
    return ctx.said(f"{PATH}/{company_id}", f"company_{became.value}")


ROUTES = (
    Route("admin.company.state", "GET", STATE, ask),
    Route("admin.company.state", "POST", STATE, decide),
)
