"""Whom a note names may be gone by the time it is saved: it is stored all the same, without them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from pbx_bridge.storage.notes.references import StillThere
from rules.model import CallNote, Customer, VipCaller


@dataclass(frozen=True, slots=True)
class NoteStanding:
    """A note and its company as far as they are there; `customer` None: gone, or never known.

    `gone`: recipients who are left out. `foreign`: a recipient works for another company, which is a fault
    of whoever sent it.
    """

    note: CallNote
    customer: Customer | None
    gone: tuple[str, ...] = ()
    foreign: bool = False


def names_of(vips: Iterable[VipCaller], *notes: CallNote | None) -> frozenset[str]:
    """The employees who may be told of these notes, because they or a VIP caller's entry name them."""
    named = [vip.employee_id for vip in vips]
    for note in filter(None, notes):
        named += [*note.recipients, note.put_through_to, note.asked_for]
    return frozenset(one for one in named if one)


def standing(
    note: CallNote, customer: Customer | None, found: StillThere, named: Collection[str]
) -> NoteStanding:
    """What remains of a note when of all who are `named` only these are there."""
    if customer is None or not found.customer:
        return NoteStanding(_with(note, ()), None, note.recipients)
    here = {one for one, company in found.employers.items() if company == customer.id}
    return NoteStanding(
        note=_with(note, here),
        customer=_without(customer, [one for one in named if one not in here]),
        gone=tuple(one for one in note.recipients if one not in here),
        foreign=any(one in found.employers and one not in here for one in note.recipients),
    )


def may_be_gone(employee_id: str) -> bool:
    """Whether this can be the id of somebody who was deleted, and is not just a word."""
    try:
        return str(UUID(employee_id)) == employee_id
    except ValueError:
        return False


def _with(note: CallNote, here: Collection[str]) -> CallNote:
    return replace(
        note,
        recipients=tuple(one for one in note.recipients if one in here),
        put_through_to=note.put_through_to if note.put_through_to in here else None,
        asked_for=note.asked_for if note.asked_for in here else None,
    )


def _without(customer: Customer, gone: Collection[str]) -> Customer:
    """The memory may still know somebody whom the database does not."""
    if not any(customer.employee(one) for one in gone):
        return customer
    return replace(customer, employees=tuple(one for one in customer.employees if one.id not in gone))
