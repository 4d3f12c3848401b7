"""A company's calls as a list: page by page, the last page as quick as the first, each with its notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls.call_filter import (
    Result,
    Selection,
    calls_with_notes,
    chosen,
    counts,
    result_of_call,
)
from pbx_bridge.storage.db.engine import AsyncConnection
from rules.text.names import sort_key
from rules.text.phone_numbers import national


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after this call, which is the last one of the page before."""

    arrived_at: datetime
    call_id: str


@dataclass(frozen=True, slots=True)
class ListedCall:
    """A row of the list. Empty texts: no note yet; else they are the newest note's. `earlier`: the concerns
    of the notes before it, oldest first; `recipients`, `states` of the notifications: of all of them.

    `asked`, `takers`: names of whom the caller wanted, and of who took the call; `untold`: there is a note,
    and no message about it; `callback_by`: ISO 8601, the company's wall time, or "".
    """

    id: str
    arrived_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    line_number: str
    caller_number: str
    signalled_name: str
    vip: bool
    result: Result
    closed_reason: str
    note_id: str | None
    caller_name: str
    caller_company: str
    callback_number: str
    concern: str
    urgent: bool
    recipients: tuple[str, ...]
    states: tuple[str, ...]
    earlier: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    takers: tuple[str, ...] = ()
    untold: bool = False
    fields: tuple[tuple[str, str], ...] = ()
    callback_wanted: bool = False
    callback_by: str = ""
    message_to_caller: str = ""

    @property
    def place(self) -> Place:
        return Place(self.arrived_at, self.id)


async def page(
    conn: AsyncConnection, selection: Selection, limit: int, after: Place | None = None
) -> tuple[ListedCall, ...]:
    """Up to `limit` calls, newest first, beginning after `after`; the last page is as quick as the first."""
    call, note = t.call.c, t.call_note.c
    query = (
        select(
            *(call[name] for name in ("id", "arrived_at", "answered_at", "ended_at", "line_number")),
            *(call[name] for name in ("caller_number", "vip_id", "closed_reason")),
            call.caller_name.label("signalled_name"),
            result_of_call().label("result"),
            note.id.label("note_id"),
            *(note[name] for name in (*_OF_NOTE, *_KINDS_OF_NOTE)),
        )
        .select_from(calls_with_notes())
        .where(*chosen(selection))
        .order_by(call.arrived_at.desc(), call.id.desc())
        .limit(limit)
    )
    # A page begins behind a call, not at a number: an offset would read all that it passes over, and new
    # calls would push the same ones onto the next page once more.
    if after is not None:
        same = and_(call.arrived_at == after.arrived_at, call.id < after.call_id)
        query = query.where(call.arrived_at <= after.arrived_at)  # lets the index find the place
        query = query.where(or_(call.arrived_at < after.arrived_at, same))
    rows: Sequence[Any] = (await conn.execute(query)).all()
    if not rows:
        return ()
    # A query for each kind of fact about these calls; joined, each would multiply the rows of the others.
    notes = await _notes(conn, [row.id for row in rows if row.note_id])
    ids = [one.id for written in notes.values() for one in written]
    facts = _Facts(
        notes,
        await _recipients(conn, ids),
        await _states(conn, ids),
        await _rung(conn, [row.id for row in rows]),
        await _told(conn, [row.id for row in rows if row.note_id]),
    )
    return tuple(_listed(row, facts) for row in rows)


async def _notes(conn: AsyncConnection, calls: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """Of each call the version that counts of each of its notes, oldest first."""
    note = t.call_note
    query = select(note.c.call_id, note.c.id, note.c.concern).where(note.c.call_id.in_(calls), counts(note))
    found: dict[str, tuple[Any, ...]] = {}
    for row in await conn.execute(query.order_by(note.c.created_at, note.c.id)):
        found[row.call_id] = (*found.get(row.call_id, ()), row)
    return found


async def _recipients(conn: AsyncConnection, notes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    recipient = t.note_recipient.c
    query = select(recipient.note_id, t.employee.c.name).join(t.employee)
    found = await _pairs(conn, query.where(recipient.note_id.in_(notes)))
    return {note: tuple(sorted(names, key=sort_key)) for note, names in found.items()}


async def _rung(conn: AsyncConnection, calls: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """Of each call whom it was for and who was rung, with the result; in order."""
    attempt, asked, person = t.attempt.c, t.employee.alias("asked"), t.employee.alias("person")
    query = (
        select(
            attempt.call_id,
            attempt.result,
            asked.c.name.label("asked"),
            person.c.name.label("name"),
            attempt.number,
        )
        .select_from(t.attempt.outerjoin(asked, asked.c.id == attempt.asked_id))
        .outerjoin(person, person.c.id == attempt.employee_id)
        .where(attempt.call_id.in_(calls))
        .order_by(attempt.started_at, attempt.id)
    )
    found: dict[str, tuple[Any, ...]] = {}
    for row in await conn.execute(query):
        found[row.call_id] = (*found.get(row.call_id, ()), row)
    return found


async def _told(conn: AsyncConnection, calls: Iterable[str]) -> frozenset[str]:
    """Calls of which any version of any note has been told to anybody."""
    note = t.call_note.c
    query = select(note.call_id).join(t.notification, t.notification.c.note_id == note.id).distinct()
    return frozenset((await conn.execute(query.where(note.call_id.in_(calls)))).scalars())


async def _states(conn: AsyncConnection, notes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    one = t.notification.c
    return await _pairs(conn, select(one.note_id, one.state).where(one.note_id.in_(notes)).order_by(one.id))


async def _pairs(conn: AsyncConnection, query: Select[Any]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key, value in await conn.execute(query):
        found[key] = (*found.get(key, ()), value)
    return found


_COPIED = (
    *("id", "arrived_at", "answered_at", "ended_at", "line_number", "caller_number", "signalled_name"),
    *("closed_reason", "note_id"),
)
_OF_NOTE = ("caller_name", "caller_company", "callback_number", "concern", "message_to_caller")
_KINDS_OF_NOTE = ("urgent", "fields", "callback_wanted", "callback_by_local")


@dataclass(frozen=True, slots=True)
class _Facts:
    """What other tables tell of the calls of a page: `names`, `states` by note, the others by call."""

    notes: Mapping[str, tuple[Any, ...]]
    names: Mapping[str, tuple[str, ...]]
    states: Mapping[str, tuple[str, ...]]
    rung: Mapping[str, tuple[Any, ...]]
    told: frozenset[str]


def _listed(row: Row[Any], facts: _Facts) -> ListedCall:
    values: dict[str, Any] = {name: getattr(row, name) for name in _COPIED}
    values |= {name: getattr(row, name) or "" for name in _OF_NOTE}
    notes, rung = facts.notes.get(row.id, ()), facts.rung.get(row.id, ())
    return ListedCall(
        **values,
        vip=row.vip_id is not None,
        result=Result(row.result),
        urgent=bool(row.urgent),
        recipients=_each_once(facts.names, notes),
        states=tuple(state for note in notes for state in facts.states.get(note.id, ())),
        earlier=tuple(note.concern for note in notes if note.id != row.note_id),
        asked=tuple(dict.fromkeys(one.asked for one in rung if one.asked)),
        takers=tuple(dict.fromkeys(filter(None, map(_taker, rung)))),
        untold=row.note_id is not None and row.id not in facts.told,
        fields=tuple((row.fields or {}).items()),
        callback_wanted=bool(row.callback_wanted),
        callback_by=row.callback_by_local or "",
    )


def _taker(rung: Any) -> str:
    """Who took the call: an employee's name, or the number of somebody outside as people write it."""
    if rung.result != "joined":
        return ""
    return rung.name or national(rung.number)


def _each_once(names: Mapping[str, tuple[str, ...]], notes: Sequence[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for note in notes for name in names.get(note.id, ())))
