"""Which calls a statistic is about, and how that is said to the database."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, FromClause, Text, and_, case, cast, exists, or_

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls.outcome import MISSED, Outcome, has_come_about
from pbx_bridge.storage.db.words import spellings
from pbx_bridge.storage.tables.billing import UsageRowKind


class Result(StrEnum):
    """What became of a call, in the customer's words: nobody cares which of our parts lost a missed one."""

    PUT_THROUGH = "put_through"
    NOTED = "noted"
    CLOSED = "closed"
    MISSED = "missed"
    RECORDED = "recorded"
    """Nobody answered, and the caller has left a voice message."""
    CALL_BACK = "call_back"
    """Nobody answered, and the caller has asked, by a key, to be called back."""
    OPEN = "open"
    BLOCKED = "blocked"
    """Turned away because the company wanted it so: no call of ours, so no figure counts it but its own."""


UNANSWERED = frozenset({Result.MISSED, Result.RECORDED, Result.CALL_BACK})
"""Over before anybody answered."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Calls of one company that arrived from `start` until before `end` (aware). None and "" choose all.

    `employee_id`: a note was for them, or they were rung or asked for; `words`: all of them occur in the
    notes, or, when it is only a number, the caller's or a call-back number contains it; `heard`: an agent
    took it, or the caller left a voice message; `wanted`: not of a blocked caller.
    """

    customer_id: str
    start: datetime
    end: datetime
    employee_id: str = ""
    vip: bool | None = None
    result: Result | None = None
    words: str = ""
    heard: bool = False
    wanted: bool = False


def chosen(selection: Selection) -> list[ColumnElement[bool]]:
    """The conditions, for a query of calls."""
    call = t.call.c
    wanted: list[ColumnElement[bool]] = [
        call.customer_id == selection.customer_id,
        call.arrived_at >= selection.start,
        call.arrived_at < selection.end,
        has_come_about(),
    ]
    if selection.heard:
        wanted.append(or_(call.answered_at.is_not(None), has_spoken()))
    if selection.wanted:
        wanted.append(call.outcome != Outcome.BLOCKED.value)
    if selection.vip is not None:
        wanted.append(call.vip_id.is_not(None) if selection.vip else call.vip_id.is_(None))
    if selection.result is not None:
        wanted.append(result_of_call() == selection.result.value)
    if selection.employee_id:
        wanted.append(_concerns(selection.employee_id))
    return [*wanted, *_says(selection.words)]


def has_spoken() -> ColumnElement[bool]:
    """Whether the caller left a voice message. Its row goes with the note of it, which may be erased long
    before the call; what it cost stays."""
    call, used = t.call.c, t.usage.alias().c  # the query may have its own
    cost = exists().where(used.call_id == call.id, used.kind == UsageRowKind.VOICE_MESSAGE.value)
    return or_(exists().where(t.voice_message.c.call_id == call.id), cost)


def result_of_call() -> ColumnElement[str]:
    """A `Result` as text. What somebody answered was not missed, whatever an older program made of it."""
    call = t.call.c
    attempt = t.attempt.alias().c  # the query may have its own
    joined = exists().where(attempt.call_id == call.id, attempt.result == "joined")
    promised = exists().where(t.call_back.c.call_id == call.id)
    missed = call.outcome.in_([outcome.value for outcome in MISSED])
    unanswered = and_(missed, call.answered_at.is_(None))
    return case(
        (and_(unanswered, has_spoken()), Result.RECORDED.value),
        (and_(unanswered, promised), Result.CALL_BACK.value),
        (unanswered, Result.MISSED.value),
        (joined, Result.PUT_THROUGH.value),
        (missed, Result.OPEN.value),
        else_=call.outcome,
    )


def result_of(outcome: Outcome, *, answered: bool, joined: bool, spoken: bool, promised: bool) -> Result:
    """The same of a call that has been read; `joined`: an attempt ended so; `spoken`: there is a voice
    message; `promised`: a call back."""
    if outcome in MISSED and not answered:
        return Result.RECORDED if spoken else Result.CALL_BACK if promised else Result.MISSED
    if joined:
        return Result.PUT_THROUGH
    return Result.OPEN if outcome in MISSED else Result(outcome.value)


def counts(note: FromClause) -> ColumnElement[bool]:
    """Whether this version of a note is the one that counts: none replaces it."""
    newer = t.call_note.alias()
    return ~exists().where(newer.c.replaces_id == note.c.id)


def calls_with_notes() -> FromClause:
    """Each call once, with its newest note, in the version that counts."""
    note, later = t.call_note, t.call_note.alias("later")
    after = or_(
        later.c.created_at > note.c.created_at,
        and_(later.c.created_at == note.c.created_at, later.c.id > note.c.id),
    )
    overtaken = exists().where(later.c.call_id == note.c.call_id, after, counts(later))
    return t.call.outerjoin(note, and_(note.c.call_id == t.call.c.id, counts(note), ~overtaken))


def untold() -> ColumnElement[bool]:
    """Whether a call has a note, and no version of any was told to anybody."""
    note, version = t.call_note.alias(), t.call_note.alias()  # the query may have its own
    noted = exists().where(note.c.call_id == t.call.c.id)
    told = exists().where(version.c.call_id == t.call.c.id, t.notification.c.note_id == version.c.id)
    return and_(noted, ~told)


def _concerns(employee_id: str) -> ColumnElement[bool]:
    note, recipient = t.call_note.alias(), t.note_recipient.alias().c  # the query may have its own
    attempt = t.attempt.alias().c
    told = exists().where(
        note.c.call_id == t.call.c.id,
        counts(note),
        recipient.note_id == note.c.id,
        recipient.employee_id == employee_id,
    )
    them = or_(attempt.employee_id == employee_id, attempt.asked_id == employee_id)
    rung = exists().where(attempt.call_id == t.call.c.id, them)
    return or_(told, rung)


def _says(words: str) -> list[ColumnElement[bool]]:
    """In any of the call's notes, and each word in any text."""
    note, digits = t.call_note.alias(), _digits(words)
    of_call = and_(note.c.call_id == t.call.c.id, counts(note))
    if digits:
        back = exists().where(of_call, note.c.callback_number.contains(digits))
        return [or_(t.call.c.caller_number.contains(digits), back)]
    return [or_(exists().where(of_call, _written(note, word)), _signalled(word)) for word in words.split()]


def _digits(words: str) -> str:
    """What "0171 39200-42" and "+49 171 …" have in common with E.164; "" when it is no number."""
    if not re.fullmatch(r"[\d\s()/+.-]*\d[\d\s()/+.-]*", words):
        return ""
    return re.sub(r"\D", "", words).lstrip("0")


def _written(note: FromClause, word: str) -> ColumnElement[bool]:
    """In any text of this note, in any case."""
    texts = (note.c.caller_name, note.c.caller_company, note.c.concern, note.c.message_to_caller)
    plain = [text.icontains(spelt, autoescape=True) for text in texts for spelt in spellings(word)]
    fields = cast(note.c.fields, Text)
    escaped = (json.dumps(spelt)[1:-1] for spelt in spellings(word))
    return or_(*plain, *(fields.icontains(spelt, autoescape=True) for spelt in escaped))


def _signalled(word: str) -> ColumnElement[bool]:
    return or_(*(t.call.c.caller_name.icontains(spelt, autoescape=True) for spelt in spellings(word)))
