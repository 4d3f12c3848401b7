"""Abwesenheitsinfo: the lasting word about each employee, edited in a list, seen as the agent sees it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aiohttp import web

from pbx_bridge.editing import absences
from pbx_bridge.editing.values import Rejected
from pbx_bridge.portal import own_people
from pbx_bridge.portal.agent_line import AgentLine, agent_line
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.turns import gently
from pbx_bridge.web.kit.forms import Form, sent, shown
from pbx_bridge.web.kit.lists import part_with
from rules.availability import availability
from rules.directory import Directory
from rules.fields import values as fields
from rules.model import Customer, Employee
from rules.namesakes import hint

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


async def show(visit: Visit) -> web.StreamResponse:
    """By family name; `person` brings the page of that employee. A subaccount sees its own only."""
    return await _page(visit, await visit.customer())


async def save(visit: Visit) -> web.StreamResponse:
    """Store the info of the employee in the path."""
    posted, wanted = await visit.posted(), visit.request.match_info["employee"]
    async with visit.change() as change:
        done = await absences.save(change, wanted, lambda stored: sent(posted, texts_of(stored)))
        employee = await change.employee(wanted)
    if isinstance(done, Rejected):
        form = done.wanted.with_faults(done.faults)
        return await _page(visit, await change.customer(), employee, form)
    return visit.done(PATH, change)


async def preview(visit: Visit) -> web.StreamResponse:
    """What the agent would read now, while somebody types."""
    info = (await visit.posted())["absence_info"].strip()
    customer = await visit.customer()
    employee = own_people.person(visit, customer, visit.request.match_info["employee"])
    employee = replace(employee, absence_info=info[: absences.LONGEST])
    line = agent_line(visit, customer, employee, visit.now)
    return web.json_response({"kind": line.kind, "spoken": line.spoken})


def texts_of(employee: Employee) -> dict[str, str]:
    return fields.texts_of(absences.INFO, employee)


async def _page(
    visit: Visit, customer: Customer, edited: Employee | None = None, form: Form | None = None
) -> web.Response:
    asked = visit.request.query
    query, people = asked.get("q", "").strip()[:100], await own_people.seen(visit, customer)
    wanted = edited.id if edited else asked.get("person", "")
    listed = part_with(people.find(query, info=True), asked.get("page", "1"), wanted)
    rows = [
        _row(visit, customer, people, person, form if form and person.id == wanted else _stored(person))
        async for person in gently(listed.rows)
    ]
    context = {"rows": rows, "query": query, "customer": customer, "listed": listed}
    searchable = len(people.by_family) > 1
    return visit.page("absences/list.html", status=422 if form else 200, searchable=searchable, **context)


def _stored(person: Employee) -> Form:
    return shown(texts_of(person))


def _row(visit: Visit, customer: Customer, people: Directory, employee: Employee, form: Form) -> Row:
    line = agent_line(visit, customer, employee, visit.now)
    holds = availability(employee, customer.zone, visit.now)
    apart = hint(employee, people.namesakes(employee), extension=True)
    return Row(employee, form, line, bool(holds.source_id), apart)


ROUTES = (
    Route("portal.absences", "GET", PATH, show),
    Route("portal.absences.one", "POST", f"{PATH}/{{employee}}", save),
    Route("portal.absences.preview", "POST", f"{PATH}/{{employee}}/vorschau", preview),
)
