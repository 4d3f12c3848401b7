"""What a company says of itself, changed for it, which can be undone; and one more line."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from pbx_bridge.admin.companies.pages import ONE, PATH, company_of
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.editing import company, company_lines
from pbx_bridge.editing.values import Rejected
from pbx_bridge.storage.customers import taken_names
from pbx_bridge.web.kit import forms
from pbx_bridge.web.kit.forms import Form
from rules.customers.company import texts_of
from rules.model import Customer

SAID = ("greeting", "spoken_name", "instruction", "default_email")
LINE = {"line": "", "take_shared": "", "take_from": ""}


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """As it is stored."""
    customer = await company_of(ctx)
    return await _page(ctx, customer)


async def save(ctx: OfficeContext) -> web.StreamResponse:
    """Judged by the same rules as in the portal, and merged with what the company has stored meanwhile."""
    posted = await ctx.posted()
    async with ctx.office.editing.change(_id(ctx), ctx.editor) as change:
        done = await company.save(change, lambda stored: forms.sent(posted, _said(stored)))
        customer = await change.customer()
    if isinstance(done, Rejected):
        return await _page(ctx, customer, said=done.wanted.with_faults(done.faults))
    return ctx.said(f"{PATH}/{customer.id}", "company_saved" if change.step else "unchanged", change.step)


async def assign(ctx: OfficeContext) -> web.StreamResponse:
    """One more line."""
    form = forms.sent_new(await ctx.posted(), LINE)
    async with ctx.office.editing.change(_id(ctx), ctx.editor) as change:
        done = await company_lines.assign(change, form)
        customer = await change.customer()
    if isinstance(done, Rejected):
        return await _page(ctx, customer, line=form.with_faults(done.faults))
    return ctx.said(f"{PATH}/{customer.id}", "line_assigned", done.step)


def _id(ctx: OfficeContext) -> str:
    return ctx.request.match_info["company"]


def _said(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: texts[name] for name in SAID}


async def _page(
    ctx: OfficeContext, customer: Customer, said: Form | None = None, line: Form | None = None
) -> web.Response:
    async with ctx.office.db.read() as conn:
        free = await taken_names.free_lines(conn)
    line = line or forms.shown(LINE)
    return ctx.page(
        "companies/edit.html",
        status=200 if line.ready and (said is None or said.ready) else 422,
        customer=customer,
        said=said or forms.shown(_said(texts_of(customer))),
        line=line,
        free=free,
        owner=line.faults["line"].params.get("company", "") if _is_taken(line) else "",
        asks_shared="line" in line.faults and line.faults["line"].code == "line_shared",
        path=f"{PATH}/{customer.id}",
    )


def _is_taken(line: Form) -> bool:
    return "line" in line.faults and line.faults["line"].code == "line_in_use"


ROUTES = (
    Route("admin.company.edit", "GET", f"{ONE}/bearbeiten", show),
    Route("admin.company.edit", "POST", f"{ONE}/bearbeiten", save),
    Route("admin.company.line", "POST", f"{ONE}/rufnummer", assign),
)
