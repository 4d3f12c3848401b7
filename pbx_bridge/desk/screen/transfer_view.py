"""A put-through in the words of the desk, with the sentence to say to the employee."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pbx_bridge.desk import protocol as p
from pbx_bridge.desk.screen.pop import Translate
from pbx_bridge.transfers.machine import MAY
from pbx_bridge.transfers.state import PutThroughState
from rules.model import Agent, Customer, Employee
from rules.text.names import split_name
from rules.text.phone_numbers import national


@dataclass(frozen=True, slots=True)
class TransferView:
    """`view`: while it runs.

    `tried`: all who were rung. `joined`: one of them took the call, and did not give it back; `joined_with`:
    their id, if they are known and there; `joined_number`: as people write it, of who took the call and is no
    employee. `asked_for`: whom the caller wanted.
    """

    view: p.PutThroughView | None = None
    tried: tuple[p.TriedView, ...] = ()
    joined_with: str | None = None
    asked_for: str | None = None
    joined: bool = False
    joined_number: str = ""


NOT_PUT_THROUGH = TransferView()


def transfer_view(
    state: PutThroughState,
    customer: Customer | None,
    caller: p.CallerView,
    typed: p.NoteBody | None,
    agent: Agent,
    translate: Translate,
    joined: str,
    asked: Agent | None = None,
) -> TransferView:
    """The live put-through `state` for this agent.

    `caller`: as the pop shows them; `typed`: the draft, which knows the caller better than the number.
    `joined`: the attempt that the caller is, or was in the end, put through to; "" when they are not.
    `asked`: the colleague who is rung.
    """
    tried = tuple(
        p.TriedView(attempt.employee, whom(customer, attempt.employee, attempt.number), str(attempt.result))
        for attempt in state.tried
    )
    taker = state.attempt(joined)
    taken = TransferView(
        None,
        tried,
        taker.employee or None if taker else None,
        state.asked_for,
        bool(joined),
        shown_number(customer, taker.number) if taker else "",
    )
    if state.shown is None:
        return taken
    current = state.current
    return replace(
        taken,
        view=p.PutThroughView(
            step=state.shown,
            mode=state.mode,
            since=state.since,
            hold_since=state.hold_since,
            current=current.employee or None if current else None,
            current_name=_current_name(state, customer, asked),
            as_deputy=current.as_deputy if current else False,
            tried=list(tried),
            next=list(state.next),
            say=say(caller, typed, _stands_for(state, customer), agent.locale, translate),
            may=may(MAY[state.step]),
            colleague=state.asked_colleague is not None,
            given=state.asked_colleague.given if state.asked_colleague else False,
        ),
    )


def _current_name(state: PutThroughState, customer: Customer | None, asked: Agent | None) -> str:
    if state.asked_colleague:
        return asked.name if asked else ""
    current = state.current
    return whom(customer, current.employee, current.number) if current else ""


def may(words: Iterable[str]) -> list[str]:
    """As command tags: ringing while talking is the same command in another mode."""
    return list(dict.fromkeys("ring" if word == "ring_talk" else word for word in words))


def say(
    caller: p.CallerView,
    typed: p.NoteBody | None,
    stands_for: Employee | None,
    locale: str,
    translate: Translate,
) -> str:
    """What the agent says to the employee who picks up: who is on the line, for whom a deputy stands in."""
    name = (typed.name if typed else "").strip() or caller.name
    company = (typed.company if typed else "").strip() or caller.company
    facts: Mapping[str, str] = {"name": name, "company": company, "number": caller.shown}
    form = (
        "name_company" if name and company else next((key for key, fact in facts.items() if fact), "unknown")
    )
    sentence = translate(locale, f"say.{form}", **facts)
    if stands_for is None:
        return sentence
    return translate(locale, "say.deputy", sentence=sentence, name=split_name(stands_for.name).spoken)


def _stands_for(state: PutThroughState, customer: Customer | None) -> Employee | None:
    current = state.current
    return customer.employee(state.asked) if customer and current and current.as_deputy else None


def whom(customer: Customer | None, employee_id: str | None, number: str) -> str:
    """Who is, or was, rung: the employee's name, or the number of somebody outside."""
    employee = customer.employee(employee_id) if customer else None
    return split_name(employee.name).spoken if employee else shown_number(customer, number)


def shown_number(customer: Customer | None, number: str) -> str:
    """As people write it where the company is."""
    return national(number, customer.region if customer else "DE") if number else ""
