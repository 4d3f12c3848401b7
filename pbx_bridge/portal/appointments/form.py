"""One appointment: new, changed, gone; seen beforehand as the agent will see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from aiohttp import web

from pbx_bridge.editing import appointments
from pbx_bridge.editing.values import Rejected
from pbx_bridge.portal import choices, own_people
from pbx_bridge.portal.agent_line import AgentLine, agent_line, span
from pbx_bridge.portal.appointments.pages import PATH
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.time_slices import finished
from pbx_bridge.web.kit import choosing
from pbx_bridge.web.kit.choosing import Chosen
from pbx_bridge.web.kit.forms import Form, Posted, Texts, sent, sent_new, shown
from rules.fields.appointment import APPOINTMENT
from rules.fields.declaration import sections
from rules.model import Appointment, Customer, Employee
from rules.presence import appointment_form
from rules.presence.appointments import stretches
from rules.presence.availability import instant
from rules.text.typed_moments import read_day

TWICE = ("", "first", "second")
TYPED = "typed"
"""Id of an appointment that is not stored yet: above all others, so that it counts as the newest."""


async def new(ctx: PortalContext) -> web.StreamResponse:
    """An empty form; `mitarbeiter` chooses whose, `tag` the day."""
    customer = await ctx.customer()
    form = shown(_blank(ctx, customer))
    return await _page(ctx, customer, form)


async def add(ctx: PortalContext) -> web.StreamResponse:
    """Store a new appointment."""
    customer, (whose, posted) = await ctx.customer(), await _whose(ctx, await ctx.posted())
    form = _sent(sent_new, posted, _blank(ctx, customer), customer, whose)
    async with ctx.change() as change:
        done = await appointments.add(change, form)
    customer = await change.customer()
    if isinstance(done, Rejected):
        return await _page(ctx, customer, form.with_faults(done.faults), whose=whose)
    return ctx.done(PATH, change, _past(ctx, customer, done))


async def show(ctx: PortalContext) -> web.StreamResponse:
    """The form as stored."""
    customer = await ctx.customer()
    employee, stored = await own_people.appointment(ctx, customer)
    return await _page(ctx, customer, shown(_texts(employee, stored, customer)), stored)


async def save(ctx: PortalContext) -> web.StreamResponse:
    """Store what changed."""
    customer, (whose, posted) = await ctx.customer(), await _whose(ctx, await ctx.posted())
    wanted = ctx.request.match_info["appointment"]
    async with ctx.change() as change:
        done = await appointments.save(
            change, wanted, lambda stored: _sent(sent, posted, stored, customer, whose)
        )
        _, stored = await appointments.find(change, wanted)
    customer = await change.customer()
    if isinstance(done, Rejected):
        return await _page(ctx, customer, done.wanted.with_faults(done.faults), stored, whose)
    return ctx.done(PATH, change, _past(ctx, customer, done))


def _past(ctx: PortalContext, customer: Customer, read: Appointment) -> str:
    """The words for what no agent will see any more."""
    return "appointment_past" if instant(read.end, customer.zone) <= ctx.now else ""


async def _whose(ctx: PortalContext, posted: Posted) -> tuple[Chosen, Posted]:
    """Whom the form means, before anything is locked; and the form as if the id had been sent."""
    people = choices.people(await own_people.seen(ctx, await ctx.customer()))
    whose = choosing.read(posted, "employee", people)
    return whose, choosing.taken(posted, "employee", whose)


def _sent(
    taken: Callable[[Posted, Texts], Form], posted: Posted, before: Texts, customer: Customer, whose: Chosen
) -> Form:
    """The form that came, `taken` as new or as changed; what the tariff does not include stays as stored."""
    if not customer.tariff.put_through:
        kept = {one.name: before[one.name] for one in APPOINTMENT if one.only_with_put_through}
        posted = Posted(posted | kept)
    return taken(posted, before).with_faults(choosing.faults("employee", whose))


async def delete(ctx: PortalContext) -> web.StreamResponse:
    """It goes; the flash brings it back."""
    async with ctx.change() as change:
        await appointments.delete(change, ctx.request.match_info["appointment"])
    return ctx.done(PATH, change)


async def preview(ctx: PortalContext) -> web.StreamResponse:
    """What the agent would read during the appointment that is being typed."""
    posted, customer = await ctx.posted(), await ctx.customer()
    form = Form(dict.fromkeys(("employee", *appointment_form.KEYS), "") | posted)
    seen = await _preview(ctx, customer, form, posted["appointment"])
    line, more = seen or (AgentLine("wait", ctx.t("appointments.preview.wait")), "")
    return web.json_response({"kind": line.kind, "spoken": line.spoken, "more": more})


async def _preview(
    ctx: PortalContext, customer: Customer, form: Form, known: str = ""
) -> tuple[AgentLine, str] | None:
    """The agent's line while it holds, and when another one holds instead; None while it cannot be read."""
    whose = own_people.known(ctx, customer, form.values["employee"])
    read = appointments.read(form.values, customer, whose, known or TYPED, ctx.now)
    if isinstance(read, tuple):
        return None
    person = own_people.person(ctx, customer, form.values["employee"])
    others = tuple(one for one in person.appointments if one.id != known)
    person = replace(person, appointments=(*others, read))
    zone = customer.zone
    parts = await finished(stretches(person, zone, instant(read.start, zone), instant(read.end, zone)))
    own = [part for part in parts if part.holds.source_id == read.id]
    instead = [
        ctx.t("appointments.instead", when=span(ctx, zone, part.start, part.end), text=part.holds.text)
        for part in parts
        if part.holds.source_id != read.id
    ]
    line = agent_line(ctx, customer, person, (own or parts)[0].start)
    return line, " ".join(instead)


def _blank(ctx: PortalContext, customer: Customer) -> dict[str, str]:
    people = own_people.some(ctx, customer)
    known = own_people.known(ctx, customer, ctx.query.get("mitarbeiter", ""))
    chosen = known or (people[0] if len(people) == 1 else None)
    day = read_day(ctx.query.get("tag", ""))
    blank = appointment_form.blank(day or ctx.local(customer).date())
    return {"employee": chosen.id if chosen else ""} | blank


def _texts(employee: Employee, stored: Appointment, customer: Customer) -> dict[str, str]:
    return appointments.texts_of(employee, stored, customer.zone)


async def _page(
    ctx: PortalContext,
    customer: Customer,
    form: Form,
    stored: Appointment | None = None,
    whose: Chosen | None = None,
) -> web.Response:
    people = choices.people(await own_people.seen(ctx, customer))
    twice = {
        name
        for name in ("start", "end")
        if form.values[f"{name}_twice"]
        or (f"{name}_time" in form.faults and form.faults[f"{name}_time"].code == "appointment_twice")
    }
    return ctx.page(
        "appointments/form.html",
        status=200 if form.ready else 422,
        form=form,
        stored=stored,
        people=choosing.shown(people, form.values["employee"], whose),
        nobody="" if people.count == 1 else ctx.t("appointments.choose"),
        put_through=customer.tariff.put_through,
        sections=sections(APPOINTMENT),
        twice=twice,
        twice_choices=[(value, ctx.t(f"appointments.twice.{value or 'none'}")) for value in TWICE],
        seen=await _preview(ctx, customer, form, stored.id if stored else ""),
    )


ROUTES = (
    Route("portal.appointment.new", "GET", f"{PATH}/neu", new),
    Route("portal.appointment.new", "POST", f"{PATH}/neu", add),
    Route("portal.appointment.preview", "POST", f"{PATH}/vorschau", preview),
    Route("portal.appointment", "GET", f"{PATH}/{{appointment}}", show),
    Route("portal.appointment", "POST", f"{PATH}/{{appointment}}", save),
    Route("portal.appointment.delete", "POST", f"{PATH}/{{appointment}}/loeschen", delete),
)
