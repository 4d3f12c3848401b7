"""Unternehmen: greeting, instruction, the address for notes to nobody in particular, and what we ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aiohttp import web

from pbx_bridge.portal.forms import Form, sent, shown
from pbx_bridge.portal.visit import Route, Visit
from pbx_bridge.storage import undo
from pbx_bridge.storage.editing import company
from pbx_bridge.turns import gently
from rules.address import spoken
from rules.email import bare_email, is_email
from rules.fault import Fault
from rules.greeting import check_greeting, spoken_greeting
from rules.holidays import STATES
from rules.model import Agent, Customer
from rules.names import plain_key
from rules.note_fields import STANDARD_FIELDS
from rules.notification import own_address

PATH = "/portal/unternehmen"
EXAMPLE = Agent("", "Anna", "Keller", "")
"""Whose name the preview speaks."""

MOST_NAMED = 3
"""Of those whom only the company's own address reaches."""

LONGEST = {"greeting": 500, "spoken_name": 120, "instruction": 4000, "default_email": 254, "state": 2}


async def show(visit: Visit) -> web.StreamResponse:
    """The page as it is stored."""
    customer = await visit.customer()
    return _page(visit, customer, shown(texts_of(customer)))


async def save(visit: Visit) -> web.StreamResponse:
    """Store it, or show what is wrong with it."""
    posted = await visit.posted()
    async with visit.changing("company_saved", reach=undo.Reach(company=True)) as change:
        form = sent(posted, texts_of(change.customer))
        form = form.with_faults((*faults_of(form), *await _unreachable(form, change.customer)))
        if not form.ready:
            return _page(visit, change.customer, form)
        await company.update(change.conn, _changed(change.customer, form))
    return visit.done(PATH, change)


async def preview(visit: Visit) -> web.StreamResponse:
    """The greeting as an agent would say it, or why it cannot be: for the page while somebody types."""
    template = (await visit.posted())["greeting"]
    fault = next(_greeting_faults(template), None)
    words = visit.t(f"faults.{fault.code}", **fault.params) if fault else ""
    return web.json_response({"spoken": spoken_greeting(template, EXAMPLE), "fault": words})


def texts_of(customer: Customer) -> dict[str, str]:
    """What the form shows, in its order."""
    return {name: getattr(customer, name) for name in LONGEST}


def faults_of(form: Form) -> Iterator[Fault]:
    """Everything that is wrong, each with its remedy."""
    yield from _greeting_faults(form.values["greeting"])
    for name, most in LONGEST.items():
        if len(form.values[name]) > most:
            yield Fault(name, "too_long", {"max": str(most), "length": str(len(form.values[name]))})
    if (address := bare_email(form.values["default_email"])) and not is_email(address):
        yield Fault("default_email", "email")
    if form.values["state"] not in {"", *STATES}:
        yield Fault("state", "state_unknown")


async def _unreachable(form: Form, before: Customer) -> tuple[Fault, ...]:
    """Without this address notes for nobody in particular reach nobody, nor do those for whoever has none."""
    if form.values["default_email"].strip() or not before.default_email:
        return ()
    people = [person async for person in gently(before.employees) if not own_address(person)]
    names = [spoken(person.name) for person in people[:MOST_NAMED]]
    if not people:
        return (Fault("default_email", "default_email_needed"),)
    if len(people) <= MOST_NAMED:
        return (Fault("default_email", "default_email_needed_for", {"names": ", ".join(names)}),)
    return (Fault("default_email", "default_email_needed_for_many", {"n": str(len(people))}),)


def _greeting_faults(template: str) -> Iterator[Fault]:
    verdict = check_greeting(template)
    if not verdict:
        yield Fault("greeting", f"greeting_{verdict.code}", verdict.params)


def _changed(customer: Customer, form: Form) -> Customer:
    texts = {name: text.strip() for name, text in form.values.items()}
    return replace(
        customer,
        greeting=texts["greeting"],
        spoken_name=texts["spoken_name"],
        instruction=texts["instruction"],
        default_email=bare_email(texts["default_email"]),
        state=texts["state"],
    )


def _page(visit: Visit, customer: Customer, form: Form) -> web.Response:
    asked = (*STANDARD_FIELDS, *customer.note_fields)
    return visit.page(
        "company.html",
        status=200 if form.ready else 422,
        customer=customer,
        form=form,
        spoken=spoken_greeting(form.values["greeting"], EXAMPLE),
        asked=asked,
        standard=len(STANDARD_FIELDS),
        longest=LONGEST,
        states=[("", visit.t("company.state.none")), *_states(visit)],
        contact=visit.portal.contact,
    )


def _states(visit: Visit) -> list[tuple[str, str]]:
    return sorted(
        ((state, visit.t(f"company.states.{state}")) for state in STATES), key=lambda pair: plain_key(pair[1])
    )


ROUTES = (
    Route("portal.company", "GET", PATH, show),
    Route("portal.company", "POST", PATH, save),
    Route("portal.company.preview", "POST", f"{PATH}/vorschau", preview),
)
