"""May this call be put through, and who is rung in which order: employee, deputy, deputy's deputy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.decision import Allowed, Refused
from rules.model import Caller, Customer, Employee, PutThrough
from rules.presence.availability import availability
from rules.text.dialling import DialRules, may_dial, to_dial

LONGEST_CHAIN = 20
"""People who are looked at for one put-through: no caller waits for more, and a pop asks for everybody's."""


@dataclass(frozen=True, slots=True)
class RingRules:
    """How a put-through rings. `seconds`: for employees without a time of their own; `most`: people tried in
    one put-through. Whoever shows, rehearses or rings a plan has this one value."""

    seconds: int = 20
    most: int = 3


class TransferRefusal(StrEnum):
    """Why an employee is not rung. The first three end the put-through, the others hand on to the deputy."""

    TARIFF = "tariff"
    WISH = "wish"
    VIP_ONLY = "vip_only"
    NO_EXTENSION = "no_extension"
    NUMBER_NOT_ALLOWED = "number_not_allowed"
    AWAY = "away"
    SAME_NUMBER = "same_number"
    UNKNOWN_EMPLOYEE = "unknown_employee"


_WISHES = (TransferRefusal.TARIFF, TransferRefusal.WISH, TransferRefusal.VIP_ONLY)


@dataclass(frozen=True, slots=True)
class RingStep:
    """Ring this employee on `number` (E.164, or an internal extension's digits) for so many seconds."""

    employee_id: str
    number: str
    ring_seconds: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """An employee of the chain who is not rung, and why (a `TransferRefusal`)."""

    employee_id: str
    reason: Refused


@dataclass(frozen=True, slots=True)
class Plan:
    """Whom to ring, in order. Without steps `refusal` says why nobody can be, and a note is taken instead."""

    steps: tuple[RingStep, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    refusal: Refused | None = None


def may_put_through(
    customer: Customer, employee: Employee, caller: Caller, now: datetime, dial_rules: DialRules
) -> Allowed | Refused:
    """Can this caller be put through to this employee at `now` (aware), yes or no and why.

    `Refused.code` is a `TransferRefusal`; its params: `until` (ISO 8601, UTC) when away, `reason` (a
    `DialRefusal`) when the number is not allowed.
    """
    if not customer.tariff.put_through:
        return Refused(TransferRefusal.TARIFF)
    if employee.put_through is PutThrough.NONE:
        return Refused(TransferRefusal.WISH)
    if employee.put_through is PutThrough.VIP and not caller.is_vip_of(employee.id):
        return Refused(TransferRefusal.VIP_ONLY)
    if not employee.extension.strip():
        return Refused(TransferRefusal.NO_EXTENSION)
    dialled = may_dial(employee.extension, dial_rules)
    if not dialled:
        return Refused(TransferRefusal.NUMBER_NOT_ALLOWED, {"reason": dialled.code})
    return _may_reach(employee, customer.zone, now)


def _may_reach(employee: Employee, zone: str, now: datetime) -> Allowed | Refused:
    present = availability(employee, zone, now)
    if present.reachable:
        return Allowed()
    return Refused(TransferRefusal.AWAY, {"until": present.until.isoformat()} if present.until else {})


def plan(
    customer: Customer,
    employee: Employee,
    caller: Caller,
    now: datetime,
    dial_rules: DialRules,
    ring: RingRules = RingRules(),
) -> Plan:
    """Whom to ring: the employee, then deputies by the same rules; nobody and no telephone twice.

    What tariff or the employee's wish forbid is refused at once; whoever cannot be reached is left out, and
    the deputy takes the place.
    """
    first = may_put_through(customer, employee, caller, now, dial_rules)
    if not first and first.code in _WISHES:
        return Plan(refusal=first)
    steps: dict[str, RingStep] = {}
    skipped: list[Skipped] = []
    for person in chain(customer, employee):
        number = to_dial(person.extension, dial_rules)
        decision = may_put_through(customer, person, caller, now, dial_rules)
        if decision and number in steps:
            decision = Refused(TransferRefusal.SAME_NUMBER)
        if decision:
            steps[number] = RingStep(person.id, number, person.ring_seconds or ring.seconds)
            if len(steps) >= ring.most:  # a pop asks for fifty chains of twenty people in one step
                break
        else:
            skipped.append(Skipped(person.id, decision))
    return Plan(tuple(steps.values()), tuple(skipped), None if steps else skipped[0].reason)


def chain(customer: Customer, employee: Employee) -> Iterator[Employee]:
    """The employee, the deputy, the deputy's deputy and so on, up to `LONGEST_CHAIN`; a circle ends before it
    begins again."""
    asked: set[str] = set()
    person: Employee | None = employee
    while person and person.id not in asked and len(asked) < LONGEST_CHAIN:
        yield person
        asked.add(person.id)
        person = customer.employee(person.deputy_id)


def describe_unavailable(
    customer: Customer, employee: Employee, caller: Caller, now: datetime, dial_rules: DialRules
) -> Refused | None:
    """Why this employee takes no calls now, for the desk's list; None when they do."""
    decision = may_put_through(customer, employee, caller, now, dial_rules)
    return None if decision else decision
