"""Put through to a number that the company's own texts name, or that is typed: which, and why not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from rules.calls.transfer import Plan, RingStep, TransferRefusal
from rules.decision import Refused
from rules.model import Caller, Customer
from rules.stepwise import Steps
from rules.text.dialling import DialRefusal, DialRules, may_dial, to_dial
from rules.text.phone_numbers import to_e164

MOST = 9
"""As many as there are keys for them."""
LONGEST_TEXT = 4_000
"""Letters of a text that are looked at."""
MOST_TEXTS = 50
MOST_LOOKED_AT = 60
"""Numbers of all texts together, good ones and others: no pop waits for more."""
_RUN, _TAIL = 200, 6
LONGEST_LABEL = 40
LONGEST_NUMBER = 40
_NUMBER = re.compile(r"(?<![\w+/.,-])(?<![0-9] )\(?(?:\+|0)[0-9](?:[ \u00a0/()–-]{0,2}[0-9]){4,16}(?![0-9])")
_SENTENCE = re.compile(r"[.!?;]\s|\n")
_EDGE = " \t:,;–-(="


class OutsideRefusal(StrEnum):
    """Why a number is not rung."""

    TARIFF = TransferRefusal.TARIFF.value
    CONFIDENTIAL = "confidential"
    UNREADABLE = "outside_unreadable"
    NOT_ALLOWED = "outside_not_allowed"
    OWN_LINE = "own_line"
    OF_THE_CALLER = "of_the_caller"
    OF_AN_EMPLOYEE = "of_an_employee"


@dataclass(frozen=True, slots=True)
class NamedNumber:
    """A number as a text of the company names it. `number`: E.164; `label`: the words before it."""

    number: str
    label: str


def plan_outside(
    customer: Customer,
    typed: str,
    caller: Caller,
    dial_rules: DialRules,
    is_ours: Callable[[str], bool],
    ring_seconds: int,
) -> Steps[Plan]:
    """One step without an employee, or why not. `is_ours`: whether an E.164 number leads back to us.

    What employees wish is not got round by their number: whoever works there is rung by name.
    """
    refusal = _never(customer)
    if refusal is None:
        refusal = _not_this(typed, caller, dial_rules, is_ours)
    number = to_dial(typed, dial_rules) if refusal is None else ""
    if number and number in (yield from _of_employees(customer, {number}, dial_rules)):
        refusal = Refused(OutsideRefusal.OF_AN_EMPLOYEE)
    return Plan((RingStep("", number, ring_seconds),)) if refusal is None else Plan(refusal=refusal)


def _never(customer: Customer) -> Refused | None:
    if not customer.tariff.put_through:
        return Refused(OutsideRefusal.TARIFF)
    return Refused(OutsideRefusal.CONFIDENTIAL) if customer.confidential else None


def _not_this(
    typed: str, caller: Caller, dial_rules: DialRules, is_ours: Callable[[str], bool]
) -> Refused | None:
    if len(typed) > LONGEST_NUMBER:
        return Refused(OutsideRefusal.UNREADABLE)
    allowed = may_dial(typed, dial_rules)
    if not allowed:
        unreadable = allowed.code == DialRefusal.UNREADABLE
        reason = OutsideRefusal.UNREADABLE if unreadable else OutsideRefusal.NOT_ALLOWED
        return Refused(reason, {} if unreadable else {"reason": allowed.code})
    number = to_dial(typed, dial_rules)
    if is_ours(number):
        return Refused(OutsideRefusal.OWN_LINE)
    return Refused(OutsideRefusal.OF_THE_CALLER) if number == caller.number else None


def _of_employees(customer: Customer, numbers: set[str], dial_rules: DialRules) -> Steps[set[str]]:
    """Those of `numbers` at which somebody who works there is reached, however many that are."""
    ends, found = {_end(number) for number in numbers}, set[str]()
    for place, one in enumerate(customer.employees):
        if place % _RUN == 0:
            yield
        for telephone in (one.extension, one.mobile):
            if telephone and _end(telephone) in ends:
                found |= numbers & {to_dial(telephone, dial_rules), to_e164(telephone, dial_rules.region)}
    return found


def _end(number: str) -> str:
    """The same for all ways to write a number."""
    return "".join(filter(str.isdecimal, number))[-_TAIL:]


def named_numbers(
    customer: Customer, dial_rules: DialRules, is_ours: Callable[[str], bool]
) -> Steps[tuple[NamedNumber, ...]]:
    """Numbers that instruction and answers name and that may be rung, in their order, each once; nothing
    where none may be rung at all."""
    found: dict[str, NamedNumber] = {}
    looked = 0
    for text in _texts(customer) if _never(customer) is None else ():
        yield
        for written, label in numbers_in(text):
            looked += 1
            if looked > MOST_LOOKED_AT or len(found) == MOST:
                break
            yield  # a number that nobody has looked at yet takes a third of a millisecond
            if _not_this(written, Caller(), dial_rules, is_ours) is None:
                number = to_dial(written, dial_rules)
                found.setdefault(number, NamedNumber(number, label))
    theirs = (yield from _of_employees(customer, set(found), dial_rules)) if found else set()
    return tuple(named for number, named in found.items() if number not in theirs)


def _texts(customer: Customer) -> Iterable[str]:
    yield customer.instruction
    for entry in customer.faq[:MOST_TEXTS]:
        yield f"{entry.question}\n{entry.answer}"


def numbers_in(text: str) -> list[tuple[str, str]]:
    """What looks like a telephone number, as written, with the words before it in its sentence."""
    text, found, end = text[:LONGEST_TEXT], [], 0
    for match in _NUMBER.finditer(text):
        before = _SENTENCE.split(text[end : match.start()])[-1].strip(_EDGE)
        found.append((match.group(), _short(before)))
        end = match.end()
    return found


def _short(label: str) -> str:
    """The last words that fit."""
    if len(label) <= LONGEST_LABEL:
        return label
    return label[-LONGEST_LABEL:].partition(" ")[2]
