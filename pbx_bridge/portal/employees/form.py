"""Mitarbeiter: one of them, new or changed."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.editing import employees
from pbx_bridge.editing.values import Rejected
from pbx_bridge.portal import choosing
from pbx_bridge.portal.choosing import Chosen
from pbx_bridge.portal.employees.pages import PATH
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.web.kit.forms import Form, Posted, sent, shown
from pbx_bridge.web.kit.money import money
from rules.employee import has_namesake, is_mutual, texts_of
from rules.fields.declaration import sections
from rules.fields.employee import EMPLOYEE
from rules.model import Customer, Employee


async def begin(visit: Visit) -> web.StreamResponse:
    """An empty form."""
    return await _page(visit, await visit.customer(), None, shown(texts_of(employees.nobody())))


async def add(visit: Visit) -> web.StreamResponse:
    """Somebody new."""
    customer, posted = await visit.customer(), await visit.posted()
    deputy = await _deputy(visit, posted)
    form = _sent(visit, posted, deputy, customer, employees.nobody())
    async with visit.change() as change:
        done = await employees.add(change, form)
    customer = await change.customer()
    if isinstance(done, Rejected):
        return await _page(visit, customer, None, form.with_faults(done.faults), deputy)
    return visit.done(PATH, change, _twice(customer, done))


async def show(visit: Visit) -> web.StreamResponse:
    """Somebody as stored."""
    customer = await visit.customer()
    employee = visit.own_employee(customer)
    return await _page(visit, customer, employee, shown(texts_of(employee, visit.locale)))


async def save(visit: Visit) -> web.StreamResponse:
    """Store the changes, or show what is wrong with them."""
    customer, posted = await visit.customer(), await visit.posted()
    deputy, wanted = await _deputy(visit, posted), visit.request.match_info["employee"]
    async with visit.change() as change:
        done = await employees.save(
            change, wanted, lambda stored: _sent(visit, posted, deputy, customer, stored)
        )
    customer = await change.customer()
    if isinstance(done, Rejected):
        form = done.wanted.with_faults(done.faults)
        return await _page(visit, customer, customer.employee(wanted), form, deputy)
    return visit.done(f"{PATH}/{wanted}", change, _twice(customer, done))


def _twice(customer: Customer, employee: Employee) -> str:
    """The words for a name that somebody else has too."""
    return "employee_twice" if has_namesake(customer, employee) else ""


async def _deputy(visit: Visit, posted: Posted) -> Chosen:
    """Whom the form means, before anything is locked."""
    customer = await visit.customer()
    return choosing.read(posted, "deputy", choosing.people(await visit.directory(customer)))


def _sent(visit: Visit, posted: Posted, deputy: Chosen, customer: Customer, stored: Employee) -> Form:
    """The form that came, over what is stored; fields that the page does not show stay as they are."""
    before = texts_of(stored, visit.locale)
    posted = choosing.taken(posted, "deputy", deputy)
    posted = Posted(posted | {name: before[name] for name in employees.fixed(customer)})
    return sent(posted, before).with_faults(choosing.faults("deputy", deputy))


async def _page(
    visit: Visit, customer: Customer, employee: Employee | None, form: Form, deputy: Chosen | None = None
) -> web.Response:
    people = choosing.people(await visit.directory(customer))
    return visit.page(
        "employees/form.html",
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
