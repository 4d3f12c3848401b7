"""Mitarbeiter: the list, with search and both ways of sorting; and saying goodbye to one of them."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.editing import employees
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.turns import finished
from pbx_bridge.web.kit.lists import part
from rules.employee import ties

PATH = "/portal/mitarbeiter"
MOST_NAMED = 10
"""Of those who count on somebody who goes; the others are counted."""


async def show(visit: Visit) -> web.StreamResponse:
    """`q` searches name, position and responsibility; `sort` is "given" or by family name."""
    customer = await visit.customer()
    query, order = visit.request.query.get("q", "").strip()[:100], visit.request.query.get("sort", "")
    found = (await visit.directory(customer)).find(query, given=order == "given")
    listed = part(found, visit.request.query.get("page", "1"))
    colleagues = [customer.employee(person.deputy_id) for person in listed.rows]
    deputies = {person.id: person.name for person in colleagues if person}
    return visit.page(
        "employees/list.html", customer=customer, listed=listed, query=query, order=order, deputies=deputies
    )


async def ask(visit: Visit) -> web.StreamResponse:
    """Before somebody goes: where the company still counts on them."""
    customer = await visit.customer()
    employee = visit.own_employee(customer)
    tied = await finished(ties(customer, employee))
    return visit.page("employees/delete.html", employee=employee, ties=tied, most=MOST_NAMED)


async def delete(visit: Visit) -> web.StreamResponse:
    """Somebody goes, with appointments, VIP callers and log-in; all of it can come back for a day."""
    async with visit.change() as change:
        await employees.delete(change, visit.request.match_info["employee"])
    return visit.done(PATH, change)


ROUTES = (
    Route("portal.employees", "GET", PATH, show),
    Route("portal.employees.delete", "GET", f"{PATH}/{{employee}}/loeschen", ask),
    Route("portal.employees.delete", "POST", f"{PATH}/{{employee}}/loeschen", delete),
)
