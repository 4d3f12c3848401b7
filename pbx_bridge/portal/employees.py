"""Mitarbeiter: the list, with search and both ways of sorting; and saying goodbye to one of them."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.portal.lists import Listed, part
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.storage.editing import employees
from rules.employee import ties
from rules.model import Customer, Employee
from rules.names import fold, is_found, sort_key, split_name

PATH = "/portal/mitarbeiter"


async def show(visit: Visit) -> web.StreamResponse:
    """`q` searches name, position and responsibility; `sort` is "given" or by family name."""
    customer = await visit.customer()
    query, order = visit.request.query.get("q", "").strip()[:100], visit.request.query.get("sort", "")
    listed = find(customer, query, order, visit.request.query.get("page", "1"))
    deputies = {person.id: person.name for person in customer.employees}
    return visit.page(
        "employees.html", customer=customer, listed=listed, query=query, order=order, deputies=deputies
    )


def find(customer: Customer, query: str, order: str, page: str = "1") -> Listed[Employee]:
    """The employees who fit, sorted; a page that does not exist is the nearest one that does."""
    found = [
        person
        for person in customer.employees
        if is_found(query, person.name, person.position, person.responsibility)
    ]
    found.sort(key=by_given_name if order == "given" else by_family_name)
    return part(found, page)


def by_family_name(person: Employee) -> tuple[str, ...]:
    return (*sort_key(person.name), person.id)


def by_given_name(person: Employee) -> tuple[str, ...]:
    return (fold(split_name(person.name).given), *sort_key(person.name), person.id)


async def ask(visit: Visit) -> web.StreamResponse:
    """Before somebody goes: where the company still counts on them."""
    customer = await visit.customer()
    employee = visit.own_employee(customer)
    return visit.page("employee_delete.html", employee=employee, ties=ties(customer, employee))


async def delete(visit: Visit) -> web.StreamResponse:
    """Somebody goes, with appointments, VIP callers and log-in; all of it can come back for a day."""
    employee_id = visit.request.match_info["employee"]
    async with visit.changing("employee_deleted", leaving=[employee_id]) as change:
        employee = visit.own_employee(change.customer)
        await employees.delete(change.conn, visit.customer_id, [employee.id])
    return visit.done(PATH, change)


ROUTES = (
    Route("portal.employees", "GET", PATH, show),
    Route("portal.employees.delete", "GET", f"{PATH}/{{employee}}/loeschen", ask),
    Route("portal.employees.delete", "POST", f"{PATH}/{{employee}}/loeschen", delete),
)
