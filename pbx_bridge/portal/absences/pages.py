"""Abwesenheitsinfo: the lasting word about each employee, edited in a list, seen as the agent sees it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aiohttp import web

from pbx_bridge.editing import absences
from pbx_bridge.editing.values import Rejected
from pbx_bridge.portal import own_people
from pbx_bridge.portal.agent_line import AgentLine, agent_line
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.time_slices import gently
from pbx_bridge.web.kit.forms import Form, sent, shown
from pbx_bridge.web.kit.lists import part_with
from rules.customers.directory import Directory
from rules.customers.namesakes import hint
from rules.fields import values as fields
from rules.model import Customer, Employee
from rules.presence.availability import availability

PATH = "/portal/abwesenheitsinfo"


@dataclass(frozen=True, slots=True)
class Row:
    """One employee of the list. `replaced`: an appointment runs, so that the info is not told; `apart`:
    which of several with the name."""

    employee: Employee
    form: Form
    line: AgentLine
    replaced: bool
    apart: str

    @property
    def listed(self) -> str:
        return f"{self.employee.name} · {self.apart}" if self.apart else self.employee.name

    @property
    def position(self) -> str:
        """What stands below the name, unless it is beside it already."""
        position = self.employee.position.strip()
        return "" if position in self.apart.split(" · ") else position


async def show(ctx: PortalContext) -> web.StreamResponse:
    """By family name; `person` brings the page of that employee. A subaccount sees its own only."""
    return await _page(ctx, await ctx.customer())


async def save(ctx: PortalContext) -> web.StreamResponse:
    """Store the info of the employee in the path."""
    posted, wanted = await ctx.posted(), ctx.request.match_info["employee"]
    async with ctx.change() as change:
        done = await absences.save(change, wanted, lambda stored: sent(posted, texts_of(stored)))
        employee = await change.employee(wanted)
    if isinstance(done, Rejected):
        form = done.wanted.with_faults(done.faults)
        return await _page(ctx, await change.customer(), employee, form)
    return ctx.done(PATH, change)


async def preview(ctx: PortalContext) -> web.StreamResponse:
    """What the agent would read now, while somebody types."""
    info = (await ctx.posted())["absence_info"].strip()
    customer = await ctx.customer()
    employee = own_people.person(ctx, customer, ctx.request.match_info["employee"])
    employee = replace(employee, absence_info=info[: absences.LONGEST])
    line = agent_line(ctx, customer, employee, ctx.now)
    return web.json_response({"kind": line.kind, "spoken": line.spoken})


def texts_of(employee: Employee) -> dict[str, str]:
    return fields.texts_of(absences.INFO, employee)


async def _page(
    ctx: PortalContext, customer: Customer, edited: Employee | None = None, form: Form | None = None
) -> web.Response:
    asked = ctx.query
    query, people = asked.get("q", "").strip()[:100], await own_people.seen(ctx, customer)
    wanted = edited.id if edited else asked.get("person", "")
    listed = part_with(people.find(query, info=True), asked.get("page", "1"), wanted)
    rows = [
        _row(ctx, customer, people, person, form if form and person.id == wanted else _stored(person))
        async for person in gently(listed.rows)
    ]
    context = {"rows": rows, "query": query, "customer": customer, "listed": listed}
    searchable = len(people.by_family) > 1
    return ctx.page("absences/list.html", status=422 if form else 200, searchable=searchable, **context)


def _stored(person: Employee) -> Form:
    return shown(texts_of(person))


def _row(ctx: PortalContext, customer: Customer, people: Directory, employee: Employee, form: Form) -> Row:
    line = agent_line(ctx, customer, employee, ctx.now)
    holds = availability(employee, customer.zone, ctx.now)
    apart = hint(employee, people.namesakes(employee), extension=True)
    return Row(employee, form, line, bool(holds.source_id), apart)


ROUTES = (
    Route("portal.absences", "GET", PATH, show),
    Route("portal.absences.one", "POST", f"{PATH}/{{employee}}", save),
    Route("portal.absences.preview", "POST", f"{PATH}/{{employee}}/vorschau", preview),
)
