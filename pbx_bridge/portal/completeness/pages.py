"""Vollständigkeit: what is missing before the first forwarding, how to mend it, and how to forward."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from pbx_bridge.portal.absences import pages as absences
from pbx_bridge.portal.company import pages as company
from pbx_bridge.portal.employees import pages as employees
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.storage.customers import lines
from pbx_bridge.time_slices import gently
from pbx_bridge.web.kit.lists import part
from rules.customers.completeness import Finding, Gap, Severity
from rules.model import Customer
from rules.text.phone_numbers import international, national

PATH = "/portal/vollstaendigkeit"
MOST_TARGETS = 5
"""Lines whose codes are written out."""


@dataclass(frozen=True, slots=True)
class Task:
    """A finding in words. `who`: name of the employee, "" for the company; `path` opens the very field."""

    severity: Severity
    who: str
    words: str
    path: str


async def show(ctx: PortalContext) -> web.StreamResponse:
    """Everything that is missing, in pages; below it the way to forward, ready or not."""
    customer = await ctx.customer()
    async with ctx.portal.db.read() as conn:
        known = await lines.of_customer(conn, customer.id)
    own = [line for line in known if line.customer_id]
    shared = [line for line in known if not line.customer_id] if customer.public_numbers else []
    found = await ctx.portal.companies.findings(customer, ctx.now)
    errors = await ctx.portal.companies.errors(customer, ctx.now)
    listed = part(found, ctx.query.get("page", "1"))
    tasks = [_task(ctx, customer, finding) async for finding in gently(listed.rows)]
    return ctx.page(
        "completeness/list.html",
        customer=customer,
        missing=errors,
        listed=listed,
        errors=[task for task in tasks if task.severity is Severity.ERROR],
        warnings=[task for task in tasks if task.severity is Severity.WARNING],
        targets=[_target(line.number, line.region) for line in (own or shared[:1])[:MOST_TARGETS]],
    )


def _task(ctx: PortalContext, customer: Customer, finding: Finding) -> Task:
    person = customer.employee(finding.employee_id)
    params = {key: str(value) for key, value in finding.params.items()}
    return Task(
        finding.severity,
        person.name if person else "",
        _words(ctx, customer, finding, params),
        path_of(finding),
    )


def _words(ctx: PortalContext, customer: Customer, finding: Finding, params: dict[str, str]) -> str:
    """A finding that another rule explains is said in that rule's words."""
    key = f"completeness.gap.{finding.code}"
    if finding.code is Gap.NO_EMAIL and not customer.default_email:
        return ctx.t(f"{key}_lost")
    fault = params.get("fault") or params.get("reason")
    if fault and ctx.knows(f"{key}_{fault}"):
        return ctx.t(f"{key}_{fault}", **params)
    return ctx.t(key, **params)


def path_of(finding: Finding) -> str:
    """The page of the field, opened at it."""
    if finding.field == "employees":
        return employees.PATH
    if finding.employee_id is None:
        return f"{company.PATH}#{finding.field}"
    if finding.field == "absence_info":
        return f"{absences.PATH}?person={finding.employee_id}#info-{finding.employee_id}"
    return f"{employees.PATH}/{finding.employee_id}#{finding.field}"


def _target(number: str, region: str) -> dict[str, str]:
    """A line for the eye, and as it is dialled in its own country within a code."""
    dialled = "".join(sign for sign in national(number, region) if sign.isdigit())
    return {"shown": international(number), "dialled": dialled}


ROUTES = (Route("portal.completeness", "GET", PATH, show),)
