"""Korrekturen of a company's statements: those there are, and one more; none is ever changed."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web

from pbx_bridge.admin.companies.pages import ONE, PATH, company_of
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.editing import adjustments
from pbx_bridge.editing.values import Rejected
from pbx_bridge.storage.billing import statements
from pbx_bridge.web.kit import forms
from pbx_bridge.web.kit.date_format import Moments
from pbx_bridge.web.kit.forms import Form
from pbx_bridge.web.kit.money import decimal_point, money
from rules.billing.statement import MICROS_OF_A_CENT
from rules.billing.typed_adjustment import FIELDS, texts_against
from rules.model import Customer

ALL = f"{ONE}/korrekturen"
BLANK = dict.fromkeys(FIELDS, "")
MOST = 200
"""That are shown; no company has as many."""
log = structlog.get_logger(__name__)


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """With an empty form, or with what takes the one back that `zurueck` names."""
    customer = await company_of(ctx)
    today = _today(ctx, customer)
    texts = BLANK | {"day": today.isoformat()}
    if wanted := ctx.words("zurueck"):
        async with ctx.office.db.read() as conn:
            kept = await statements.kept_adjustment(conn, customer.id, wanted)
        if kept:
            day = Moments(ctx.t, customer.zone).date(kept.adjustment.day)
            texts = texts_against(
                kept.adjustment, ctx.t("corrections.against", day=day), today, decimal_point(ctx.locale)
            )
    return await _page(ctx, customer, forms.shown(texts))


async def add(ctx: OfficeContext) -> web.StreamResponse:
    """One line more on the statement of its month."""
    customer = await company_of(ctx)
    form = forms.sent_new(await ctx.posted(), BLANK)
    async with ctx.office.editing.change(customer.id, ctx.editor) as change:
        done = await adjustments.add(change, form, _today(ctx, customer))
    if isinstance(done, Rejected):
        return await _page(ctx, customer, form.with_faults(done.faults))
    log.info("adjustment_added", company=customer.id, adjustment=done.id, account=ctx.account.id)
    return ctx.said(f"{PATH}/{customer.id}/korrekturen", "adjustment_added")


def _today(ctx: OfficeContext, customer: Customer) -> date:
    return ctx.now.astimezone(ZoneInfo(customer.zone)).date()


async def _page(ctx: OfficeContext, customer: Customer, form: Form) -> web.Response:
    async with ctx.office.db.read() as conn:
        kept = await statements.all_adjustments(conn, customer.id, MOST)
    return ctx.page(
        "companies/corrections.html",
        status=200 if form.ready else 422,
        customer=customer,
        form=form,
        kept=kept,
        amount=lambda cents: money(cents * MICROS_OF_A_CENT, ctx.locale),
        path=f"{PATH}/{customer.id}",
    )


ROUTES = (
    Route("admin.company.corrections", "GET", ALL, show),
    Route("admin.company.corrections", "POST", ALL, add),
)
