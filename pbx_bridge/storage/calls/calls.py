"""One row per telephone call, from its arrival on our line until its note."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, and_, bindparam, case, func, or_, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls.at_pbx import at_pbx
from pbx_bridge.storage.calls.earlier_calls import EarlierCall, earlier_calls
from pbx_bridge.storage.calls.outcome import MISSED, Outcome, has_come_about
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import changed, count_if, existing, insert_once, seconds_of

__all__ = ["MISSED", "EarlierCall", "Figures", "Outcome", "StoredCall", "earlier_calls"]


@dataclass(frozen=True, slots=True)
class StoredCall:
    """A call as stored. `pbx_call`: its name, which no call of another PBX has (`CallNames`); `pbx`: the
    name of the PBX that has it, "" of the only one; `caller_number`: E.164 or empty; moments in UTC.
    `conversation`: the last one, by the leg of the agent who answered; "" before, and where it is not known.
    `called_by`: what told whose call it is (a `CalledBy`), `forwarded_from`: by which number of the company;
    `ended_how`: an `EndReason`.
    """

    id: str
    pbx_call: str
    line_number: str
    arrived_at: datetime
    customer_id: str | None = None
    unassigned_reason: str = ""
    caller_number: str = ""
    caller_name: str = ""
    vip_id: str | None = None
    agent_id: str | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: Outcome = Outcome.OPEN
    closed_reason: str = ""
    conversation: str = ""
    recalled: bool = False
    called_by: str = ""
    forwarded_from: str = ""
    ended_how: str = ""
    pbx: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one stretch of time: arrived calls, answered ones, those answered in time,
    and those over before anybody answered."""

    arrived: int
    answered: int
    in_time: int
    missed: int = 0


_call = t.call.c
_moment = bindparam("moment", type_=_call.arrived_at.type)
_talk = bindparam("talk", type_=_call.conversation.type)
_agent = bindparam("agent", type_=_call.agent_id.type)
_this = t.call.update().where(_call.id == bindparam("this"))
_another = and_(_talk != "", _talk != _call.conversation) & or_(
    _call.conversation != "", _call.agent_id != _agent
)
"""Whether somebody answers anew. A row of an older program knows no conversation: then the agent tells."""
_wants_note = or_(
    _call.outcome.in_([outcome.value for outcome in MISSED]),
    and_(_call.outcome.in_([Outcome.NOTED.value, Outcome.CLOSED.value]), _another),
)
_ANSWERED = _this.values(
    agent_id=_agent,
    answered_at=func.coalesce(_call.answered_at, _moment),
    outcome=case((_wants_note, Outcome.OPEN.value), else_=_call.outcome),
    closed_reason=case((_wants_note, ""), else_=_call.closed_reason),
    conversation=case((_talk == "", _call.conversation), else_=_talk),
)
_RECALLED = _this.where(_talk != _call.conversation).values(recalled=True)
_ENDED = _this.where(_call.ended_at.is_(None)).values(
    ended_at=_moment, ended_how=bindparam("how", type_=_call.ended_how.type)
)
_ENDED_SO = _this.where(_call.ended_at.is_not(None)).values(ended_how=bindparam("how"))
_DECIDED = _this.where(_call.outcome == Outcome.OPEN.value).values(
    outcome=bindparam("became"), closed_reason=bindparam("reason")
)
_NEVER_ANSWERED = _DECIDED.where(_call.answered_at.is_(None))
_NOTED = _this.where(
    _call.outcome != Outcome.BLOCKED.value,
    or_(_talk == "", _call.conversation == "", _call.conversation == _talk),
).values(outcome=Outcome.NOTED.value, closed_reason="")
_LEFT = _this.values(outcome=bindparam("became"), closed_reason=bindparam("reason"))
_A_NOTE = select(t.call_note.c.id).where(t.call_note.c.call_id == bindparam("this")).limit(1)
_LOCKED = select(t.call).where(_call.id == bindparam("this")).with_for_update()


async def insert(conn: AsyncConnection, call: StoredCall) -> bool:
    """A call that arrived; False when the PBX told of it before (nothing is changed then). A company or an
    agent that is gone by now is left out: the call is kept for the operator."""
    values = {name: getattr(call, name) for name in StoredCall.__slots__} | {"outcome": call.outcome.value}
    for name, table in (("customer_id", t.customer), ("agent_id", t.agent)):
        if values[name] not in await existing(conn, table, [values[name]]):
            values[name] = None
    return await insert_once(conn, t.call, values)


async def by_id(conn: AsyncConnection, call_id: str) -> StoredCall | None:
    row = (await conn.execute(select(t.call).where(t.call.c.id == call_id))).one_or_none()
    return _stored(row) if row else None


async def by_pbx_call(conn: AsyncConnection, pbx_call: str) -> StoredCall | None:
    """The call that is named so (`CallNames.stored`), or None."""
    row = (await conn.execute(select(t.call).where(t.call.c.pbx_call == pbx_call))).one_or_none()
    return _stored(row) if row else None


async def answered(
    conn: AsyncConnection, call_id: str, agent_id: str | None, now: datetime, conversation: str = ""
) -> bool:
    """An agent took the call; its first answer keeps its moment, the last agent keeps the call. Another
    `conversation` than the last one wants a note of its own, so the call is open again."""
    known = await existing(conn, t.agent, [agent_id])
    agent = agent_id if agent_id in known else None
    return await changed(conn, _ANSWERED, this=call_id, agent=agent, moment=now, talk=conversation)


async def mark_recalled(conn: AsyncConnection, call_id: str, conversation: str) -> bool:
    """The PBX told of this conversation when it was over; False when it is known. `answered` comes after."""
    return await changed(conn, _RECALLED, this=call_id, talk=conversation)


async def ended(conn: AsyncConnection, call_id: str, now: datetime, how: str = "") -> bool:
    """The caller is gone; `how`: an `EndReason`. An answered call stays open for its note; False when it had
    ended before."""
    return await changed(conn, _ENDED, this=call_id, moment=now, how=how)


async def ended_so(conn: AsyncConnection, call_id: str, how: str) -> bool:
    """It was known that it is over, and is known only now how; False when it lives."""
    return await changed(conn, _ENDED_SO, this=call_id, how=how)


async def set_outcome(conn: AsyncConnection, call_id: str, outcome: Outcome, reason: str = "") -> bool:
    """Leave `open`; False when the call had left it before, or was answered and is to be a missed one.
    `reason`: why no note, a code of the schema."""
    statement = _NEVER_ANSWERED if outcome in MISSED else _DECIDED
    return await changed(conn, statement, this=call_id, became=outcome.value, reason=reason)


async def locked(conn: AsyncConnection, call_id: str) -> StoredCall | None:
    """The call, which nobody else changes until this transaction ends."""
    row = (await conn.execute(_LOCKED, {"this": call_id})).one_or_none()
    return _stored(row) if row else None


async def noted(conn: AsyncConnection, call_id: str, conversation: str = "") -> bool:
    """This conversation has its note; False when a later one of the call still wants its own."""
    return await changed(conn, _NOTED, this=call_id, talk=conversation)


async def leave(conn: AsyncConnection, call_id: str, reason: str) -> bool:
    """The last conversation gets no note, for this reason; False when it was noted, or left, before."""
    call = await locked(conn, call_id)
    if call is None or call.outcome not in {Outcome.OPEN, *MISSED}:
        return False
    noted = (await conn.execute(_A_NOTE, {"this": call_id})).first()
    became = Outcome.NOTED if noted else Outcome.CLOSED
    return await changed(conn, _LEFT, this=call_id, became=became.value, reason=reason)


async def open_calls_of(conn: AsyncConnection, agent_id: str, pbx: str = "") -> tuple[StoredCall, ...]:
    """The agent's calls that still want a note or a reason, oldest first; without those that go on at another
    PBX than this one, which alone knows how they are."""
    here = _call.ended_at.is_not(None) | at_pbx(pbx)
    query = select(t.call).where(_call.agent_id == agent_id, _call.outcome == Outcome.OPEN.value, here)
    return tuple(_stored(row) for row in await conn.execute(query.order_by(t.call.c.arrived_at)))


async def done(conn: AsyncConnection, call_ids: Collection[str]) -> dict[str, str]:
    """Which of these calls are noted or left without a note, with the conversation of which that is true."""
    settled = _call.outcome.in_([Outcome.NOTED.value, Outcome.CLOSED.value])
    rows = await conn.execute(select(_call.id, _call.conversation).where(_call.id.in_(call_ids), settled))
    return {row.id: row.conversation for row in rows}


async def newest_of(conn: AsyncConnection, agent_id: str) -> StoredCall | None:
    """The call that the agent had last, or None."""
    query = select(t.call).where(t.call.c.agent_id == agent_id).order_by(t.call.c.arrived_at.desc())
    row = (await conn.execute(query.limit(1))).one_or_none()
    return _stored(row) if row else None


async def live(
    conn: AsyncConnection, pbx: str = "", *, nobodys_until: datetime | None = None
) -> tuple[StoredCall, ...]:
    """Calls of this PBX not known to have ended: what to compare with its snapshot after a start.
    `nobodys_until`: as of `at_pbx`."""
    query = select(t.call).where(_call.ended_at.is_(None), at_pbx(pbx, nobodys_until))
    return tuple(_stored(row) for row in await conn.execute(query.order_by(_call.arrived_at)))


async def unassigned(conn: AsyncConnection, limit: int = 50) -> tuple[StoredCall, ...]:
    """The newest calls that belong to no company, for the operator."""
    query = select(t.call).where(t.call.c.customer_id.is_(None)).order_by(t.call.c.arrived_at.desc())
    return tuple(_stored(row) for row in await conn.execute(query.limit(limit)))


async def last_answered(
    conn: AsyncConnection, agent_id: str, customer_id: str, before: datetime
) -> datetime | None:
    """When this agent last answered for this company: what changed since is news to them."""
    query = select(func.max(t.call.c.answered_at)).where(
        t.call.c.agent_id == agent_id, t.call.c.customer_id == customer_id, t.call.c.answered_at < before
    )
    moment: datetime | None = (await conn.execute(query)).scalar_one()
    return moment


@cache
def _figures(dialect: str) -> Any:
    """Counted by the database: reading a hundred thousand calls would take the better part of a second."""
    call = t.call.c
    answered, missed = call.answered_at.is_not(None), call.answered_at.is_(None) & call.ended_at.is_not(None)
    quick = answered & (seconds_of(dialect, call.arrived_at, call.answered_at) <= bindparam("in_time"))
    return select(func.count(), count_if(answered), count_if(quick), count_if(missed)).where(
        call.arrived_at >= bindparam("start"),
        call.arrived_at < bindparam("end"),
        call.outcome != Outcome.BLOCKED.value,
        has_come_about(),
    )


async def figures(conn: AsyncConnection, start: datetime, end: datetime, in_time: timedelta) -> Figures:
    """The floor's figures for calls that arrived from `start` until before `end`; the clock starts on
    arrival, and an answer within `in_time` is in time."""
    asked = {"start": start, "end": end, "in_time": in_time.total_seconds()}
    return Figures(*map(int, (await conn.execute(_figures(conn.dialect.name), asked)).one()))


def _stored(row: Row[Any]) -> StoredCall:
    values = {name: getattr(row, name) for name in StoredCall.__slots__}
    return StoredCall(**values | {"outcome": Outcome(row.outcome)})
