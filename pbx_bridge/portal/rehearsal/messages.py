"""Who would be told about a rehearsed call, in which words: by the rules and templates of the live call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pbx_bridge.outbox.composing.catalogue import words_of
from pbx_bridge.outbox.composing.compose import MessageFacts, Text, compose
from pbx_bridge.outbox.composing.sentences import named
from rules.calls.rehearsal import Seen
from rules.model import Caller, CallNote, Customer, Employee
from rules.outbox.notification import Notification, who_is_told
from rules.vocabulary import FIRST_LANGUAGE


@dataclass(frozen=True, slots=True)
class RehearsedMessage:
    """`names`: for whom it is; empty: nobody in particular, at the company's own address."""

    wanted: Notification
    names: str
    text: Text


@dataclass(frozen=True, slots=True)
class Example:
    """What the agent might write down, and who might write it."""

    name: str
    concern: str
    agent: str


def messages(
    customer: Customer,
    caller: Caller,
    note: CallNote,
    agent: str,
    at: datetime,
    tried: tuple[tuple[str, str], ...] = (),
) -> tuple[RehearsedMessage, ...]:
    """All that this note sets in motion. `at`: aware; `tried`: (employee's name, result) in order."""
    told, words = MessageFacts(note, customer, agent, at, tried, caller.vip), words_of(FIRST_LANGUAGE)
    return tuple(
        RehearsedMessage(one, named(_people(customer, one), words), compose(one, told, words))
        for one in who_is_told(customer, note, caller.vips)
    )


def _people(customer: Customer, one: Notification) -> tuple[Employee, ...]:
    return tuple(filter(None, map(customer.employee, one.people)))


def if_nobody_answers(
    customer: Customer, caller: Caller, seen: Seen | None, example: Example, at: datetime
) -> tuple[RehearsedMessage, ...]:
    """All of the plan were rung in vain, or nobody could be: the whole note goes to whom it was meant for."""
    steps = seen.plan.steps if seen else ()
    people = [customer.employee(step.employee_id) for step in steps]
    tried = tuple((person.name, "no_answer") for person in people if person)
    asked = seen.employee.id if seen and people else None
    note = _note(caller, example, recipients=(seen.employee.id,) if seen else (), asked_for=asked)
    return messages(customer, caller, note, example.agent, at, tried)


def if_answered(
    customer: Customer, caller: Caller, seen: Seen | None, example: Example, at: datetime
) -> tuple[RehearsedMessage, ...]:
    """The first one who is rung takes the call; nothing where nobody is rung."""
    if seen is None or not seen.plan.steps:
        return ()
    taker = customer.employee(seen.plan.steps[0].employee_id)
    assert taker is not None
    tried = ((taker.name, "joined"),)
    asked = seen.employee.id
    note = _note(caller, example, recipients=(asked,), put_through_to=taker.id, asked_for=asked)
    return messages(customer, caller, note, example.agent, at, tried)


def _note(
    caller: Caller,
    example: Example,
    *,
    recipients: tuple[str, ...] = (),
    put_through_to: str | None = None,
    asked_for: str | None = None,
) -> CallNote:
    return CallNote(
        id="",
        caller_name=caller.vip.name if caller.vip else example.name,
        concern=example.concern,
        callback_number=caller.number,
        recipients=recipients,
        put_through_to=put_through_to,
        vip_id=caller.vip.id if caller.vip else None,
        asked_for=asked_for,
    )
