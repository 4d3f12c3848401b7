"""All that is stored of one call, whoever wrote it, for the rule that puts it in order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, case, func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls import attempts, calls, offers
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.notes.notes import StoredNote
from pbx_bridge.storage.outbox.deliveries import BY_HAND
from pbx_bridge.storage.tables.billing import UsageRowKind
from rules.billing.call_course import TimeTurn
from rules.billing.terms import CallTime
from rules.calls.call_backs import is_ring_back
from rules.calls.identify import CalledBy
from rules.calls.transfer import TransferRefusal
from rules.model import Channel
from rules.office.call_facts import (
    AttemptFact,
    LifeFacts,
    MessageFact,
    NoteFact,
    OfferFact,
    SendFact,
    WishFact,
)
from rules.outbox.notification import Told
from rules.vocabulary import (
    AttemptResult,
    CallBackEnd,
    EndReason,
    MessageState,
    SendOutcome,
    WishReason,
)

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class KnownCall:
    """`facts`: for `rules.office.call_life`; `notes`: all versions, oldest first; `people`, `agents`:
    names by id, of those who are still there; `company`: "" for none."""

    facts: LifeFacts
    notes: tuple[StoredNote, ...]
    people: Mapping[str, str]
    agents: Mapping[str, str]
    company: str


async def of_call(conn: AsyncConnection, call_id: str) -> KnownCall | None:
    """None: there is no such call, or no longer."""
    call = await calls.by_id(conn, call_id)
    if call is None:
        return None
    written = await notes.versions(conn, call_id)
    rung = await attempts.of_call(conn, call_id)
    rang = await offers.of_call(conn, call_id)
    told = await _messages(conn, [one.note.id for one in written])
    used, parts = await _used(conn, call_id)
    facts = LifeFacts(
        id=call.id,
        line=call.line_number,
        arrived_at=call.arrived_at,
        customer=call.customer_id or "",
        called_by=_word(CalledBy, call.called_by or call.unassigned_reason),
        forwarded_from=call.forwarded_from,
        caller_number=call.caller_number,
        caller_name=call.caller_name,
        agent=call.agent_id or "",
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        ended_how=_word(EndReason, call.ended_how),
        outcome=call.outcome,
        closed_reason=call.closed_reason,
        recalled=call.recalled,
        offers=tuple(OfferFact(one.agent_id or "", one.since, one.until, one.reason) for one in rang),
        turns=await _turns(conn, call_id),
        attempts=tuple(map(_attempt, rung)),
        notes=tuple(map(_note, written)),
        messages=told,
        used=used,
        sms_parts=parts,
        wishes=await _wishes(conn, call_id),
        rings_back=is_ring_back(call.pbx_call),
    )
    return KnownCall(
        facts,
        written,
        await _people(conn, facts),
        await _agents(conn, facts),
        await _company(conn, call.customer_id),
    )


def _attempt(one: attempts.StoredAttempt) -> AttemptFact:
    return AttemptFact(
        started_at=one.started_at,
        employee=one.employee_id or "",
        number=one.number,
        asked=one.asked_for or "",
        as_deputy=one.as_deputy,
        left_out=_word(TransferRefusal, one.left_out),
        answered_at=one.answered_at,
        ended_at=one.ended_at,
        result=_word(AttemptResult, one.result or ""),
    )


def _note(one: StoredNote) -> NoteFact:
    return NoteFact(
        id=one.note.id,
        at=one.created_at,
        agent=one.agent_id or "",
        corrects=one.replaces_id is not None,
        urgent=one.note.urgent,
        recipients=one.note.recipients,
    )


async def _turns(conn: AsyncConnection, call_id: str) -> tuple[TimeTurn, ...]:
    c = t.call_time.c
    rows = await conn.execute(select(c.since, c.spent_on).where(c.call_id == call_id).order_by(c.since))
    return tuple(TimeTurn(row.since, CallTime(row.spent_on) if row.spent_on else None) for row in rows)


async def _wishes(conn: AsyncConnection, call_id: str) -> tuple[WishFact, ...]:
    c, ring = t.call_back.c, t.call.c
    wanted = c.at, c.why, c.rung_at, c.done_at, c.done_how, c.reason, ring.agent_id
    found = select(*wanted).outerjoin_from(t.call_back, t.call, ring.pbx_call == c.ring_call)
    rows = await conn.execute(found.where(c.call_id == call_id).order_by(c.at, c.id))
    return tuple(
        WishFact(
            row.at,
            _word(WishReason, row.why or ""),
            row.rung_at,
            row.done_at,
            _word(CallBackEnd, row.done_how or ""),
            row.agent_id or "",
            row.reason,
        )
        for row in rows
    )


async def _messages(conn: AsyncConnection, note_ids: Collection[str]) -> tuple[MessageFact, ...]:
    """In the order in which they were made, without their words."""
    n, a = t.notification.c, t.delivery_attempt.c
    wanted = (
        *(n.id, n.created_at, n.channel, n.kind, n.state, n.due_at, n.reason, n.employee_id, n.address),
        *(n.cc, n.is_copy, n.again_at, n.finished_at),
    )
    found = select(*wanted).where(n.note_id.in_(note_ids)).order_by(n.created_at, n.id)
    rows = (await conn.execute(found)).all() if note_ids else []
    tries = select(t.delivery_attempt).where(a.notification_id.in_([row.id for row in rows]))
    sends: dict[str, tuple[SendFact, ...]] = {}
    for row in await conn.execute(tries.order_by(a.notification_id, a.number)) if rows else ():
        sends[row.notification_id] = (*sends.get(row.notification_id, ()), _send(row))
    return tuple(_message(row, sends.get(row.id, ())) for row in rows)


def _message(row: Any, sends: tuple[SendFact, ...]) -> MessageFact:
    return MessageFact(
        id=row.id,
        created_at=row.created_at,
        channel=Channel(row.channel),
        kind=row.kind,
        state=MessageState(row.state),
        due_at=row.due_at,
        reason=_word(Told, row.reason),
        employee=row.employee_id or "",
        address=row.address,
        copies=tuple(row.cc),
        is_copy=row.is_copy,
        again_at=row.again_at,
        finished_at=row.finished_at,
        sends=sends,
    )


def _send(row: Any) -> SendFact:
    by_hand = row.detail.startswith(f"{BY_HAND} ")
    return SendFact(
        started_at=row.started_at,
        ended_at=row.ended_at,
        outcome=_word(SendOutcome, row.outcome or ""),
        said=row.detail.removeprefix(f"{BY_HAND} ") if by_hand else row.detail,
        by_hand=by_hand,
    )


async def _used(conn: AsyncConnection, call_id: str) -> tuple[Mapping[CallTime, int], int]:
    """Seconds as they are billed, by kind, and the parts of all SMS."""
    c = t.usage.c
    sums = [func.coalesce(func.sum(c[kind.value]), 0) for kind in CallTime]
    sms = func.coalesce(func.sum(case((c.kind == UsageRowKind.SMS.value, c.parts), else_=0)), 0)
    *seconds, parts = (await conn.execute(select(*sums, sms).where(c.call_id == call_id))).one()
    found = {kind: int(count) for kind, count in zip(CallTime, seconds, strict=True) if count}
    return found, int(parts)


async def _people(conn: AsyncConnection, facts: LifeFacts) -> Mapping[str, str]:
    about = {one.employee for one in facts.attempts} | {one.employee for one in facts.messages}
    about |= {person for note in facts.notes for person in note.recipients}
    return await _names(conn, t.employee.c.id, t.employee.c.name, sorted(filter(None, about)))


async def _agents(conn: AsyncConnection, facts: LifeFacts) -> Mapping[str, str]:
    about = {facts.agent, *(one.agent for one in facts.offers), *(one.agent for one in facts.notes)}
    about |= {one.agent for one in facts.wishes}
    name = t.agent.c.given_name + " " + t.agent.c.family_name
    return await _names(conn, t.agent.c.id, name, sorted(filter(None, about)))


async def _names(
    conn: AsyncConnection, key: ColumnElement[str], name: ColumnElement[str], ids: Sequence[str]
) -> Mapping[str, str]:
    if not ids:
        return {}
    rows = await conn.execute(select(key, name).where(key.in_(ids)))
    return {row[0]: row[1] for row in rows}


async def _company(conn: AsyncConnection, customer_id: str | None) -> str:
    query = select(t.customer.c.name).where(t.customer.c.id == customer_id)
    return str((await conn.execute(query)).scalar_one_or_none() or "")


def _word(kind: type[Word], text: str) -> Word | None:
    """None for "", and for what a newer program may have written."""
    return kind(text) if text in set(kind) else None
