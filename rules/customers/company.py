"""What a company says about itself: typed texts to its settings, or all that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from rules.calls.greeting import check_greeting
from rules.fault import Fault
from rules.fields import values
from rules.fields.customer import CUSTOMER
from rules.fields.declaration import on_form
from rules.model import Customer
from rules.outbox.notification import own_address
from rules.stepwise import Steps
from rules.text.dialling import DialRules
from rules.text.holidays import STATES
from rules.text.salutation import spoken

MOST_NAMED = 3
"""Of those whom only the company's own address reaches."""
_FORM = on_form(CUSTOMER)


def texts_of(customer: Customer) -> dict[str, str]:
    """What the form shows, in its order."""
    return values.texts_of(_FORM, customer)


def read_company(texts: Mapping[str, str], base: Customer) -> Customer | tuple[Fault, ...]:
    """`base` with what `texts` say, or all faults, in the order of the form."""
    fields = [one for one in CUSTOMER if one.name in texts]
    around = values.Around(DialRules(region=base.region))
    typed = {one.name: texts[one.name].strip() for one in fields}
    faults = [fault for one in fields for fault in _faults(one.name, typed[one.name])]
    own = [fault for one in fields for fault in values.faults_of(one, typed[one.name], around)]
    if own or faults:
        order = [one.name for one in fields]
        return tuple(sorted((*own, *faults), key=lambda fault: order.index(fault.field)))
    read: dict[str, Any] = {one.of_model: values.value_of(one, typed[one.name], around) for one in fields}
    return replace(base, **read)


def left_without(texts: Mapping[str, str], before: Customer) -> Steps[tuple[Fault, ...]]:
    """Without the company's own address, notes for nobody in particular reach nobody, nor do those for
    whoever has none: it is not taken away."""
    if texts["default_email"].strip() or not before.default_email:
        return ()
    names = list[str]()
    for person in before.employees:
        yield
        if not own_address(person):
            names.append(spoken(person.name))
    if not names:
        return (Fault("default_email", "default_email_needed"),)
    if len(names) <= MOST_NAMED:
        return (Fault("default_email", "default_email_needed_for", {"names": ", ".join(names)}),)
    return (Fault("default_email", "default_email_needed_for_many", {"n": str(len(names))}),)


def greeting_fault(template: str) -> Fault | None:
    """Why the agent's name has no place in it."""
    verdict = check_greeting(template)
    return None if verdict else Fault("greeting", f"greeting_{verdict.code}", verdict.params)


def _faults(name: str, text: str) -> Iterator[Fault]:
    """What only this field has to be."""
    if name == "greeting" and text and (fault := greeting_fault(text)):
        yield fault
    if name == "state" and text not in {"", *STATES}:
        yield Fault("state", "state_unknown")
