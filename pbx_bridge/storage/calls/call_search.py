"""Calls of all companies, found by when they came, whose they are, and the caller's number.

Always those of a period, newest first, from an index: by the number if it is a whole one, else by the
moment of arrival. A page begins behind the last call of the page before, so the last one costs what the first
one does. Whoever has a part of a number only gets it looked for in so many calls at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls.call_filter import Result, result_of
from pbx_bridge.storage.calls.calls import Outcome
from pbx_bridge.storage.calls.listed_calls import Place
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.words import has_words
from pbx_bridge.storage.tables.billing import UsageRowKind
from rules.calls.call_backs import is_ring_back

FEW = 100
"""Companies whose calls are looked for company by company."""
LOOKED_THROUGH = 20_000
"""Calls that one page of a search for a part of a number reads: no index has parts of numbers."""


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
    """A row. `company`, `agent`: names, "" for none; `rings_back`: by it we were to ring the caller back."""

    id: str
    arrived_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    line_number: str
    caller_number: str
    company: str
    agent: str
    result: Result
    rings_back: bool

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
            call.pbx_call,
            t.customer.c.name.label("company"),
            (t.agent.c.given_name + " " + t.agent.c.family_name).label("agent"),
        )
        .select_from(t.call.outerjoin(t.customer).outerjoin(t.agent, t.agent.c.id == call.agent_id))
        .where(*_wanted(search))
        .order_by(call.arrived_at.desc(), call.id.desc())
        .limit(most)
    )
    if search.company:
        query = query.where(await _of_companies(conn, search.company))
    if after is not None:
        same = and_(call.arrived_at == after.arrived_at, call.id < after.call_id)
        query = query.where(call.arrived_at <= after.arrived_at)  # lets the index find the place
        query = query.where(or_(call.arrived_at < after.arrived_at, same))
    rows: Sequence[Any] = (await conn.execute(query)).all()
    ids = [row.id for row in rows]
    joined = await _with(conn, t.attempt.c.call_id, ids, t.attempt.c.result == "joined")
    spoken = await _with(conn, t.voice_message.c.call_id, ids)
    # Of what a note told that is erased by now.
    spoken |= await _with(conn, t.usage.c.call_id, ids, t.usage.c.kind == UsageRowKind.VOICE_MESSAGE.value)
    promised = await _with(conn, t.call_back.c.call_id, ids)
    return tuple(
        _found(row, joined=row.id in joined, spoken=row.id in spoken, promised=row.id in promised)
        for row in rows
    )


async def _with(
    conn: AsyncConnection, of_call: ColumnElement[Any], ids: Sequence[str], *also: ColumnElement[bool]
) -> frozenset[str]:
    """Those of the calls that have such a row."""
    if not ids:
        return frozenset()
    return frozenset((await conn.execute(select(of_call).where(of_call.in_(ids), *also))).scalars())


async def reached(conn: AsyncConnection, search: CallSearch, after: Place | None = None) -> datetime | None:
    """How far back `LOOKED_THROUGH` calls lead, beginning after `after`; None: through the whole period. Read
    from an index alone."""
    at = t.call.c.arrived_at
    query = select(at).where(at >= search.start, at < search.end)
    if after is not None:
        query = query.where(at <= after.arrived_at if after.call_id else at < after.arrived_at)
    found: datetime | None = await conn.scalar(query.order_by(at.desc()).offset(LOOKED_THROUGH).limit(1))
    return found


_COPIED = ("id", "arrived_at", "answered_at", "ended_at", "line_number", "caller_number")


async def _of_companies(conn: AsyncConnection, words: str) -> ColumnElement[bool]:
    """Of few companies each one's part of the index is read. Of many the newest calls are looked through,
    among which theirs are soon found: all that they ever had would have to be put in order first."""
    name, mine = t.customer.c.name, t.call.c.customer_id
    ids = (
        await conn.execute(select(t.customer.c.id).where(has_words([name], words)).limit(FEW + 1))
    ).scalars()
    found = ids.all()
    if len(found) <= FEW:
        return mine.in_(found)
    other = t.customer.alias()
    return exists().where(other.c.id == mine, has_words([other.c.name], words))


def _wanted(search: CallSearch) -> list[ColumnElement[bool]]:
    call = t.call.c
    wanted = [call.arrived_at >= search.start, call.arrived_at < search.end]
    if search.number:
        wanted.append(call.caller_number == search.number)
    elif search.digits:
        wanted.append(call.caller_number.contains(search.digits))
    if search.agent_id:
        wanted.append(call.agent_id == search.agent_id)
    return wanted


def _found(row: Row[Any], **known: bool) -> FoundCall:
    return FoundCall(
        **{name: getattr(row, name) for name in _COPIED},
        company=row.company or "",
        agent=row.agent or "",
        result=result_of(Outcome(row.outcome), answered=row.answered_at is not None, **known),
        rings_back=is_ring_back(row.pbx_call),
    )
