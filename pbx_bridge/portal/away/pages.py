""" "Ich bin weg bis …": the page on which a subaccount begins, made for a thumb and a hurry."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.editing import appointments
from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal import own_people
from pbx_bridge.portal.agent_line import agent_line, until
from pbx_bridge.portal.visit import Route, Visit
from rules.appointments import ways_out
from rules.availability import availability, instant
from rules.model import Customer, Employee
from rules.typed import line

PATH = "/portal/abwesend"


async def show(visit: Visit) -> web.StreamResponse:
    """What agents read about oneself now, and the ready answers to "until when"."""
    customer = await visit.customer()
    employee = _oneself(visit, customer)
    holds = availability(employee, customer.zone, visit.now)
    ways = [
        (way.code, until(visit, customer.zone, instant(way.end, customer.zone), visit.now))
        for way in ways_out(customer.zone, visit.now)
    ]
    return visit.page(
        "away/page.html",
        employee=employee,
        line=agent_line(visit, customer, employee, visit.now),
        ways=ways,
        away=bool(holds.source_id),
        imported=any(one.id == holds.source_id and one.imported for one in employee.appointments),
    )


async def leave(visit: Visit) -> web.StreamResponse:
    """An appointment from now on, until what `way` means now."""
    posted = await visit.posted()
    text = line(posted["text"]).strip() or visit.t("away.text.default")
    async with visit.change() as change:
        await appointments.leave(change, visit.account.employee_id, posted["way"], text)
    return visit.done(PATH, change) if change.code else visit.go(PATH)


async def come_back(visit: Visit) -> web.StreamResponse:
    """All own appointments that run end now."""
    async with visit.change() as change:
        await appointments.come_back(change, visit.account.employee_id)
    return visit.done(PATH, change)


def _oneself(visit: Visit, customer: Customer) -> Employee:
    if visit.account.employee_id is None:
        raise NotFoundError
    return own_people.person(visit, customer, visit.account.employee_id)


ROUTES = (
    Route("portal.away", "GET", PATH, show),
    Route("portal.away", "POST", PATH, leave),
    Route("portal.away.back", "POST", f"{PATH}/zurueck", come_back),
)
