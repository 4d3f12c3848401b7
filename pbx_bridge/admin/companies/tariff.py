"""Which tariff a company has from which day on."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import structlog
from aiohttp import web

from pbx_bridge.admin.companies.pages import ONE, PATH, company_of
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.editing import company_tariff
from pbx_bridge.editing.values import Rejected
from pbx_bridge.storage.billing import coming_tariffs
from pbx_bridge.storage.customers import customers
from pbx_bridge.web.kit import forms
from pbx_bridge.web.kit.forms import Form
from rules.billing.typed_tariff import CHANGE
from rules.model import Customer

TARIFF = f"{ONE}/tarif"
BLANK = dict.fromkeys(CHANGE, "")
log = structlog.get_logger(__name__)


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """What it has, what it will have, and a form for another one."""
    customer = await company_of(ctx)
    today = ctx.now.astimezone(ZoneInfo(customer.zone)).date()
    return await _page(ctx, customer, forms.shown(BLANK | {"first_day": today.isoformat()}))


async def choose(ctx: OfficeContext) -> web.StreamResponse:
    """From its day on; the month in which that lies is split on the statement."""
    customer = await company_of(ctx)
    form = forms.sent_new(await ctx.posted(), BLANK)
    async with ctx.office.editing.change(customer.id, ctx.editor) as change:
        done = await company_tariff.choose(change, form)
    if isinstance(done, Rejected):
        return await _page(ctx, customer, form.with_faults(done.faults))
    told = {"tariff": done.tariff.id, "first_day": done.first_day.isoformat()}
    log.info("tariff_chosen", company=customer.id, account=ctx.account.id, **told)
    return ctx.said(f"{PATH}/{customer.id}/tarif", "tariff_chosen")


async def withdraw(ctx: OfficeContext) -> web.StreamResponse:
    """It keeps the one it has."""
    customer = await company_of(ctx)
    async with ctx.office.editing.change(customer.id, ctx.editor) as change:
        done = await company_tariff.withdraw(change)
    return ctx.said(f"{PATH}/{customer.id}/tarif", "tariff_withdrawn" if done else "unchanged")


async def _page(ctx: OfficeContext, customer: Customer, form: Form) -> web.Response:
    async with ctx.office.db.read() as conn:
        coming = await coming_tariffs.of_company(conn, customer.id)
        stored = await customers.load_customer(conn, customer.id)
        tariffs = await customers.load_tariffs(conn)
    has = (stored or customer).tariff
    offered = [one for one in tariffs if not one.retired and one.id != has.id]
    return ctx.page(
        "companies/tariff.html",
        status=200 if form.ready else 422,
        customer=customer,
        form=form,
        has=has,
        coming=coming,
        tariffs=[("", ctx.t("company_tariff.nothing")), *((one.id, one.name) for one in offered)],
        path=f"{PATH}/{customer.id}",
    )


ROUTES = (
    Route("admin.company.tariff", "GET", TARIFF, show),
    Route("admin.company.tariff", "POST", TARIFF, choose),
    Route("admin.company.tariff_withdraw", "POST", f"{TARIFF}/zuruecknehmen", withdraw),
)
