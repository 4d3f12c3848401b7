"""Mitarbeiter: one of them, new or changed."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from pbx_bridge.editing import employees
from pbx_bridge.editing.values import Rejected
from pbx_bridge.portal import choices
from pbx_bridge.portal.employees.pages import PATH
from pbx_bridge.portal.request_context import PortalContext, Route
from pbx_bridge.storage.billing import prices
from pbx_bridge.web.kit import choosing
from pbx_bridge.web.kit.choosing import Chosen
from pbx_bridge.web.kit.forms import Form, Posted, sent, shown
from pbx_bridge.web.kit.money import money
from pbx_bridge.web.language import language
from rules.billing.terms import Terms, running
from rules.customers.employee import has_namesake, is_mutual, texts_of
from rules.fields.declaration import sections
from rules.fields.employee import EMPLOYEE
from rules.model import Customer, Employee


async def begin(ctx: PortalContext) -> web.StreamResponse:
    """An empty form."""
    return await _page(ctx, await ctx.customer(), None, shown(texts_of(employees.nobody(), _days(ctx))))


async def add(ctx: PortalContext) -> web.StreamResponse:
    """Somebody new."""
    customer, posted = await ctx.customer(), await ctx.posted()
    deputy = await _deputy(ctx, posted)
    form = _sent(ctx, posted, deputy, customer, employees.nobody())
    async with ctx.change() as change:
        done = await employees.add(change, form, _days(ctx))
    customer = await change.customer()
    if isinstance(done, Rejected):
        return await _page(ctx, customer, None, form.with_faults(done.faults), deputy)
    return ctx.done(PATH, change, _twice(customer, done))


async def show(ctx: PortalContext) -> web.StreamResponse:
    """Somebody as stored."""
    customer = await ctx.customer()
    employee = ctx.own_employee(customer)
    return await _page(ctx, customer, employee, shown(texts_of(employee, _days(ctx))))


async def save(ctx: PortalContext) -> web.StreamResponse:
    """Store the changes, or show what is wrong with them."""
    customer, posted = await ctx.customer(), await ctx.posted()
    deputy, wanted = await _deputy(ctx, posted), ctx.request.match_info["employee"]
    async with ctx.change() as change:
        done = await employees.save(
            change, wanted, lambda stored: _sent(ctx, posted, deputy, customer, stored), _days(ctx)
        )
    customer = await change.customer()
    if isinstance(done, Rejected):
        form = done.wanted.with_faults(done.faults)
        return await _page(ctx, customer, customer.employee(wanted), form, deputy)
    return ctx.done(f"{PATH}/{wanted}", change, _twice(customer, done))


def _days(ctx: PortalContext) -> Sequence[str]:
    return language(ctx.locale).weekdays


def _twice(customer: Customer, employee: Employee) -> str:
    """The words for a name that somebody else has too."""
    return "employee_twice" if has_namesake(customer, employee) else ""


async def _deputy(ctx: PortalContext, posted: Posted) -> Chosen:
    """Whom the form means, before anything is locked."""
    customer = await ctx.customer()
    return choosing.read(posted, "deputy", choices.people(await ctx.directory(customer)))


def _sent(ctx: PortalContext, posted: Posted, deputy: Chosen, customer: Customer, stored: Employee) -> Form:
    """The form that came, over what is stored; fields that the page does not show stay as they are."""
    before = texts_of(stored, _days(ctx))
    posted = choosing.taken(posted, "deputy", deputy)
    posted = Posted(posted | {name: before[name] for name in employees.fixed(customer)})
    return sent(posted, before).with_faults(choosing.faults("deputy", deputy))


async def _sms_price(ctx: PortalContext, customer: Customer) -> int:
    """Of one SMS, today, in millionths of a euro."""
    today = ctx.local(customer).date()
    async with ctx.portal.db.read() as conn:
        terms = running(await prices.of_tariff(conn, customer.tariff.id), today)
    return (terms or Terms(today)).sms_micros


async def _page(
    ctx: PortalContext,
    customer: Customer,
    employee: Employee | None,
    form: Form,
    deputy: Chosen | None = None,
) -> web.Response:
    people = choices.people(await ctx.directory(customer))
    return ctx.page(
        "employees/form.html",
        status=200 if form.ready else 422,
        customer=customer,
        employee=employee,
        form=form,
        deputies=choosing.shown(people, form.values["deputy"], deputy).without(
            {employee.id} if employee else ()
        ),
        mutual=employee is not None and is_mutual(customer, employee),
        sections=sections(EMPLOYEE),
        gaps={
            "price": money(await _sms_price(ctx, customer), ctx.locale),
            "internal": ctx.t("employee.extension.internal") if ctx.portal.dial_rules.internal else "",
        },
    )


ROUTES = (
    Route("portal.employees.new", "GET", f"{PATH}/neu", begin),
    Route("portal.employees.new", "POST", f"{PATH}/neu", add),
    Route("portal.employees.one", "GET", f"{PATH}/{{employee}}", show),
    Route("portal.employees.one", "POST", f"{PATH}/{{employee}}", save),
)
