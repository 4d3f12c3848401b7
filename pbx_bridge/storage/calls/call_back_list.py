"""Promised call backs as a list, of all companies: open ones, and what became of the others.

Open ones are all listed, however old; of those that are done the last three months are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, case, func, or_, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls.call_backs import ring_state, same_caller
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.words import has_words, number_in
from rules.calls.call_backs import RING_BACK, RingState
from rules.vocabulary import CallBackEnd, WishReason

LISTED = timedelta(days=93)


class CallBackChoice(StrEnum):
    """Which are listed. `KEPT`: somebody talked with the caller; `BROKEN`: nobody did, and nobody tries any
    more; `BY_HAND`: a person has settled it; `ALL`: those too that had been asked for already."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    BY_HAND = "by_hand"
    ALL = "all"


class CallBackOrder(StrEnum):
    """Columns of the list: when it was promised, and of which company it is."""

    PROMISED = "promised"
    COMPANY = "company"


_ENDS = {
    CallBackChoice.KEPT: (CallBackEnd.REACHED, CallBackEnd.NOTED, CallBackEnd.CALLED_AGAIN),
    CallBackChoice.BROKEN: (CallBackEnd.NOT_REACHED, CallBackEnd.NOT_DIALLED, CallBackEnd.TOO_OLD),
    CallBackChoice.BY_HAND: (CallBackEnd.BY_HAND,),
}


@dataclass(frozen=True, slots=True)
class CallBackSearch:
    """`since`: those that are done are listed from then on (aware); `words`: of the company's name, or a part
    of the caller's number; `down`: from the end of the column, as the newest are first."""

    choice: CallBackChoice
    since: datetime
    words: str = ""
    order: CallBackOrder = CallBackOrder.PROMISED
    down: bool = False


@dataclass(frozen=True, slots=True)
class ListedCallBack:
    """A row. Moments are aware; "" or None: not known, or not there. `number`, `line`: E.164; `ring`: the
    last call by which the caller was to be reached; `agent`: who had it, or talked with them otherwise."""

    id: str
    call_id: str
    at: datetime
    why: WishReason | None
    tries: int
    rung_at: datetime | None
    ring: RingState
    done_at: datetime | None
    done_how: CallBackEnd | None
    reason: str
    number: str
    line: str
    customer_id: str | None
    company: str
    agent: str


async def listed(
    conn: AsyncConnection, search: CallBackSearch, *, skip: int = 0, most: int = 50
) -> tuple[tuple[ListedCallBack, ...], int]:
    """A part of the list, and how many there are."""
    wanted = _wanted(search)
    total = select(func.count()).select_from(_asked()).where(*wanted)
    c = t.call_back.c
    first = [t.customer.c.name] if search.order is CallBackOrder.COMPANY else [c.at, c.id]
    order = [one.desc() if search.down else one for one in first]
    query = _rows().where(*wanted).order_by(*order, c.at, c.id).offset(skip).limit(most)
    rows: Sequence[Any] = (await conn.execute(query)).all()
    return tuple(map(_listed, rows)), int((await conn.execute(total)).scalar_one())


async def part_after(
    conn: AsyncConnection, search: CallBackSearch, last: ListedCallBack | None, most: int = 500
) -> tuple[ListedCallBack, ...]:
    """The oldest first, whatever the search's order: those behind this one. For a file of all of them."""
    c, wanted = t.call_back.c, _wanted(search)
    if last is not None:
        wanted.append(or_(c.at > last.at, and_(c.at == last.at, c.id > last.id)))
        wanted.append(c.at >= last.at)  # lets the index find the place
    rows: Sequence[Any] = (await conn.execute(_rows().where(*wanted).order_by(c.at, c.id).limit(most))).all()
    return tuple(map(_listed, rows))


async def one(conn: AsyncConnection, wish_id: str) -> ListedCallBack | None:
    """Any of them; None: there is none, or no longer."""
    row = (await conn.execute(_rows().where(t.call_back.c.id == wish_id))).one_or_none()
    return _listed(row) if row else None


def _wanted(search: CallBackSearch) -> list[ColumnElement[bool]]:
    c = t.call_back.c
    wanted: list[ColumnElement[bool]] = [c.at >= search.since]
    if search.choice is CallBackChoice.OPEN:
        wanted = [c.done_at.is_(None)]  # an index has these alone
    elif ends := _ENDS.get(search.choice):
        wanted.append(c.done_how.in_([end.value for end in ends]))
    if search.words:
        digits = number_in(search.words)
        named = has_words([t.customer.c.name], search.words)
        wanted.append(or_(named, t.call.c.caller_number.contains(digits)) if digits else named)
    return wanted


def _asked() -> FromClause:
    """With the call in which it was asked, and the company of that."""
    return t.call_back.join(t.call, t.call.c.id == t.call_back.c.call_id).outerjoin(
        t.customer, t.customer.c.id == t.call.c.customer_id
    )


def _rows() -> Select[Any]:
    wish, asked, ring, other = t.call_back.c, t.call.c, t.call.alias("ring"), t.call.alias("other")
    again = (
        select(other.c.agent_id)
        .where(
            same_caller(other, t.call),
            other.c.answered_at > wish.at,
            other.c.pbx_call.not_like(RING_BACK),
        )
        .order_by(other.c.answered_at)
        .limit(1)
        .correlate(t.call, t.call_back)
        .scalar_subquery()
    )
    had = case((wish.done_how == CallBackEnd.CALLED_AGAIN.value, again), else_=ring.c.agent_id)
    return select(
        t.call_back,
        asked.caller_number,
        asked.line_number,
        asked.customer_id,
        t.customer.c.name.label("company"),
        ring.c.id.label("ring_id"),
        ring.c.outcome.label("ring_outcome"),
        ring.c.answered_at.label("ring_answered"),
        ring.c.ended_at.label("ring_ended"),
        (t.agent.c.given_name + " " + t.agent.c.family_name).label("agent"),
    ).select_from(
        _asked().outerjoin(ring, ring.c.pbx_call == wish.ring_call).outerjoin(t.agent, t.agent.c.id == had)
    )


def _listed(row: Row[Any]) -> ListedCallBack:
    return ListedCallBack(
        id=row.id,
        call_id=row.call_id,
        at=row.at,
        why=WishReason(row.why) if row.why else None,
        tries=row.tries,
        rung_at=row.rung_at,
        ring=ring_state(row),
        done_at=row.done_at,
        done_how=CallBackEnd(row.done_how) if row.done_how else None,
        reason=row.reason,
        number=row.caller_number,
        line=row.line_number,
        customer_id=row.customer_id,
        company=row.company or "",
        agent=row.agent or "",
    )
