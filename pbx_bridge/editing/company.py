"""What a company says about itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from pbx_bridge.editing.change import Change
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.storage.editing import company
from pbx_bridge.storage.undo import Reach
from pbx_bridge.turns import gently
from rules.address import spoken
from rules.email import bare_email, is_email
from rules.fault import Fault
from rules.greeting import check_greeting
from rules.holidays import STATES
from rules.model import Customer
from rules.notification import own_address

LONGEST = {"greeting": 500, "spoken_name": 120, "instruction": 4000, "default_email": 254, "state": 2}
MOST_NAMED = 3
"""Of those whom only the company's own address reaches."""


def texts_of(customer: Customer) -> dict[str, str]:
    """What a form shows, in its order."""
    return {name: getattr(customer, name) for name in LONGEST}


async def save(change: Change, values: Callable[[Mapping[str, str]], W]) -> Customer | Rejected[W]:
    """As it is to be; `values`: the texts wanted, over those stored."""
    stored = await change.customer()
    wanted = values(texts_of(stored))
    faults = (*faults_of(wanted.values), *await _unreachable(wanted.values, stored))
    if faults or not wanted.ready:
        return Rejected(wanted, faults)
    saved = _changed(stored, wanted.values)
    if texts_of(saved) != texts_of(stored):
        await change.record("company_saved", Reach(company=True))
        await company.update(change.conn, saved)
    return saved


def faults_of(values: Mapping[str, str]) -> Iterator[Fault]:
    """Everything that is wrong, each with its remedy."""
    yield from greeting_faults(values["greeting"])
    for name, most in LONGEST.items():
        if len(values[name]) > most:
            yield Fault(name, "too_long", {"max": str(most), "length": str(len(values[name]))})
    if (address := bare_email(values["default_email"])) and not is_email(address):
        yield Fault("default_email", "email")
    if values["state"] not in {"", *STATES}:
        yield Fault("state", "state_unknown")


def greeting_faults(template: str) -> Iterator[Fault]:
    """Why a greeting cannot be spoken."""
    verdict = check_greeting(template)
    if not verdict:
        yield Fault("greeting", f"greeting_{verdict.code}", verdict.params)


async def _unreachable(values: Mapping[str, str], before: Customer) -> tuple[Fault, ...]:
    """Without this address notes for nobody in particular reach nobody, nor do those for whoever has none."""
    if values["default_email"].strip() or not before.default_email:
        return ()
    people = [person async for person in gently(before.employees) if not own_address(person)]
    names = [spoken(person.name) for person in people[:MOST_NAMED]]
    if not people:
        return (Fault("default_email", "default_email_needed"),)
    if len(people) <= MOST_NAMED:
        return (Fault("default_email", "default_email_needed_for", {"names": ", ".join(names)}),)
    return (Fault("default_email", "default_email_needed_for_many", {"n": str(len(people))}),)


def _changed(customer: Customer, values: Mapping[str, str]) -> Customer:
    texts = {name: text.strip() for name, text in values.items()}
    return replace(
        customer,
        greeting=texts["greeting"],
        spoken_name=texts["spoken_name"],
        instruction=texts["instruction"],
        default_email=bare_email(texts["default_email"]),
        state=texts["state"],
    )
