"""Unternehmen: greeting, instruction, the address for notes to nobody in particular, and what we ask."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.editing import company
from pbx_bridge.editing.values import Rejected
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.web.kit.forms import Form, sent, shown
from rules.calls.greeting import spoken_greeting
from rules.customers.company import greeting_fault, texts_of
from rules.fields.customer import CUSTOMER
from rules.fields.declaration import sections
from rules.model import Agent, Customer
from rules.notes.note_fields import STANDARD_FIELDS
from rules.text.holidays import STATES
from rules.text.names import plain_key

PATH = "/portal/unternehmen"
EXAMPLE = Agent("", "Anna", "Keller", "")
"""Whose name the preview speaks."""


async def show(ctx: PortalContext) -> web.StreamResponse:
    """The page as it is stored."""
    customer = await ctx.customer()
    return _page(ctx, customer, shown(texts_of(customer)))


async def save(ctx: PortalContext) -> web.StreamResponse:
    """Store it, or show what is wrong with it."""
    posted = await ctx.posted()
    async with ctx.change() as change:
        done = await company.save(change, lambda stored: sent(posted, stored))
    if isinstance(done, Rejected):
        return _page(ctx, await change.customer(), done.wanted.with_faults(done.faults))
    return ctx.done(PATH, change)


async def preview(ctx: PortalContext) -> web.StreamResponse:
    """The greeting as an agent would say it, or why it cannot be: for the page while somebody types."""
    template = (await ctx.posted())["greeting"]
    fault = greeting_fault(template)
    words = ctx.t(f"faults.{fault.code}", **fault.params) if fault else ""
    return web.json_response({"spoken": spoken_greeting(template, EXAMPLE), "fault": words})


def _page(ctx: PortalContext, customer: Customer, form: Form) -> web.Response:
    asked = (*STANDARD_FIELDS, *customer.asked_fields)
    return ctx.page(
        "company/form.html",
        status=200 if form.ready else 422,
        customer=customer,
        form=form,
        spoken=spoken_greeting(form.values["greeting"], EXAMPLE),
        asked=asked,
        standard=len(STANDARD_FIELDS),
        sections=sections(CUSTOMER),
        states=[("", ctx.t("company.state.none")), *_states(ctx)],
        contact=ctx.portal.contact,
    )


def _states(ctx: PortalContext) -> list[tuple[str, str]]:
    return sorted(
        ((state, ctx.t(f"company.states.{state}")) for state in STATES), key=lambda pair: plain_key(pair[1])
    )


ROUTES = (
    Route("portal.company", "GET", PATH, show),
    Route("portal.company", "POST", PATH, save),
    Route("portal.company.preview", "POST", f"{PATH}/vorschau", preview),
)
