"""Calls that a person has to look at, of all companies: on lines of nobody, without a note, told to nobody.

Counted and listed from indexes of these calls alone, however many others there are. Whether a call is told to
nobody is written down with its notes (`call.untold`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, TextClause, exists, func, select, text

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls.call_filter import counts
from pbx_bridge.storage.calls.calls import Outcome
from pbx_bridge.storage.db.engine import AsyncConnection
from rules.office.needs import NAMED, Concern, Sighting


class CallNeed(StrEnum):
    """`UNKNOWN_LINE`: of no company, on a line that is still nobody's; `UNNOTED`: over, and neither noted nor
    left with a reason; `UNTOLD`: it has a note, an agent's or of what a caller left, and no message about it
    went to anybody."""

    UNKNOWN_LINE = "unknown_line"
    UNNOTED = "unnoted"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class CallSpan:
    """Calls that arrived from `since` on; `ended_before`: of those that are to be noted (both aware)."""

    since: datetime
    ended_before: datetime


@dataclass(frozen=True, slots=True)
class CallInNeed:
    """One of them. Empty: not known, or not there. `reason`: why it is of no company (a code); `concern`,
    `caller`, `callback_number`: of the newest note."""

    id: str
    arrived_at: datetime
    ended_at: datetime | None
    line_number: str
    caller_number: str
    reason: str
    customer_id: str | None
    company: str
    agent: str
    caller: str
    callback_number: str
    concern: str


async def sighted(conn: AsyncConnection, need: CallNeed, span: CallSpan) -> Sighting:
    """How many there are, since when; of unknown lines which ones rang last."""
    moment = t.call.c.ended_at if need is CallNeed.UNNOTED else t.call.c.arrived_at
    # An id is counted, as the day's index has none: else SQLite would read that for each call of the week.
    query = select(func.count(t.call.c.id), func.min(moment), func.max(moment)).where(*_in_need(need, span))
    number, since, last = (await conn.execute(query)).one()
    names: tuple[str, ...] = ()
    if number and need is CallNeed.UNKNOWN_LINE:
        rung = select(t.call.c.line_number).where(*_in_need(need, span)).group_by(t.call.c.line_number)
        newest = rung.order_by(func.max(t.call.c.arrived_at).desc()).limit(NAMED)
        names = tuple((await conn.execute(newest)).scalars())
    return Sighting(Concern(need.value), number, since, last, names)


async def listed(
    conn: AsyncConnection, need: CallNeed, span: CallSpan, *, skip: int = 0, most: int = 50
) -> tuple[CallInNeed, ...]:
    """The newest first."""
    call = t.call.c
    query = (
        select(
            *(call[name] for name in _COPIED),
            call.unassigned_reason.label("reason"),
            t.customer.c.name.label("company"),
            (t.agent.c.given_name + " " + t.agent.c.family_name).label("agent"),
        )
        .select_from(t.call.outerjoin(t.customer).outerjoin(t.agent, t.agent.c.id == call.agent_id))
        .where(*_in_need(need, span))
        .order_by(call.arrived_at.desc(), call.id.desc())
        .offset(skip)
        .limit(most)
    )
    rows: Sequence[Any] = (await conn.execute(query)).all()
    notes = await _newest_notes(conn, [row.id for row in rows]) if need is CallNeed.UNTOLD else {}
    return tuple(_in_words(row, notes.get(row.id)) for row in rows)


# Written out and no parameter: SQLite takes the indexes of these few for nothing else.
_OPEN, _UNTOLD = text("call.outcome = 'open'"), text("call.untold")
_COPIED = ("id", "arrived_at", "ended_at", "line_number", "caller_number", "customer_id")


def _in_need(need: CallNeed, span: CallSpan) -> list[ColumnElement[bool] | TextClause]:
    call = t.call.c
    lately = call.arrived_at >= span.since
    if need is CallNeed.UNNOTED:
        return [lately, _OPEN, call.answered_at.is_not(None), call.ended_at < span.ended_before]
    if need is CallNeed.UNTOLD:
        return [lately, call.outcome != Outcome.OPEN.value, _UNTOLD]
    given = exists().where(t.line.c.number == call.line_number, t.line.c.customer_id.is_not(None))
    return [call.customer_id.is_(None), lately, call.outcome != Outcome.BLOCKED.value, ~given]


async def _newest_notes(conn: AsyncConnection, calls: list[str]) -> dict[str, Row[Any]]:
    note = t.call_note
    wanted = ("call_id", "caller_name", "callback_number", "concern")
    query = select(*(note.c[name] for name in wanted)).where(note.c.call_id.in_(calls), counts(note))
    return {row.call_id: row for row in await conn.execute(query.order_by(note.c.created_at, note.c.id))}


def _in_words(row: Row[Any], note: Row[Any] | None) -> CallInNeed:
    return CallInNeed(
        **{name: getattr(row, name) for name in _COPIED},
        reason=row.reason,
        company=row.company or "",
        agent=row.agent or "",
        caller=note.caller_name if note else "",
        callback_number=note.callback_number if note else "",
        concern=note.concern if note else "",
    )
