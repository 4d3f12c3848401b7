"""Auskunft und Löschung: what is kept of one caller, or of one employee, of a company; as a file, and erased.

Whom it is about comes in the body of a form, and never stands in an address.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from aiohttp import web

from pbx_bridge.admin.companies.pages import ONE, PATH, company_of
from pbx_bridge.admin.law.handed_out import send_archive
from pbx_bridge.admin.request_context import OfficeContext, Route
from pbx_bridge.editing import erasing
from pbx_bridge.editing.erasing_parts import Subject
from pbx_bridge.errors import NotFoundError, Refused
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.time_slices import gently
from pbx_bridge.web.kit import forms
from pbx_bridge.web.kit.forms import Form
from rules.fault import Fault
from rules.model import Customer, Employee
from rules.office.erasing import meant_by
from rules.text.phone_numbers import international, to_e164

HERE = f"{ONE}/person"
BLANK = {"who": ""}
LONGEST = 200
"""Letters of a name or number: each word of it is looked for in all names."""
MOST = 20
"""Namesakes that are offered; whoever types more of the name finds fewer."""
log = structlog.get_logger(__name__)


async def show(ctx: OfficeContext) -> web.StreamResponse:
    """An empty form."""
    return _page(ctx, await company_of(ctx), forms.shown(BLANK))


async def look(ctx: OfficeContext) -> web.StreamResponse:
    """What is kept of whom the form names: a number, a part of a name, or one of those offered before."""
    customer, posted = await company_of(ctx), await ctx.posted()
    if person := customer.employee(posted["employee"]):
        return await _found(ctx, customer, person=person)
    form = forms.sent_new(posted, BLANK)
    typed = form.values["who"].strip()
    if len(typed) > LONGEST:
        said = {"length": str(len(typed)), "max": str(LONGEST)}
        return _page(ctx, customer, form.with_faults([Fault("who", "too_long", said)]))
    number = to_e164(typed, customer.region)
    if number:
        return await _found(ctx, customer, number=number)
    people = [one async for one in gently(customer.employees) if meant_by(typed, one)] if typed else []
    if not people:
        return _page(
            ctx, customer, form.with_faults([Fault("who", "nobody_found" if typed else "who_missing")])
        )
    return _page(ctx, customer, form, people=people[:MOST], more=len(people) - MOST)


async def hand_out(ctx: OfficeContext) -> web.StreamResponse:
    """All of it in one file: to be read, and as data."""
    customer, posted = await company_of(ctx), await ctx.posted()
    async with ctx.office.db.read() as conn:
        subject = await _subject(conn, customer, posted)
    rows = await erasing.collected(ctx.office.db, customer, subject, ctx.editor)
    log.info("data_handed_out", company=customer.id, account=ctx.account.id)
    return await send_archive(ctx, customer.name, rows)


async def erase(ctx: OfficeContext) -> web.StreamResponse:
    """For good, once it was confirmed; then the database's log is emptied, where it could be read still."""
    customer, posted = await company_of(ctx), await ctx.posted()
    back = f"{PATH}/{customer.id}/person"
    if posted["sure"] != "yes":
        fault = Fault("sure", "not_sure")
        person = customer.employee(posted["employee"])
        return await _found(ctx, customer, person=person, number=posted["number"], fault=fault)
    async with ctx.office.db.read() as conn:
        subject = await _subject(conn, customer, posted)
    done = await erasing.erase(ctx.office.editing, subject, ctx.editor)
    if isinstance(done, Refused):
        return ctx.said(back, done.code)
    await ctx.office.db.empty_log()
    log.info("data_erased", company=customer.id, account=ctx.account.id)
    return ctx.said(back, "erased")


async def _subject(conn: AsyncConnection, customer: Customer, posted: Mapping[str, str]) -> Subject:
    """Whom hidden fields name; they are read as if somebody had typed them."""
    if person := customer.employee(posted["employee"]):
        return await erasing.employee(conn, customer, person)
    number = to_e164(posted["number"], customer.region)
    if not number:
        raise NotFoundError
    return await erasing.caller(conn, customer, number)


async def _found(
    ctx: OfficeContext,
    customer: Customer,
    *,
    person: Employee | None = None,
    number: str = "",
    fault: Fault | None = None,
) -> web.StreamResponse:
    hidden = {"employee": person.id} if person else {"number": number}
    async with ctx.office.db.read() as conn:
        subject = await _subject(conn, customer, forms.Posted(hidden))
        counts = await erasing.found(conn, subject)
    name = person.name if person else international(number)
    form = Form({"who": name, "sure": ""}).with_faults([fault] if fault else [])
    return _page(ctx, customer, form, name=name, hidden=hidden, counts=counts, is_caller=person is None)


def _page(ctx: OfficeContext, customer: Customer, form: Form, **found: Any) -> web.Response:
    known = {"name": "", "hidden": {}, "counts": None, "people": (), "more": 0, "is_caller": True} | found
    return ctx.page(
        "law/person.html",
        status=422 if form.faults else 200,
        customer=customer,
        form=form,
        path=f"{PATH}/{customer.id}",
        **known,
    )


ROUTES = (
    Route("admin.company.person", "GET", HERE, show),
    Route("admin.company.person", "POST", HERE, look),
    Route("admin.company.person.file", "POST", f"{HERE}/auskunft", hand_out),
    Route("admin.company.person.erase", "POST", f"{HERE}/loeschen", erase),
)
