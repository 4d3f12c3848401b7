"""What a company says about itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pbx_bridge.editing.change import Change
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.storage.editing import company
from pbx_bridge.storage.undo import Reach
from pbx_bridge.turns import gently
from rules.address import spoken
from rules.company import read_company, texts_of
from rules.fault import Fault
from rules.model import Customer
from rules.notification import own_address

MOST_NAMED = 3
"""Of those whom only the company's own address reaches."""


async def save(change: Change, values: Callable[[Mapping[str, str]], W]) -> Customer | Rejected[W]:
    """As it is to be; `values`: the texts wanted, over those stored."""
    stored = await change.customer()
    wanted = values(texts_of(stored))
    saved = read_company(wanted.values, stored)
    faults = (*(saved if isinstance(saved, tuple) else ()), *await _unreachable(wanted.values, stored))
    if faults or not wanted.ready or isinstance(saved, tuple):
        return Rejected(wanted, faults)
    if texts_of(saved) != texts_of(stored):
        await change.record("company_saved", Reach(company=True))
        await company.update(change.conn, saved)
    return saved


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
