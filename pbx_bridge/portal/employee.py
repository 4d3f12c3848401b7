"""Mitarbeiter: one of them, new or changed."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.portal import choosing
from pbx_bridge.portal.choosing import Chosen
from pbx_bridge.portal.employees import PATH
from pbx_bridge.portal.forms import Form, Posted, sent, shown
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.portal.words import money
from pbx_bridge.storage import undo
from pbx_bridge.storage.editing import employees
from pbx_bridge.storage.ids import new_id
from rules.employee import has_namesake, is_mutual, read_employee, texts_of
from rules.fields.declaration import sections
from rules.fields.employee import EMPLOYEE
from rules.model import Customer, Employee


async def begin(visit: Visit) -> web.StreamResponse:
    """An empty form."""
    return await _page(visit, await visit.customer(), None, shown(texts_of(_nobody())))


async def add(visit: Visit) -> web.StreamResponse:
    """Somebody new."""
    posted, nobody = await visit.posted(), _nobody()
    deputy = await _deputy(visit, posted)
    async with visit.changing("employee_added", reach=undo.Reach(employees=[nobody.id])) as change:
        form, employee = _read(visit, posted, deputy, change.customer, nobody)
        if employee is not None:
            await employees.insert(change.conn, visit.customer_id, [employee])
    if employee is None:
        return await _page(visit, change.customer, None, form, deputy)
    return visit.done(PATH, change, _twice(change.customer, employee))


async def show(visit: Visit) -> web.StreamResponse:
    """Somebody as stored."""
    customer = await visit.customer()
    employee = visit.own_employee(customer)
    return await _page(visit, customer, employee, shown(texts_of(employee, visit.locale)))


async def save(visit: Visit) -> web.StreamResponse:
    """Store the changes, or show what is wrong with them."""
    posted = await visit.posted()
    deputy = await _deputy(visit, posted)
    reach = undo.Reach(employees=[visit.request.match_info["employee"]])
    async with visit.changing("employee_saved", reach=reach) as change:
        stored = visit.own_employee(change.customer)
        form, employee = _read(visit, posted, deputy, change.customer, stored)
        if employee is not None:
            await employees.update(change.conn, visit.customer_id, [employee])
    if employee is None:
        return await _page(visit, change.customer, stored, form, deputy)
    return visit.done(f"{PATH}/{stored.id}", change, _twice(change.customer, employee))


def _twice(customer: Customer, employee: Employee) -> str:
    """The words for a name that somebody else has too."""
    return "employee_twice" if has_namesake(customer, employee) else ""


async def _deputy(visit: Visit, posted: Posted) -> Chosen:
    """Whom the form means, before anything is locked."""
    customer = await visit.customer()
    return choosing.read(posted, "deputy", choosing.people(await visit.directory(customer)))


def _nobody() -> Employee:
    return Employee(new_id(), "", "", "")


def _read(
    visit: Visit, posted: Posted, deputy: Chosen, customer: Customer, stored: Employee
) -> tuple[Form, Employee | None]:
    """The form that came, and the employee it makes; what the tariff does not include stays as stored."""
    before = texts_of(stored, visit.locale)
    posted = choosing.taken(posted, "deputy", deputy)
    if not customer.tariff.put_through:
        posted = Posted(
            posted | {one.name: before[one.name] for one in EMPLOYEE if one.only_with_put_through}
        )
    form = sent(posted, before)
    allowed = visit.dial_rules(customer)
    colleagues = [form.values["deputy"]] if customer.employee(form.values["deputy"]) else []
    result = read_employee(form.values, stored, colleagues, allowed)
    faults = (*choosing.faults("deputy", deputy), *(result if isinstance(result, tuple) else ()))
    form = form.with_faults(faults)
    return form, result if form.ready and isinstance(result, Employee) else None


async def _page(
    visit: Visit, customer: Customer, employee: Employee | None, form: Form, deputy: Chosen | None = None
) -> web.Response:
    people = choosing.people(await visit.directory(customer))
    return visit.page(
        "employee.html",
        status=200 if form.ready else 422,
        customer=customer,
        employee=employee,
        form=form,
        deputies=choosing.shown(people, form.values["deputy"], deputy).without(employee),
        mutual=employee is not None and is_mutual(customer, employee),
        sections=sections(EMPLOYEE),
        gaps={
            "price": money(customer.tariff.sms_price_micros, visit.locale),
            "internal": visit.t("employee.extension.internal") if visit.portal.dial_rules.internal else "",
        },
    )


ROUTES = (
    Route("portal.employees.new", "GET", f"{PATH}/neu", begin),
    Route("portal.employees.new", "POST", f"{PATH}/neu", add),
    Route("portal.employees.one", "GET", f"{PATH}/{{employee}}", show),
    Route("portal.employees.one", "POST", f"{PATH}/{{employee}}", save),
)
