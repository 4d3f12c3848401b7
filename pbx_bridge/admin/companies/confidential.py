"""Berufsgeheimnis: whether a company is under § 203 StGB, with what that means for its calls and messages."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from pbx_bridge.admin.companies.pages import ONE, PATH, company_of
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.editing import confidentiality
from pbx_bridge.editing.confidentiality import YES
from pbx_bridge.editing.values import Rejected
from pbx_bridge.storage.access import agents
from pbx_bridge.storage.customers import customers, teams
from pbx_bridge.web.kit import forms
from pbx_bridge.web.kit.forms import Form
from rules.calls.answering import belongs, plan_of
from rules.model import Customer

MEANS = ("calls", "colleagues", "outside", "messages")
"""What follows from it, in the order of the page."""


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """As it is, and how many agents would be left."""
    customer = await company_of(ctx)
    async with ctx.office.db.read() as conn:
        confidential = await customers.confidential(conn, customer.id)
    customer = replace(customer, confidential=confidential)
    return await _page(ctx, customer, forms.shown({"confidential": YES if customer.confidential else ""}))


async def save(ctx: OfficeContext) -> web.StreamResponse:
    """From the next call on; the house can take it back."""
    posted, company_id = await ctx.posted(), ctx.request.match_info["company"]
    async with ctx.office.editing.change(company_id, ctx.editor) as change:
        done = await confidentiality.save(change, lambda stored: forms.sent(posted, stored))
        customer = await change.customer()
    if isinstance(done, Rejected):
        return await _page(ctx, customer, done.wanted.with_faults(done.faults))
    code = f"company_{'confidential' if done.confidential else 'not_confidential'}"
    return ctx.said(f"{PATH}/{customer.id}", code if done.step else "unchanged", done.step)


async def _page(ctx: OfficeContext, customer: Customer, form: Form) -> web.Response:
    async with ctx.office.db.read() as conn:
        people, now = await agents.load_all(conn), await teams.answering_of(conn, customer.id)
    how = plan_of(now, bound=True)
    return ctx.page(
        "companies/confidential.html",
        status=200 if form.ready else 422,
        customer=replace(customer, answering=now),
        form=form,
        means=MEANS,
        left=sum(belongs(one, how.then or how.first) for one in people),
        path=f"{PATH}/{customer.id}",
    )


ROUTES = (
    Route("admin.company.confidential", "GET", f"{ONE}/berufsgeheimnis", show),
    Route("admin.company.confidential", "POST", f"{ONE}/berufsgeheimnis", save),
)
