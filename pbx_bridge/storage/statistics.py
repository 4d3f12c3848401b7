"""A company's calls as its statistics show them: page by page, and counted; quick however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, extract, func, or_, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls import Outcome
from pbx_bridge.storage.engine import AsyncConnection
from pbx_bridge.storage.selection import Result, Selection, calls_with_notes, chosen, counts, result_of_call

BUCKET_SECONDS = 900
"""Calls are counted by the quarter of an hour: every zone on earth is a whole number of them from UTC."""

IN_TIME_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after this call, which is the last one of the page before."""

    arrived_at: datetime
    call_id: str


@dataclass(frozen=True, slots=True)
class ListedCall:
    """A row of the list. Empty texts: no note yet; else they are the newest note's. `earlier`: the concerns
    of the notes before it, oldest first; `recipients`, `states` of the notifications: of all of them."""

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

    @property
    def place(self) -> Place:
        return Place(self.arrived_at, self.id)


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many calls with this result arrived in the quarter of an hour from `start` (UTC).

    The clock of `in_time` runs from the arrival on our line, the queue included, and stops when an agent
    answers; `missed` calls were over before anybody did, and wanted by the company.
    """

    start: datetime
    result: Result
    calls: int
    answered: int
    in_time: int
    missed: int


@dataclass(frozen=True, slots=True)
class EmployeeCount:
    """`notes`: calls whose note was for this employee; `put_through`: calls the employee took."""

    employee_id: str
    notes: int
    put_through: int


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
            *(note[name] for name in ("caller_name", "caller_company", "callback_number", "concern")),
            note.urgent,
        )
        .select_from(calls_with_notes())
        .where(*chosen(selection))
        .order_by(call.arrived_at.desc(), call.id.desc())
        .limit(limit)
    )
    if after is not None:
        same = and_(call.arrived_at == after.arrived_at, call.id < after.call_id)
        query = query.where(call.arrived_at <= after.arrived_at)  # lets the index find the place
        query = query.where(or_(call.arrived_at < after.arrived_at, same))
    rows: Sequence[Any] = (await conn.execute(query)).all()
    notes = await _notes(conn, [row.id for row in rows if row.note_id])
    ids = [one.id for written in notes.values() for one in written]
    names, states = await _recipients(conn, ids), await _states(conn, ids)
    return tuple(_listed(row, notes.get(row.id, ()), names, states) for row in rows)


async def buckets(conn: AsyncConnection, selection: Selection) -> tuple[Bucket, ...]:
    """All chosen calls counted, oldest first: enough for every chart and for the service figures."""
    call = t.call.c
    seconds = extract("epoch", call.arrived_at)
    start = (seconds - seconds % BUCKET_SECONDS).label("start")
    answered, over = call.answered_at.is_not(None), call.ended_at.is_not(None)
    wanted = call.outcome != Outcome.BLOCKED.value
    result = result_of_call().label("result")
    query = (
        select(start, result, func.count().label("calls"))
        .add_columns(
            _count(answered).label("answered"),
            _count(answered & (_waited(conn) <= IN_TIME_SECONDS)).label("in_time"),
            _count(~answered & over & wanted).label("missed"),
        )
        .select_from(t.call)
        .where(*chosen(selection))
        .group_by(start, result)
        .order_by(start)
    )
    return tuple(
        Bucket(
            start=datetime.fromtimestamp(int(row.start), UTC),
            result=Result(row.result),
            calls=row.calls,
            answered=row.answered,
            in_time=row.in_time,
            missed=row.missed,
        )
        for row in await conn.execute(query)
    )


async def by_employee(conn: AsyncConnection, selection: Selection) -> tuple[EmployeeCount, ...]:
    """Who was called how often; an employee without a call is not in it."""
    recipient, note = t.note_recipient.c, t.call_note
    for_whom = (
        select(recipient.employee_id, func.count(t.call.c.id.distinct()).label("calls"))
        .select_from(t.call.join(note, note.c.call_id == t.call.c.id))
        .join(t.note_recipient, recipient.note_id == note.c.id)
        .where(*chosen(selection), counts(note))
        .group_by(recipient.employee_id)
    )
    took = (
        select(t.attempt.c.employee_id, func.count(t.call.c.id.distinct()).label("calls"))
        .select_from(t.call.join(t.attempt, t.attempt.c.call_id == t.call.c.id))
        .where(*chosen(selection), t.attempt.c.result == "joined", t.attempt.c.employee_id.is_not(None))
        .group_by(t.attempt.c.employee_id)
    )
    notes = {row[0]: row.calls for row in await conn.execute(for_whom)}
    joined = {row[0]: row.calls for row in await conn.execute(took)}
    return tuple(
        EmployeeCount(employee, notes.get(employee, 0), joined.get(employee, 0))
        for employee in sorted(notes.keys() | joined.keys())
    )


async def count(conn: AsyncConnection, selection: Selection) -> tuple[int, datetime | None]:
    """How many calls there are, and when the last of them arrived."""
    query = select(func.count().label("calls"), func.max(t.call.c.arrived_at).label("last"))
    row = (await conn.execute(query.where(*chosen(selection)))).one()
    return row.calls, row.last


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _waited(conn: AsyncConnection) -> ColumnElement[Any]:
    """Seconds from arrival to answer, exact to a millisecond."""
    arrived, answered = t.call.c.arrived_at, t.call.c.answered_at
    if conn.dialect.name == "sqlite":
        return func.round((func.julianday(answered) - func.julianday(arrived)) * 86_400, 3)
    return extract("epoch", answered) - extract("epoch", arrived)


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
    return await _pairs(conn, query.where(recipient.note_id.in_(notes)).order_by(t.employee.c.family_name))


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
_OF_NOTE = ("caller_name", "caller_company", "callback_number", "concern")


def _listed(
    row: Row[Any],
    notes: Sequence[Any],
    names: Mapping[str, tuple[str, ...]],
    states: Mapping[str, tuple[str, ...]],
) -> ListedCall:
    values: dict[str, Any] = {name: getattr(row, name) for name in _COPIED}
    values |= {name: getattr(row, name) or "" for name in _OF_NOTE}
    return ListedCall(
        **values,
        vip=row.vip_id is not None,
        result=Result(row.result),
        urgent=bool(row.urgent),
        recipients=_each_once(names, notes),
        states=tuple(state for note in notes for state in states.get(note.id, ())),
        earlier=tuple(note.concern for note in notes if note.id != row.note_id),
    )


def _each_once(names: Mapping[str, tuple[str, ...]], notes: Sequence[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for note in notes for name in names.get(note.id, ())))
