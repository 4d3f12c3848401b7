"""What was used, as events: each one is written in the transaction of what happened, and counts once, however
often it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.billing import allowances
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import existing, insert_once, rows_among, rows_of
from pbx_bridge.storage.tables.billing import UsageRowKind
from rules.billing.call_course import TimeTurn, time_spent
from rules.billing.terms import CallTime
from rules.billing.usage import Usage, UsageKind
from rules.vocabulary import EndReason

_call, _note, _used = t.call.c, t.call_note.c, t.usage.c
_THE_CALL = select(_call.customer_id, _call.arrived_at, _call.answered_at, _call.ended_at).where(
    _call.id == bindparam("this")
)
_TURNS = (
    select(t.call_time.c.since, t.call_time.c.spent_on)
    .where(t.call_time.c.call_id == bindparam("this"))
    .order_by(t.call_time.c.since)
)
_CALL_OF_MESSAGE = (
    select(_note.call_id)
    .join_from(t.call_note, t.notification, t.notification.c.note_id == _note.id)
    .where(t.notification.c.id == bindparam("this"))
)
_LAST_OF_AGENT = (
    select(_call.id, _call.conversation)
    .where(_call.agent_id == bindparam("agent"), _call.answered_at <= bindparam("before"))
    .order_by(_call.arrived_at.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class UsageEvent:
    """What is behind a figure: `usage` as it was reckoned with. `call_id`: of the call, or of the one that an
    SMS tells of; None: of no call. `there`: whether that call is still kept."""

    usage: Usage
    call_id: str | None
    there: bool


# ---- written


async def time_turned(conn: AsyncConnection, call_id: str, since: datetime, on: CallTime | None) -> bool:
    """From this moment on the call's time goes on something else; False when that is known."""
    if not await existing(conn, t.call, [call_id]):
        return False
    values = {"call_id": call_id, "since": since, "spent_on": on.value if on else None}
    return await insert_once(conn, t.call_time, values)


async def call_over(conn: AsyncConnection, call_id: str, how: EndReason) -> bool:
    """An answered call that is over, with its seconds; False when it is written, or is none that anybody pays
    for."""
    row = (await conn.execute(_THE_CALL, {"this": call_id})).one_or_none()
    if row is None or row.answered_at is None or row.ended_at is None:
        return False
    turns = [
        TimeTurn(turn.since, CallTime(turn.spent_on) if turn.spent_on else None)
        for turn in await conn.execute(_TURNS, {"this": call_id})
    ]
    spent = time_spent(row.answered_at, turns, row.ended_at, how)
    seconds = {kind.value: count for kind, count in spent.items()}
    kind = UsageRowKind.CALL
    return await _once(conn, f"{kind} {call_id}", row.customer_id, row.arrived_at, kind, call_id, **seconds)


async def wrapped_up(conn: AsyncConnection, call_id: str, conversation: str, seconds: int) -> bool:
    """An agent is done with the note of this conversation; False when that is written."""
    row = (await conn.execute(_THE_CALL, {"this": call_id})).one_or_none()
    if row is None or seconds < 1:
        return False
    kind = UsageRowKind.WRAP_UP
    name = f"{kind} {call_id} {conversation}"
    return await _once(conn, name, row.customer_id, row.arrived_at, kind, call_id, wrap_up=seconds)


async def last_conversation(conn: AsyncConnection, agent_id: str, before: datetime) -> tuple[str, str] | None:
    """The call that this agent answered last before a moment, and its conversation."""
    row = (await conn.execute(_LAST_OF_AGENT, {"agent": agent_id, "before": before})).first()
    return (row.id, row.conversation) if row else None


async def sms_sent(
    conn: AsyncConnection, notification_id: str, customer_id: str | None, parts: int, now: datetime
) -> bool:
    """An SMS that went out, by its parts; False when it is written."""
    call_id = (await conn.execute(_CALL_OF_MESSAGE, {"this": notification_id})).scalar_one_or_none()
    kind = UsageRowKind.SMS
    return await _once(conn, f"{kind} {notification_id}", customer_id, now, kind, call_id, parts=parts)


async def voice_message_left(
    conn: AsyncConnection, message_id: str, customer_id: str | None, call_id: str, at: datetime
) -> bool:
    """What a caller said after the tone, at this moment; False when it is written."""
    kind = UsageRowKind.VOICE_MESSAGE
    return await _once(conn, f"{kind} {message_id}", customer_id, at, kind, call_id)


async def _once(
    conn: AsyncConnection,
    name: str,
    customer_id: str | None,
    at: datetime,
    kind: UsageRowKind,
    call_id: str | None,
    **quantities: int,
) -> bool:
    """Nobody pays where nobody's line was called, or the company is gone."""
    if not await existing(conn, t.customer, [customer_id]):
        return False
    about = {"id": name, "customer_id": customer_id, "at": at, "kind": kind.value, "call_id": call_id}
    nothing = dict.fromkeys((kind.value for kind in CallTime), 0)
    if not await insert_once(conn, t.usage, {**about, **nothing, "parts": 1, **quantities}):
        return False
    await allowances.mark(conn, str(customer_id), at)
    return True


# ---- read


async def used(
    conn: AsyncConnection, customer_id: str, start: datetime, end: datetime
) -> AsyncIterator[Usage]:
    """A company's events from `start` until before `end`, oldest first, without holding anybody up."""
    mine = (_used.customer_id == customer_id) & (_used.at >= start) & (_used.at < end)
    wrap_up = _used.kind == UsageRowKind.WRAP_UP.value
    after = await _wrap_ups(conn, select(_used.call_id, _used.wrap_up).where(mine, wrap_up))
    async for row in rows_of(conn, select(t.usage).where(mine, ~wrap_up).order_by(_used.at, _used.id)):
        yield _usage(row, after)


async def _wrap_ups(conn: AsyncConnection, query: Any) -> dict[str, int]:
    """Seconds by call; one that fell back into the queue has several."""
    found: dict[str, int] = {}
    async for row in rows_of(conn, query):
        found[row.call_id] = found.get(row.call_id, 0) + row.wrap_up
    return found


async def events(conn: AsyncConnection, customer_id: str, names: list[str]) -> tuple[UsageEvent, ...]:
    """Those of these ids that are the company's, in the order of the ids."""
    found: dict[str, Row[Any]] = {}
    query = select(t.usage, _call.id.label("kept")).outerjoin(t.call, _call.id == _used.call_id)
    async for row in rows_among(conn, query.where(_used.customer_id == customer_id), _used.id, names):
        found[row.id] = row
    rows = [found[name] for name in names if name in found]
    if not rows:
        return ()
    moments = [row.at for row in rows]
    there = (_used.customer_id == customer_id) & _used.at.between(min(moments), max(moments))
    wrap_up = _used.kind == UsageRowKind.WRAP_UP.value
    after = await _wrap_ups(conn, select(_used.call_id, _used.wrap_up).where(there, wrap_up))
    return tuple([UsageEvent(_usage(row, after), row.call_id, row.kept is not None) for row in rows])


def _usage(row: Row[Any], wrap_ups: Mapping[str, int]) -> Usage:
    if row.kind != UsageRowKind.CALL.value:
        return Usage(row.id, row.at, UsageKind(row.kind), parts=row.parts)
    seconds = {
        CallTime.TALK: row.talk,
        CallTime.HOLD: row.hold,
        CallTime.CONSULTATION: row.consultation,
        CallTime.WRAP_UP: wrap_ups.get(row.call_id, 0),
        CallTime.PUT_THROUGH: row.put_through,
    }
    return Usage(row.id, row.at, UsageKind.CALL, {kind: count for kind, count in seconds.items() if count})
