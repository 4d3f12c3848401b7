"""Which calls a statistic is about, and how that is said to the database."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, FromClause, Text, and_, case, cast, exists, or_

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls import Outcome


class Result(StrEnum):
    """What became of a call, in the customer's words: nobody cares which of our parts lost a missed one."""

    PUT_THROUGH = "put_through"
    NOTED = "noted"
    CLOSED = "closed"
    MISSED = "missed"
    OPEN = "open"
    BLOCKED = "blocked"
    """Turned away because the company wanted it so: no call of ours, so no figure counts it but its own."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Calls of one company that arrived from `start` until before `end` (aware). None and "" choose all.

    `employee_id`: the note was for them or they were rung; `words`: all of them occur in the note, or, when
    it is only a number, the caller's or the call-back number contains it; `answered`: an agent took it;
    `wanted`: not of a blocked caller.
    """

    customer_id: str
    start: datetime
    end: datetime
    employee_id: str = ""
    vip: bool | None = None
    result: Result | None = None
    words: str = ""
    answered: bool = False
    wanted: bool = False


def chosen(selection: Selection) -> list[ColumnElement[bool]]:
    """The conditions, for a query from `calls_with_notes()`."""
    call = t.call.c
    wanted: list[ColumnElement[bool]] = [
        call.customer_id == selection.customer_id,
        call.arrived_at >= selection.start,
        call.arrived_at < selection.end,
    ]
    if selection.answered:
        wanted.append(call.answered_at.is_not(None))
    if selection.wanted:
        wanted.append(call.outcome != Outcome.BLOCKED.value)
    if selection.vip is not None:
        wanted.append(call.vip_id.is_not(None) if selection.vip else call.vip_id.is_(None))
    if selection.result is not None:
        wanted.append(result_of_call() == selection.result.value)
    if selection.employee_id:
        wanted.append(_concerns(selection.employee_id))
    return [*wanted, *_says(selection.words)]


def result_of_call() -> ColumnElement[str]:
    """A `Result` as text."""
    call = t.call.c
    attempt = t.attempt.alias().c  # the query may have its own
    joined = exists().where(attempt.call_id == call.id, attempt.result == "joined")
    return case(
        (call.outcome.in_(["abandoned", "lost"]), Result.MISSED.value),
        (joined, Result.PUT_THROUGH.value),
        else_=call.outcome,
    )


def calls_with_notes() -> FromClause:
    """Each call with the version of its note that counts: the one that none replaces."""
    note, newer = t.call_note, t.call_note.alias("newer")
    replaced = exists().where(newer.c.replaces_id == note.c.id)
    return t.call.outerjoin(note, and_(note.c.call_id == t.call.c.id, ~replaced))


def _concerns(employee_id: str) -> ColumnElement[bool]:
    recipient, attempt = t.note_recipient.alias().c, t.attempt.alias().c  # the query may have its own
    told = exists().where(recipient.note_id == t.call_note.c.id, recipient.employee_id == employee_id)
    rung = exists().where(attempt.call_id == t.call.c.id, attempt.employee_id == employee_id)
    return or_(told, rung)


def _says(words: str) -> list[ColumnElement[bool]]:
    digits = _digits(words)
    if digits:
        numbers = (t.call.c.caller_number, t.call_note.c.callback_number)
        return [or_(*(column.contains(digits) for column in numbers))]
    return [_occurs(word) for word in words.split()]


def _digits(words: str) -> str:
    """What "0171 39200-42" and "+49 171 …" have in common with E.164; "" when it is no number."""
    if not re.fullmatch(r"[\d\s()/+.-]*\d[\d\s()/+.-]*", words):
        return ""
    return re.sub(r"\D", "", words).lstrip("0")


def _occurs(word: str) -> ColumnElement[bool]:
    """In any text of the note, in any case: SQLite's `lower` knows ASCII only, so the word comes in three."""
    note = t.call_note.c
    texts = (
        note.caller_name,
        note.caller_company,
        note.concern,
        note.message_to_caller,
        t.call.c.caller_name,
    )
    spellings = dict.fromkeys((word, word.lower(), word.upper(), word.capitalize()))
    plain = [text.icontains(spelt, autoescape=True) for text in texts for spelt in spellings]
    fields = cast(note.fields, Text)
    return or_(*plain, *(fields.icontains(json.dumps(spelt)[1:-1], autoescape=True) for spelt in spellings))
