"""Calls of all companies, found by when they came, whose they are, and the caller's number.

Always those of a period, newest first, from an index: by the number if it is a whole one, else by the
moment of arrival. A page begins behind the last call of the page before, so the last one costs what the first
one does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls.call_filter import Result, result_of
from pbx_bridge.storage.calls.calls import Outcome
from pbx_bridge.storage.calls.listed_calls import Place
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.words import has_words


@dataclass(frozen=True, slots=True)
class CallSearch:
    """Arrived from `start` until before `end` (aware). `number`: the caller's, in E.164; `digits`: a part of
    it; `company`: words of a company's name; `agent_id`: who had it last. "" chooses all."""

    start: datetime
    end: datetime
    number: str = ""
    digits: str = ""
    company: str = ""
    agent_id: str = ""


@dataclass(frozen=True, slots=True)
class FoundCall:
    """A row. `company`, `agent`: names, "" for none."""

    id: str
    arrived_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    line_number: str
    caller_number: str
    company: str
    agent: str
    result: Result

    @property
    def place(self) -> Place:
        return Place(self.arrived_at, self.id)


async def found(
    conn: AsyncConnection, search: CallSearch, most: int, after: Place | None = None
) -> tuple[FoundCall, ...]:
    """Up to `most`, beginning after `after`."""
    call = t.call.c
    query = (
        select(
            *(call[name] for name in _COPIED),
            call.outcome,
            t.customer.c.name.label("company"),
            (t.agent.c.given_name + " " + t.agent.c.family_name).label("agent"),
        )
        .select_from(t.call.outerjoin(t.customer).outerjoin(t.agent, t.agent.c.id == call.agent_id))
        .where(*_wanted(search))
        .order_by(call.arrived_at.desc(), call.id.desc())
        .limit(most)
    )
    if after is not None:
        same = and_(call.arrived_at == after.arrived_at, call.id < after.call_id)
        query = query.where(call.arrived_at <= after.arrived_at)  # lets the index find the place
        query = query.where(or_(call.arrived_at < after.arrived_at, same))
    rows: Sequence[Any] = (await conn.execute(query)).all()
    attempt = t.attempt.c
    taken = select(attempt.call_id).where(attempt.call_id.in_([row.id for row in rows]))
    joined = set((await conn.execute(taken.where(attempt.result == "joined"))).scalars()) if rows else set()
    return tuple(_found(row, row.id in joined) for row in rows)


_COPIED = ("id", "arrived_at", "answered_at", "ended_at", "line_number", "caller_number")


def _wanted(search: CallSearch) -> list[ColumnElement[bool]]:
    call = t.call.c
    wanted = [call.arrived_at >= search.start, call.arrived_at < search.end]
    if search.number:
        wanted.append(call.caller_number == search.number)
    elif search.digits:
        wanted.append(call.caller_number.contains(search.digits))
    if search.company:
        named = select(t.customer.c.id).where(has_words([t.customer.c.name], search.company))
        wanted.append(call.customer_id.in_(named))
    if search.agent_id:
        wanted.append(call.agent_id == search.agent_id)
    return wanted


def _found(row: Row[Any], joined: bool) -> FoundCall:
    return FoundCall(
        **{name: getattr(row, name) for name in _COPIED},
        company=row.company or "",
        agent=row.agent or "",
        result=result_of(Outcome(row.outcome), answered=row.answered_at is not None, joined=joined),
    )
