"""Aufbewahrung: how long this company's data stay, and what is still there although its time is over."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from pbx_bridge.admin.companies.pages import ONE, PATH, company_of
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.editing import retention_days
from pbx_bridge.editing.values import Rejected
from pbx_bridge.storage.customers import retention_days as stored
from pbx_bridge.storage.maintenance.overdue import overdue
from pbx_bridge.web.kit import forms
from pbx_bridge.web.kit.forms import Form
from rules.model import Customer
from rules.office.retention_days import BOUNDS, texts_of

HERE = f"{ONE}/aufbewahrung"


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """As it is stored."""
    customer = await company_of(ctx)
    async with ctx.office.db.read() as conn:
        days = await stored.load(conn, customer.id)
    return await _page(ctx, customer, forms.shown(texts_of(days)))


async def save(ctx: OfficeContext) -> web.StreamResponse:
    """From the next round on."""
    customer, posted = await company_of(ctx), await ctx.posted()
    async with ctx.office.editing.change(customer.id, ctx.editor) as change:
        done = await retention_days.save(change, lambda texts: forms.sent(posted, texts))
    if isinstance(done, Rejected):
        return await _page(ctx, customer, done.wanted.with_faults(done.faults))
    return ctx.said(f"{PATH}/{customer.id}/aufbewahrung", change.code or "unchanged")


async def _page(ctx: OfficeContext, customer: Customer, form: Form) -> web.Response:
    house = ctx.office.settings.retention
    async with ctx.office.db.read() as conn:
        late = await overdue(conn, customer.id, await stored.load(conn, customer.id), house, ctx.now)
    gaps: dict[str, Any] = {name: str(getattr(house, name)) for name in BOUNDS}
    for name, (least, most) in BOUNDS.items():
        gaps |= {f"{name}_least": str(least), f"{name}_most": str(most)}
    return ctx.page(
        "law/retention.html",
        status=200 if form.ready else 422,
        customer=customer,
        form=form,
        fields=tuple(BOUNDS),
        gaps=gaps,
        late=late,
        undelivered_days=str(house.undelivered_days),
        path=f"{PATH}/{customer.id}",
    )


ROUTES = (
    Route("admin.company.retention", "GET", HERE, show),
    Route("admin.company.retention", "POST", HERE, save),
)
