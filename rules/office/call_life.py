"""The life of one call, put in order: what happened from the trunk to the last mail, when, and why.

Whoever reads it answers a complaint, so each line says its reason in a word that catalogues have a sentence
for, and nothing is guessed: what nobody wrote down has no line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from rules.office.call_facts import AttemptFact, LifeFacts, MessageFact, NoteFact, SendFact
from rules.vocabulary import AttemptResult, CallBackEnd, CallOutcome, MessageState


class LifeKind(StrEnum):
    """What a line tells; in this order where two happened in the same moment."""

    ARRIVED = "arrived"
    CALLS_BACK = "calls_back"
    BLOCKED = "blocked"
    RANG = "rang"
    ANSWERED = "answered"
    TURNED = "turned"
    TRIED = "tried"
    PICKED_UP = "picked_up"
    TRY_OVER = "try_over"
    WISHED = "wished"
    ENDED = "ended"
    RUNG_BACK = "rung_back"
    WISH_OVER = "wish_over"
    NOTED = "noted"
    CORRECTED = "corrected"
    QUEUED = "queued"
    AGAIN = "again"
    SENDING = "sending"
    SETTLED = "settled"
    REPORTED = "reported"
    NEXT_TRY = "next_try"


class TriedBecause(StrEnum):
    """Why this person was rung. `LEFT_OUT`: whom the caller wanted could not be (`because`: a
    `TransferRefusal`); `AFTER`: the one before was not reached (`because`: an `AttemptResult`); `DEPUTY`: as
    somebody's deputy, why is not known."""

    WANTED = "wanted"
    OUTSIDE = "outside"
    LEFT_OUT = "left_out"
    AFTER = "after"
    DEPUTY = "deputy"


WAITING = "waiting"
"""What the time of a call goes on that fell back into the queue."""
INTERNAL = frozenset({LifeKind.RANG})
"""What is the house's own affair: whose phones rang, and who did not pick up."""


@dataclass(frozen=True, slots=True)
class LifeLine:
    """One event. `seconds`: since the call arrived, whole ones; `lasted`: of what is over with this line, or
    lasted until the next turn; `why`, `because`: words for which the catalogues have sentences, "" where
    there is nothing to explain; `employee`, `agent`: ids; `said`: a server's own words."""

    at: datetime
    kind: LifeKind
    seconds: int
    why: str = ""
    because: str = ""
    employee: str = ""
    agent: str = ""
    number: str = ""
    lasted: int | None = None
    said: str = ""
    note: NoteFact | None = None
    message: MessageFact | None = None
    by_hand: bool = False


def life(facts: LifeFacts) -> tuple[LifeLine, ...]:
    """Every event in the order in which it happened; what happened in the same moment, as it follows from one
    another."""
    found = (*_call(facts), *_attempts(facts), *_notes(facts), *_messages(facts), *_wishes(facts))
    lines = [replace(one, seconds=_between(facts.arrived_at, one.at)) for one in found]
    return tuple(sorted(lines, key=lambda line: (line.at, _RANKS[line.kind])))


def for_company(lines: Iterable[LifeLine]) -> tuple[LifeLine, ...]:
    """What the company may see: without the agents, and without a reason that the house gave itself."""
    return tuple(
        replace(line, agent="", said="" if line.by_hand else line.said)
        for line in lines
        if line.kind not in INTERNAL
    )


def masked(address: str) -> str:
    """As much of an e-mail address or number as tells it from others: "e…@example.org", "+4917…042"."""
    name, at, domain = address.partition("@")
    if at:
        return f"{name[:1]}…@{domain}"
    return f"{address[:5]}…{address[-3:]}" if len(address) > 9 else address and "…"


def _call(facts: LifeFacts) -> Iterator[LifeLine]:
    yield _line(
        facts.arrived_at,
        LifeKind.CALLS_BACK if facts.rings_back else LifeKind.ARRIVED,
        why=facts.called_by.value if facts.called_by else "",
        number=facts.forwarded_from,
    )
    for offer in facts.offers:
        rang = _between(offer.since, offer.until)
        yield _line(offer.since, LifeKind.RANG, why=offer.reason.value, agent=offer.agent, lasted=rang)
    if facts.answered_at:
        waited = _between(facts.arrived_at, facts.answered_at)
        why = "recalled" if facts.recalled else ""
        yield _line(facts.answered_at, LifeKind.ANSWERED, why=why, agent=facts.agent, lasted=waited)
    yield from _turns(facts)
    if facts.outcome is CallOutcome.BLOCKED:
        yield _line(facts.arrived_at, LifeKind.BLOCKED)
    elif facts.ended_at:
        why = facts.ended_how.value if facts.ended_how else ""
        lasted = _between(facts.answered_at, facts.ended_at) if facts.answered_at else None
        yield _line(facts.ended_at, LifeKind.ENDED, why=why, lasted=lasted)


def _turns(facts: LifeFacts) -> Iterator[LifeLine]:
    """Hold, consultation, put-through and back; each lasts until the next one, or the end."""
    ends = [*(turn.since for turn in facts.turns[1:]), facts.ended_at]
    for turn, end in zip(facts.turns, ends, strict=False):
        lasted = _between(turn.since, end) if end and end >= turn.since else None
        yield _line(turn.since, LifeKind.TURNED, why=turn.on.value if turn.on else WAITING, lasted=lasted)


def _attempts(facts: LifeFacts) -> Iterator[LifeLine]:
    before: AttemptFact | None = None
    for one in facts.attempts:
        why, because = _tried_because(one, before)
        whom = {"employee": one.employee, "number": one.number}
        yield _line(one.started_at, LifeKind.TRIED, why=why.value, because=because, **whom)
        if one.answered_at:
            rung = _between(one.started_at, one.answered_at)
            yield _line(one.answered_at, LifeKind.PICKED_UP, lasted=rung, **whom)
        if one.result:
            lasted = _between(one.started_at, one.ended_at) if one.ended_at else None
            end = one.ended_at or one.answered_at or one.started_at
            yield _line(end, LifeKind.TRY_OVER, why=one.result.value, lasted=lasted, **whom)
        before = one


def _tried_because(one: AttemptFact, before: AttemptFact | None) -> tuple[TriedBecause, str]:
    if not one.as_deputy:
        return (TriedBecause.OUTSIDE if one.number else TriedBecause.WANTED), ""
    same_plan = before is not None and before.asked == one.asked and before.result is not None
    if before is not None and same_plan and before.result not in _TO_NOBODY_ELSE:
        return TriedBecause.AFTER, str(before.result)
    if one.left_out is not None:
        return TriedBecause.LEFT_OUT, one.left_out.value
    return TriedBecause.DEPUTY, ""


_TO_NOBODY_ELSE = frozenset({AttemptResult.JOINED, AttemptResult.CANCELLED, AttemptResult.UNKNOWN})
"""After these nobody goes on to a deputy by themselves."""


def _notes(facts: LifeFacts) -> Iterator[LifeLine]:
    for note in facts.notes:
        kind = LifeKind.CORRECTED if note.corrects else LifeKind.NOTED
        yield _line(note.at, kind, agent=note.agent, note=note)


def _messages(facts: LifeFacts) -> Iterator[LifeLine]:
    for one in facts.messages:
        why = one.reason.value if one.reason else ""
        about = {"employee": one.employee, "message": one}
        yield _line(one.created_at, LifeKind.QUEUED, why=why, **about)
        if one.again_at:
            yield _line(one.again_at, LifeKind.AGAIN, **about)
        for send in one.sends:
            yield _sent(one, send)
        if one.state is MessageState.DELIVERED and one.finished_at:
            yield _line(one.finished_at, LifeKind.REPORTED, why=one.state.value, **about)
        elif one.state is MessageState.WAITING and one.sends:
            yield _line(one.due_at, LifeKind.NEXT_TRY, **about)


def _wishes(facts: LifeFacts) -> Iterator[LifeLine]:
    for one in facts.wishes:
        yield _line(one.at, LifeKind.WISHED, why=one.why.value if one.why else "")
        if one.rung_at:
            yield _line(one.rung_at, LifeKind.RUNG_BACK)
        if one.done_at and one.done_how:
            by_hand = one.done_how is CallBackEnd.BY_HAND
            how = {"why": one.done_how.value, "agent": one.agent, "said": one.reason, "by_hand": by_hand}
            yield _line(one.done_at, LifeKind.WISH_OVER, **how)


def _sent(message: MessageFact, send: SendFact) -> LifeLine:
    kind = LifeKind.SETTLED if send.by_hand else LifeKind.SENDING
    return _line(
        send.ended_at or send.started_at,
        kind,
        why=send.outcome.value if send.outcome else "running",
        lasted=_between(send.started_at, send.ended_at) if send.ended_at and not send.by_hand else None,
        said=send.said,
        employee=message.employee,
        message=message,
        by_hand=send.by_hand,
    )


def _line(at: datetime, kind: LifeKind, **more: object) -> LifeLine:
    return LifeLine(at, kind, 0, **more)  # type: ignore[arg-type]


def _between(start: datetime, end: datetime) -> int:
    """Whole seconds, rounded down; below nothing where the clock was put back between."""
    return (end - start) // timedelta(seconds=1)


_RANKS: Mapping[LifeKind, int] = {kind: rank for rank, kind in enumerate(LifeKind)}
