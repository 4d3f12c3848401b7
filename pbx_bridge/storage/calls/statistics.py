"""A company's calls as its statistics count them; quick however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, exists, extract, func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls.call_filter import Result, Selection, chosen, counts, result_of_call
from pbx_bridge.storage.calls.calls import Outcome
from pbx_bridge.storage.calls.listed_calls import ListedCall, Place, page
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import rows_of
from pbx_bridge.time_slices import gently

__all__ = ["Bucket", "EmployeeCount", "ListedCall", "Place", "buckets", "by_employee", "count", "page"]

BUCKET_SECONDS = 900
"""Calls are counted by the quarter of an hour: every zone on earth is a whole number of them from UTC."""


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
    """Each call once: `put_through`: calls the employee took; `notes`: those that were for them otherwise."""

    employee_id: str
    notes: int
    put_through: int


async def buckets(conn: AsyncConnection, selection: Selection, in_time: timedelta) -> tuple[Bucket, ...]:
    """All chosen calls counted, oldest first: enough for every chart and for the service figures.
    `in_time`: within which an answer counts as in time."""
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
            _count(answered & (_waited(conn) <= in_time.total_seconds())).label("in_time"),
            _count(~answered & over & wanted).label("missed"),
        )
        .select_from(t.call)
        .where(*chosen(selection))
        .group_by(start, result)
        .order_by(start)
    )
    found = [
        Bucket(
            start=datetime.fromtimestamp(int(row.start), UTC),
            result=Result(row.result),
            calls=row.calls,
            answered=row.answered,
            in_time=row.in_time,
            missed=row.missed,
        )
        async for row in rows_of(conn, query)
    ]
    return tuple(found)


async def by_employee(conn: AsyncConnection, selection: Selection) -> tuple[EmployeeCount, ...]:
    """Who was called how often, whoever took the call; an employee without a call is not in it."""
    recipient, note, attempt = t.note_recipient.c, t.call_note, t.attempt
    this = chosen(selection)
    noted = (
        select(t.call.c.id.label("call_id"), recipient.employee_id.label("whom"))
        .select_from(t.call.join(note, note.c.call_id == t.call.c.id))
        .join(t.note_recipient, recipient.note_id == note.c.id)
        .where(*this, counts(note))
    )
    rung = select(t.call.c.id.label("call_id")).select_from(
        t.call.join(attempt, attempt.c.call_id == t.call.c.id)
    )
    joined = attempt.c.result == "joined"
    asked = rung.add_columns(attempt.c.asked_id.label("whom")).where(
        *this, joined, attempt.c.asked_id.is_not(None)
    )
    took = rung.add_columns(attempt.c.employee_id.label("whom"))
    taken = took.where(*this, joined, attempt.c.employee_id.is_not(None)).subquery()
    meant = noted.union(asked).subquery()
    by_themselves = exists().where(taken.c.call_id == meant.c.call_id, taken.c.whom == meant.c.whom)
    notes = await _per_person(conn, meant, ~by_themselves)
    put_through = await _per_person(conn, taken)
    found = [
        EmployeeCount(employee, notes.get(employee, 0), put_through.get(employee, 0))
        async for employee in gently(sorted(notes.keys() | put_through.keys()))
    ]
    return tuple(found)


async def _per_person(
    conn: AsyncConnection, pairs: Subquery, *conditions: ColumnElement[bool]
) -> dict[str, int]:
    """Different calls by whom they were for."""
    query = select(pairs.c.whom, func.count(pairs.c.call_id.distinct()).label("calls"))
    rows = rows_of(conn, query.where(*conditions).group_by(pairs.c.whom))
    return {row.whom: row.calls async for row in rows}


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
