"""Mitarbeiter: the list, with search and both ways of sorting; and saying goodbye to one of them."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.editing import employees
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.time_slices import finished
from pbx_bridge.web.kit.lists import part
from rules.customers.employee import ties

PATH = "/portal/mitarbeiter"
MOST_NAMED = 10
"""Of those who count on somebody who goes; the others are counted."""


async def show(ctx: PortalContext) -> web.StreamResponse:
    """`q` searches name, position and responsibility; `sort` is "given" or by family name."""
    customer = await ctx.customer()
    query, order = ctx.query.get("q", "").strip()[:100], ctx.query.get("sort", "")
    found = (await ctx.directory(customer)).find(query, given=order == "given")
    listed = part(found, ctx.query.get("page", "1"))
    colleagues = [customer.employee(person.deputy_id) for person in listed.rows]
    deputies = {person.id: person.name for person in colleagues if person}
    return ctx.page(
        "employees/list.html", customer=customer, listed=listed, query=query, order=order, deputies=deputies
    )


async def ask(ctx: PortalContext) -> web.StreamResponse:
    """Before somebody goes: where the company still counts on them."""
    customer = await ctx.customer()
    employee = ctx.own_employee(customer)
    tied = await finished(ties(customer, employee))
    return ctx.page("employees/delete.html", employee=employee, ties=tied, most=MOST_NAMED)


async def delete(ctx: PortalContext) -> web.StreamResponse:
    """Somebody goes, with appointments, VIP callers and log-in; all of it can come back for a day."""
    async with ctx.change() as change:
        await employees.delete(change, ctx.request.match_info["employee"])
    return ctx.done(PATH, change)


ROUTES = (
    Route("portal.employees", "GET", PATH, show),
    Route("portal.employees.delete", "GET", f"{PATH}/{{employee}}/loeschen", ask),
    Route("portal.employees.delete", "POST", f"{PATH}/{{employee}}/loeschen", delete),
)
