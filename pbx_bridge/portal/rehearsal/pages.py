"""Probeanruf: see a call that nobody makes as the agent would see it, and why each thing is as it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiohttp import web

from pbx_bridge.portal import choices
from pbx_bridge.portal.agent_line import agent_line, until
from pbx_bridge.portal.company.pages import EXAMPLE
from pbx_bridge.portal.rehearsal import messages as told
from pbx_bridge.portal.rehearsal.form import CALLERS, Asked, read, ways
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.storage.customers import lines
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.time_slices import finished
from pbx_bridge.web.kit import choosing
from pbx_bridge.web.kit.date_format import Moments
from rules.calls.number_outside import NamedNumber, named_numbers
from rules.calls.rehearsal import Rehearsal, Seen, rehearse
from rules.calls.vip import hints
from rules.decision import Refused
from rules.model import Customer, Line
from rules.presence.availability import Presence
from rules.text.dialling import DialRules
from rules.text.phone_numbers import international, national, to_e164

PATH = "/portal/probeanruf"
FEW = 5
"""Employees who all stand on the page."""
SHOWN = 20
"""Employees and answers of a big company on the rehearsed screen; agents find all others by typing."""


async def show(ctx: PortalContext) -> web.StreamResponse:
    """The question; below it, once it is asked, the whole answer. Nothing is stored, nobody is called."""
    customer = await ctx.customer()
    async with ctx.portal.db.read() as conn:
        known = await lines.of_customer(conn, customer.id)
    found, query = ways(customer, known), ctx.query
    directory = await ctx.directory(customer)
    people, vips = choices.people(directory), choices.vips(customer, await ctx.vip_register(customer))
    chosen = {"employee": choosing.read(query, "employee", people), "vip": choosing.read(query, "vip", vips)}
    sent = {**query, **{name: one.id for name, one in chosen.items() if name in query}}
    form, asked = read(sent, customer, found, EXAMPLE, ctx.local(customer))
    form = form.with_faults([*form.faults.values(), *choosing.faults("employee", chosen["employee"])])
    page: dict[str, Any] = {
        "form": form,
        "people": choosing.shown(people, form.values["employee"], chosen["employee"]),
        "vips": choosing.shown(vips, form.values["vip"], chosen["vip"]),
        "customer": customer,
        "ways": found,
        "callers": CALLERS,
        "agent": EXAMPLE.name,
        "shown_number": lambda number: national(number, customer.region),
        "international": international,
        "moments": Moments(ctx.t, customer.zone),
        "sms_on": ctx.portal.sms_on,
    }
    if asked is None or not form.ready:
        return ctx.page("rehearsal/page.html", status=200 if form.ready else 422, screen=None, **page)
    portal = ctx.portal
    async with portal.db.read() as conn:
        ours = await lines.among(conn, [asked.question.caller])
        outside = await named_outside(conn, customer, portal.dial_rules)
    first = [one.employee for one in directory.by_family[:SHOWN]]
    screen = rehearse(
        customer,
        [*known, *(Line(number, number, customer_id="another") for number in ours)],
        asked.question,
        portal.dial_rules,
        portal.ring,
        first if asked.employee is None or asked.employee in first else [asked.employee, *first],
    )
    page |= {"more": len(customer.employees) - len(screen.employees), "most": SHOWN, "outside": outside}
    return ctx.page("rehearsal/page.html", **page, **_answer(ctx, customer, asked, screen))


async def named_outside(
    conn: AsyncConnection, customer: Customer, dial_rules: DialRules
) -> tuple[NamedNumber, ...]:
    """The numbers outside that stand on the agent's screen, by the rule of the screen."""
    looked_at: list[str] = []

    def all_ours(number: str) -> bool:
        looked_at.append(number)
        return True  # so that none is passed over

    await finished(named_numbers(customer, dial_rules, all_ours))
    own = {to_e164(number, customer.region) for number in customer.public_numbers}
    ours = await lines.leading_here(conn, looked_at) | own
    return await finished(named_numbers(customer, dial_rules, ours.__contains__))


def _answer(ctx: PortalContext, customer: Customer, asked: Asked, screen: Rehearsal) -> dict[str, Any]:
    at = asked.question.moment
    wanted = screen.seen(asked.employee.id) if asked.employee else None
    name, concern = (ctx.t(f"rehearsal.example.{part}") for part in ("name", "concern"))
    example = told.Example(name, concern, EXAMPLE.name)
    facts = (customer, screen.caller, wanted, example, at)
    near, others = _near(screen, wanted)
    return {
        "screen": screen,
        "near": near,
        "others": others,
        "hints": hints(screen.caller, customer).split("\n"),
        "at": at,
        "wanted": wanted,
        "lines": {
            seen.employee.id: agent_line(ctx, customer, seen.employee, at) for seen in screen.employees
        },
        "why_there": {seen.employee.id: _why_there(ctx, customer, seen, at) for seen in screen.employees},
        "why_not": lambda refusal: _why_not(ctx, customer, refusal, at),
        "told": (
            ("nobody", told.if_nobody_answers(*facts)),
            ("answered", told.if_answered(*facts)),
        ),
    }


def _near(screen: Rehearsal, wanted: Seen | None) -> tuple[list[Seen], list[Seen]]:
    """Whom this call is about, and all others: of many the answer would stand below them."""
    everybody = list(screen.employees)
    if len(everybody) <= FEW:
        return everybody, []
    plan = wanted.plan if wanted else None
    about = {wanted.employee.id} if wanted else {one.employee.id for one in everybody[:FEW]}
    if plan:
        about |= {one.employee_id for one in plan.steps} | {one.employee_id for one in plan.skipped}
    near = [one for one in everybody if one.employee.id in about]
    return near, [one for one in everybody if one.employee.id not in about]


def _why_there(ctx: PortalContext, customer: Customer, seen: Seen, at: datetime) -> str:
    """ "Termin „Urlaub“ bis Fr 27.11. ersetzt die Abwesenheitsinfo „Nur vormittags“"."""
    present, because = seen.present, seen.because
    key = f"rehearsal.why.{because.code}"
    if present.kind is not Presence.AWAY:
        return ctx.t(key)
    end = until(ctx, customer.zone, present.until, at) if present.until else ""
    return ctx.t(key, text=present.text, until=end, hidden=because.params.get("hidden", ""))


def _why_not(ctx: PortalContext, customer: Customer, refusal: Refused, at: datetime) -> str:
    """Why somebody is not rung."""
    key = f"rehearsal.refusal.{refusal.code}"
    if ctx.knows(closer := f"{key}_{refusal.params.get('reason')}"):
        return ctx.t(closer)
    moment = refusal.params.get("until")
    if moment is None:
        return ctx.t(key)
    end = until(ctx, customer.zone, datetime.fromisoformat(moment), at)
    return ctx.t(f"{key}_until", until=end)


ROUTES = (Route("portal.rehearsal", "GET", PATH, show),)
