"""A call that nobody makes: what the agent would see and who would be rung, each with its reason.

Nothing is decided here: every answer comes from the very rule that a live call asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from datetime import datetime
from enum import StrEnum

from rules.calls.blocking import is_turned_away
from rules.calls.greeting import instruction, spoken_greeting
from rules.calls.identify import Called, identify_caller, identify_customer
from rules.calls.transfer import Plan, RingRules, may_put_through, plan
from rules.calls.vip import VipTable
from rules.decision import Refused
from rules.model import Agent, Caller, Customer, Employee, Line
from rules.presence.availability import Availability, Presence, availability
from rules.text.dialling import DialRules
from rules.text.names import sort_key
from rules.text.phone_numbers import is_block, to_e164
from rules.text.salutation import spoken


@dataclass(frozen=True, slots=True)
class RehearsalQuestion:
    """Who calls where and when. `diversion`: the SIP header of a forwarded call; `moment`: aware."""

    dialled: str
    moment: datetime
    agent: Agent
    caller: str = ""
    caller_name: str = ""
    withheld: bool = False
    diversion: str = ""


class RehearsalReason(StrEnum):
    """The reasons that no rule has a code for. Params: see `Reason`."""

    INSTRUCTION_OWN = "instruction_own"
    INSTRUCTION_STANDARD = "instruction_standard"
    INSTRUCTION_NONE = "instruction_none"
    CALLER_WITHHELD = "caller_withheld"
    CALLER_UNREADABLE = "caller_unreadable"
    CALLER_UNKNOWN = "caller_unknown"
    CALLER_VIP_COMPANY = "caller_vip_company"
    CALLER_VIP_EMPLOYEE = "caller_vip_employee"
    CALLER_VIP_BLOCK = "caller_vip_block"
    PRESENT = "present"
    INFO = "info"
    HOURS = "hours"
    APPOINTMENT = "appointment"
    APPOINTMENT_OVER_INFO = "appointment_over_info"
    APPOINTMENT_OVER_APPOINTMENT = "appointment_over_appointment"


@dataclass(frozen=True, slots=True)
class Reason:
    """`params`: `name` of whose VIP it is, `pattern` of a block, `hidden`: the text that is replaced."""

    code: RehearsalReason
    params: Mapping[str, str] = attribute(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """A line of the agent's list. `refusal`: why this employee takes no calls now; None: they do."""

    employee: Employee
    present: Availability
    because: Reason
    refusal: Refused | None
    plan: Plan


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The agent's screen, as far as the company decides it; employees in the order of the screen.

    `turned_away`: nobody would see it, because the company has blocked this caller.
    """

    called: Called
    caller: Caller
    caller_because: Reason
    greeting: str
    instruction: str
    instruction_because: Reason
    employees: tuple[Seen, ...]
    turned_away: bool = False

    def seen(self, employee_id: str) -> Seen | None:
        """The line of this employee."""
        return next((seen for seen in self.employees if seen.employee.id == employee_id), None)


def rehearse(
    customer: Customer,
    lines: Iterable[Line],
    question: RehearsalQuestion,
    dial_rules: DialRules,
    ring: RingRules,
    people: Iterable[Employee] | None = None,
) -> Rehearsal:
    """What a live call at that moment would be, for calls that this customer may know of.

    `people`: whom to show, in their order; None: all of a small company. `lines`: of the house, as far as
    they concern it. On a line that does not lead to this customer `called.customer_id` is
    another one's, or None, and the rest says what would be if it did.
    """
    by_number = {line.number: line for line in lines}
    own = {to_e164(number, customer.region) or number: customer.id for number in customer.public_numbers}
    called = identify_customer(question.dialled, question.diversion, "", by_number.get, own.get)
    region = called.line.region if called.line else customer.region
    find = VipTable(customer.vip_callers).find
    caller = identify_caller(question.caller, question.caller_name, question.withheld, region, find)
    if people is None:
        people = sorted(customer.employees, key=lambda person: sort_key(person.name))
    facts = (customer, caller, question.moment, dial_rules)
    return Rehearsal(
        called=called,
        caller=caller,
        caller_because=_caller_because(customer, caller),
        greeting=spoken_greeting(customer.greeting, question.agent),
        instruction=instruction(customer),
        instruction_because=_instruction_because(customer),
        employees=tuple(_seen(*facts, person, ring) for person in people),
        turned_away=is_turned_away(caller.number, customer, find, by_number),
    )


def _seen(
    customer: Customer,
    caller: Caller,
    moment: datetime,
    dial_rules: DialRules,
    person: Employee,
    ring: RingRules,
) -> Seen:
    decision = may_put_through(customer, person, caller, moment, dial_rules)
    planned = plan(customer, person, caller, moment, dial_rules, ring)
    present = availability(person, customer.zone, moment)
    return Seen(
        employee=person,
        present=present,
        because=_present_because(customer, person, present, moment),
        refusal=None if decision else decision,
        plan=planned,
    )


def _present_because(customer: Customer, person: Employee, present: Availability, moment: datetime) -> Reason:
    """An appointment hides what would hold without it: the absence info, or a longer appointment."""
    if present.kind is not Presence.AWAY:
        return Reason(RehearsalReason.INFO if present.kind is Presence.INFO else RehearsalReason.PRESENT)
    if present.by_hours:
        return Reason(RehearsalReason.HOURS)
    others = tuple(a for a in person.appointments if a.id != present.source_id)
    hidden = availability(replace(person, appointments=others, hours=None), customer.zone, moment)
    code = {
        Presence.PRESENT: RehearsalReason.APPOINTMENT,
        Presence.INFO: RehearsalReason.APPOINTMENT_OVER_INFO,
        Presence.AWAY: RehearsalReason.APPOINTMENT_OVER_APPOINTMENT,
    }[hidden.kind]
    return Reason(code, {"hidden": hidden.text})


def _caller_because(customer: Customer, caller: Caller) -> Reason:
    if caller.withheld:
        return Reason(RehearsalReason.CALLER_WITHHELD)
    vip = caller.vip
    if vip is None:
        return Reason(RehearsalReason.CALLER_UNKNOWN if caller.number else RehearsalReason.CALLER_UNREADABLE)
    owner = customer.employee(vip.employee_id)
    params = {"name": spoken(owner.name) if owner else customer.name, "pattern": vip.pattern}
    if is_block(vip.pattern):
        return Reason(RehearsalReason.CALLER_VIP_BLOCK, params)
    return Reason(
        RehearsalReason.CALLER_VIP_EMPLOYEE if owner else RehearsalReason.CALLER_VIP_COMPANY, params
    )


def _instruction_because(customer: Customer) -> Reason:
    if customer.instruction.strip():
        return Reason(RehearsalReason.INSTRUCTION_OWN)
    return Reason(
        RehearsalReason.INSTRUCTION_STANDARD if instruction(customer) else RehearsalReason.INSTRUCTION_NONE
    )
