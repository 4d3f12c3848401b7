"""Mitarbeiter: one of them, new or changed."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.portal.employees import PATH, by_family_name
from pbx_bridge.portal.forms import Form, Posted, sent, shown
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.portal.words import money
from pbx_bridge.storage.editing import employees
from pbx_bridge.storage.ids import new_id
from rules.employee import LONGEST, ONLY_WITH_PUT_THROUGH, is_mutual, read_employee, texts_of
from rules.model import Customer, Employee
from rules.working_hours import write_week


async def begin(visit: Visit) -> web.StreamResponse:
    """An empty form."""
    return _page(visit, await visit.customer(), None, shown(texts_of(_nobody())))


async def add(visit: Visit) -> web.StreamResponse:
    """Somebody new."""
    posted = await visit.posted()
    async with visit.changing("employee_added") as change:
        nobody = _nobody()
        form, employee = _read(visit, posted, change.customer, nobody)
        if employee is None:
            return _page(visit, change.customer, None, form)
        await employees.insert(change.conn, visit.customer_id, [employee])
    return visit.done(PATH, change)


async def show(visit: Visit) -> web.StreamResponse:
    """Somebody as stored."""
    customer = await visit.customer()
    employee = visit.own_employee(customer)
    return _page(visit, customer, employee, shown(_texts(visit, employee)))


async def save(visit: Visit) -> web.StreamResponse:
    """Store the changes, or show what is wrong with them."""
    posted = await visit.posted()
    async with visit.changing("employee_saved") as change:
        stored = visit.own_employee(change.customer)
        form, employee = _read(visit, posted, change.customer, stored)
        if employee is None:
            return _page(visit, change.customer, stored, form)
        await employees.update(change.conn, visit.customer_id, [employee])
    return visit.done(f"{PATH}/{stored.id}", change)


def _nobody() -> Employee:
    return Employee(new_id(), "", "", "")


def _texts(visit: Visit, employee: Employee) -> dict[str, str]:
    """With the names of the days in the language of the page; both are read."""
    week = employee.hours.week if employee.hours else None
    return texts_of(employee) | {"hours": write_week(week, visit.locale)}


def _read(visit: Visit, posted: Posted, customer: Customer, stored: Employee) -> tuple[Form, Employee | None]:
    """The form that came, and the employee it makes; what the tariff does not include stays as stored."""
    before = _texts(visit, stored)
    if not customer.tariff.put_through:
        posted = Posted(posted | {name: before[name] for name in ONLY_WITH_PUT_THROUGH})
    form = sent(posted, before)
    allowed = visit.dial_rules(customer)
    colleagues = {person.id for person in customer.employees}
    result = read_employee(form.values, stored, colleagues, allowed)
    if isinstance(result, Employee):
        return form, result if form.ready else None
    return form.with_faults(result), None


def _page(visit: Visit, customer: Customer, employee: Employee | None, form: Form) -> web.Response:
    colleagues = sorted(customer.employees, key=by_family_name)
    deputies = [
        (person.id, person.name) for person in colleagues if employee is None or person.id != employee.id
    ]
    return visit.page(
        "employee.html",
        status=200 if form.ready else 422,
        customer=customer,
        employee=employee,
        form=form,
        deputies=[("", visit.t("employee.deputy.nobody")), *deputies],
        mutual=employee is not None and is_mutual(customer, employee),
        wishes=[(wish, visit.t(f"employee.put_through.{wish}")) for wish in ("none", "all", "vip")],
        longest=LONGEST,
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
