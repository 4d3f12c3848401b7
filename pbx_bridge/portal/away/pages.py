""" "Ich bin weg bis …": the page on which a subaccount begins, made for a thumb and a hurry."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.editing import appointments
from pbx_bridge.editing.values import Rejected
from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal import own_people
from pbx_bridge.portal.agent_line import agent_line, until
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.web.kit.forms import Form, sent_new, shown
from rules.model import Customer, Employee
from rules.presence.appointments import ways_out
from rules.presence.availability import availability, instant
from rules.text.typed_text import line

PATH = "/portal/abwesend"
BLANK = {"text": ""}


async def show(ctx: PortalContext) -> web.StreamResponse:
    """What agents read about oneself now, and the ready answers to "until when"."""
    return await _page(ctx, shown(BLANK))


async def _page(ctx: PortalContext, form: Form) -> web.Response:
    customer = await ctx.customer()
    employee = _oneself(ctx, customer)
    holds = availability(employee, customer.zone, ctx.now)
    ways = [
        (way.code, until(ctx, customer.zone, instant(way.end, customer.zone), ctx.now))
        for way in ways_out(customer.zone, ctx.now)
    ]
    return ctx.page(
        "away/page.html",
        status=200 if form.ready else 422,
        form=form,
        employee=employee,
        line=agent_line(ctx, customer, employee, ctx.now),
        ways=ways,
        away=bool(holds.source_id),
        imported=any(one.id == holds.source_id and one.imported for one in employee.appointments),
    )


async def leave(ctx: PortalContext) -> web.StreamResponse:
    """An appointment from now on, until what `way` means now."""
    posted = await ctx.posted()
    form = sent_new(posted, BLANK)
    said = form if line(form.values["text"]).strip() else Form({"text": ctx.t("away.text.default")})
    async with ctx.change() as change:
        done = await appointments.leave(change, ctx.account.employee_id, posted["way"], said)
    if isinstance(done, Rejected):
        return await _page(ctx, form.with_faults(done.faults))
    return ctx.done(PATH, change) if change.code else ctx.go(PATH)


async def come_back(ctx: PortalContext) -> web.StreamResponse:
    """All own appointments that run end now."""
    async with ctx.change() as change:
        await appointments.come_back(change, ctx.account.employee_id)
    return ctx.done(PATH, change)


def _oneself(ctx: PortalContext, customer: Customer) -> Employee:
    if ctx.account.employee_id is None:
        raise NotFoundError
    return own_people.person(ctx, customer, ctx.account.employee_id)


ROUTES = (
    Route("portal.away", "GET", PATH, show),
    Route("portal.away", "POST", PATH, leave),
    Route("portal.away.back", "POST", f"{PATH}/zurueck", come_back),
)
