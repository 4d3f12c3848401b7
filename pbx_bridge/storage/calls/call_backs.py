"""Callers who have asked to be called back: their wishes, and how far each one has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, exists, or_, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls.calls import MISSED, Outcome
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import changed, insert_once, rows_of
from rules.calls.call_backs import KEPT, RING_BACK, SILENCE, RingState
from rules.vocabulary import CallBackEnd, CloseReason, WishReason

_wish = t.call_back.c
_OPEN = _wish.done_at.is_(None)


@dataclass(frozen=True, slots=True)
class OpenCallBack:
    """A wish that is still to be kept. `number`: of the caller, E.164, "" where it is not known; `line`: as
    dialled; `forwarded_from`: the number of the company that led to it, or ""; `called_again`: an agent has
    had this caller for this company since; `noted`: an agent who rang them has written what became of it;
    `ring_over_at`: when the last call by which they were rung was over, None: it is not. Moments are aware.
    """

    id: str
    call_id: str
    at: datetime
    tries: int
    ring_call: str
    rung_at: datetime | None
    ring: RingState
    ring_over_at: datetime | None
    customer_id: str | None
    number: str
    line: str
    forwarded_from: str
    called_again: bool
    noted: bool


async def add(
    conn: AsyncConnection, wish: str, call_id: str, at: datetime, why: WishReason | None = None
) -> bool:
    """`why`: it was offered, None where nobody knows. False when it is stored already, or the call is gone.
    One of a caller who has asked before, and waits still, is stored as done: nobody is rung twice for it;
    but that is a promise anew: no try was in vain."""
    call = t.call.alias()
    mine = select(call.c.customer_id, call.c.caller_number).where(call.c.id == call_id)
    asked = (await conn.execute(mine)).one_or_none()
    if asked is None:
        return False
    company, number = asked
    told = why.value if why else None
    values: dict[str, Any] = {"id": new_id(), "wish": wish, "call_id": call_id, "at": at, "why": told}
    before = await _waiting_for(conn, number, company) if number else None
    if before:
        values |= {"done_at": at, "done_how": CallBackEnd.ASKED_BEFORE.value}
    is_new = await insert_once(conn, t.call_back, values)
    if is_new and before:
        await conn.execute(t.call_back.update().where(_wish.id == before).values(tries=0))
    return is_new


async def _waiting_for(conn: AsyncConnection, number: str, company: str | None) -> str | None:
    """The wish by which this caller of the company is to be rung already."""
    call = t.call.c
    theirs = call.caller_number == number, call.customer_id.is_not_distinct_from(company)
    query = select(_wish.id).join(t.call, call.id == _wish.call_id).where(_OPEN, *theirs)
    found: str | None = (await conn.execute(query.limit(1))).scalar()
    return found


async def waiting(conn: AsyncConnection) -> tuple[OpenCallBack, ...]:
    """All that are still to be kept, oldest first."""
    return tuple([_open(row) async for row in rows_of(conn, _query())])


async def rung(conn: AsyncConnection, wish_id: str, ring_call: str, now: datetime) -> bool:
    """From now on this call is to reach the caller; False when the wish is done, or rung already."""
    mine = t.call_back.update().where(_wish.id == wish_id, _OPEN, _wish.ring_call == "")
    return bool((await conn.execute(mine.values(ring_call=ring_call, rung_at=now))).rowcount)


async def tried(conn: AsyncConnection, wish_id: str, ring_call: str, *, counts: bool) -> bool:
    """This call has not reached the caller; False when the wish is done."""
    mine = t.call_back.update().where(_wish.id == wish_id, _OPEN, _wish.ring_call == ring_call)
    more = _wish.tries + 1 if counts else _wish.tries
    return bool((await conn.execute(mine.values(ring_call="", tries=more))).rowcount)


async def done(conn: AsyncConnection, wish_id: str, how: CallBackEnd, now: datetime) -> bool:
    """Nobody is rung for it any more; False when it was so before."""
    mine = t.call_back.update().where(_wish.id == wish_id, _OPEN)
    return bool((await conn.execute(mine.values(done_at=now, done_how=how.value))).rowcount)


async def reached(conn: AsyncConnection, ring_call: str, now: datetime) -> bool:
    """The caller has picked up; False when that is known, or an agent has said that it was not the caller."""
    mine = t.call_back.update().where(_wish.ring_call == ring_call, _OPEN, ~_not_reached())
    values = {"done_at": now, "done_how": CallBackEnd.REACHED.value}
    return bool((await conn.execute(mine.values(values))).rowcount)


async def not_reached(conn: AsyncConnection, ring_call: str) -> None:
    """What picked up was a mailbox, or nobody who could take the call: a try in vain, and the promise stands.
    The call has been left for that reason in this transaction. Whoever has asked once more since then is rung
    for that wish: nobody is rung for two."""
    mine = and_(_wish.ring_call == ring_call, _wish.done_how == CallBackEnd.REACHED.value, _not_reached())
    whose = select(t.call.c.caller_number, t.call.c.customer_id).join(t.call_back).where(mine)
    found = (await conn.execute(whose)).one_or_none()
    if found is None:
        return
    values: dict[str, Any] = {"done_at": None, "done_how": None}
    if await _waiting_for(conn, *found):
        values = {"done_how": CallBackEnd.ASKED_BEFORE.value}
    await conn.execute(t.call_back.update().where(mine).values(values))


def _not_reached() -> ColumnElement[bool]:
    """Whether the last call by which the caller was rung was left so."""
    ring = t.call.alias().c
    return exists().where(
        ring.pbx_call == _wish.ring_call, ring.closed_reason == CloseReason.NOT_REACHED.value
    )


async def settle(conn: AsyncConnection, wish_id: str, reason: str, now: datetime) -> bool:
    """A person has seen to it: nobody is rung for it any more. False: it is done, gone, or the caller is just
    being rung."""
    ring = t.call.alias().c
    same = ring.pbx_call == _wish.ring_call
    untold = ~exists().where(same)
    rings = or_(
        exists().where(same, ring.ended_at.is_(None)),
        and_(_wish.ring_call != "", _wish.rung_at.is_not(None), _wish.rung_at > now - SILENCE, untold),
    )
    mine = t.call_back.update().where(_wish.id == wish_id, _OPEN, ~rings)
    values = {"done_at": now, "done_how": CallBackEnd.BY_HAND.value, "reason": reason}
    return await changed(conn, mine.values(values))


async def reopen(conn: AsyncConnection, wish_id: str, now: datetime) -> bool:
    """What a person had settled is to be kept after all, from the first try on. False: nobody had, it is too
    long ago for anybody to wait, or the caller has asked again and waits already."""
    mine = (_wish.id == wish_id) & (_wish.done_how == CallBackEnd.BY_HAND.value) & (_wish.at > now - KEPT)
    whose = select(t.call.c.caller_number, t.call.c.customer_id).join(t.call_back).where(mine)
    found = (await conn.execute(whose)).one_or_none()
    if found is None or await _waiting_for(conn, *found):
        return False
    values = {"done_at": None, "done_how": None, "reason": "", "ring_call": "", "tries": 0}
    return await changed(conn, t.call_back.update().where(mine).values(values))


def same_caller(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    """Whether two calls are of one caller for one company, or for none."""
    companies = one.c.customer_id, other.c.customer_id
    same = or_(companies[0] == companies[1], and_(*(company.is_(None) for company in companies)))
    return and_(one.c.caller_number == other.c.caller_number, same)


def _query() -> Select[Any]:
    asked, ring, other = t.call.alias(), t.call.alias(), t.call.alias()
    same = same_caller(other, asked)
    is_ours = other.c.pbx_call.like(RING_BACK)
    again = exists().where(same, other.c.answered_at > _wish.at, ~is_ours)
    noted = exists().where(
        same, is_ours, other.c.arrived_at > _wish.at, other.c.outcome == Outcome.NOTED.value
    )
    return (
        select(
            t.call_back,
            asked.c.customer_id,
            asked.c.caller_number,
            asked.c.line_number,
            asked.c.forwarded_from,
            ring.c.id.label("ring_id"),
            ring.c.outcome.label("ring_outcome"),
            ring.c.answered_at.label("ring_answered"),
            ring.c.ended_at.label("ring_ended"),
            again.label("called_again"),
            noted.label("noted"),
        )
        .join(asked, asked.c.id == _wish.call_id)
        .outerjoin(ring, ring.c.pbx_call == _wish.ring_call)
        .where(_OPEN)
        .order_by(_wish.at, _wish.id)
    )


def _open(row: Row[Any]) -> OpenCallBack:
    return OpenCallBack(
        id=row.id,
        call_id=row.call_id,
        at=row.at,
        tries=row.tries,
        ring_call=row.ring_call,
        rung_at=row.rung_at,
        ring=ring_state(row),
        ring_over_at=row.ring_ended,
        customer_id=row.customer_id,
        number=row.caller_number,
        line=row.line_number,
        forwarded_from=row.forwarded_from,
        called_again=bool(row.called_again),
        noted=bool(row.noted),
    )


def ring_state(row: Row[Any]) -> RingState:
    """Of a row with `ring_call` and, of that call, `ring_id`, `ring_outcome`, `ring_answered` and
    `ring_ended`."""
    if not row.ring_call:
        return RingState.NONE
    if row.ring_id is None:
        return RingState.UNSEEN
    outcome = Outcome(row.ring_outcome)
    if outcome is Outcome.NOTED:
        return RingState.NOTED
    if row.ring_ended is None:
        return RingState.OPEN
    if outcome in MISSED or row.ring_answered is None:
        return RingState.MISSED
    return RingState.UNNOTED if outcome is Outcome.OPEN else RingState.VAIN
