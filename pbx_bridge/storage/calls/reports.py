"""The calls of the house counted by company, by agent or by the quarter of an hour.

One statement for each kind of fact, as joined they would multiply each other; each reads a range of an
index, of calls by their arrival. Whoever wants a long period asks for it in parts and adds them up: figures
can be added, and no statement reads for minutes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, extract, func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls.outcome import Outcome, has_come_about
from pbx_bridge.storage.calls.statistics import BUCKET_SECONDS
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import count_if, is_missing, rows_of, seconds_between
from pbx_bridge.storage.tables.billing import UsageRowKind
from rules.office.report import ReportBy, ReportFigures

PART = timedelta(days=7)
"""So much of a period is read at once."""


@dataclass(frozen=True, slots=True)
class ReportSelection:
    """Calls that arrived from `start` until before `end` (aware), of one company or agent, "" for all."""

    start: datetime
    end: datetime
    customer_id: str = ""
    agent_id: str = ""

    def parts(self) -> Iterator[ReportSelection]:
        """The same in pieces of `PART`."""
        start = self.start
        while start < self.end:
            end = min(start + PART, self.end)
            yield ReportSelection(start, end, self.customer_id, self.agent_id)
            start = end


async def counted(
    conn: AsyncConnection, selection: ReportSelection, by: ReportBy, in_time: timedelta
) -> AsyncIterator[tuple[str, ReportFigures]]:
    """Figures that are to be added, by id of company or agent ("": none), or by the beginning of a quarter of
    an hour (ISO 8601, UTC). The same key comes several times."""
    key = _key(by, t.call.c.arrived_at, t.call.c.customer_id).label("key")
    calls = _calls(conn, in_time).add_columns(key).select_from(t.call).where(*_chosen(selection))
    for query in (calls.group_by("key"), _beside(key, selection)):
        async for row in rows_of(conn, query):
            yield _named(by, row.key), _figures(row)
    used = _key(by, t.usage.c.at, t.usage.c.customer_id)
    asked = _handling().add_columns(used.label("key")).select_from(_used_in(selection, by))
    async for row in rows_of(conn, asked.where(*_used(selection)).group_by("key")):
        yield _named(by, row.key), _figures(row)


def _calls(conn: AsyncConnection, in_time: timedelta) -> Select[Any]:
    call = t.call.c
    answered, over = call.answered_at.is_not(None), call.ended_at.is_not(None)
    wait = seconds_between(conn, call.arrived_at, call.answered_at)
    return select(
        func.count().label("calls"),
        count_if(answered).label("answered"),
        count_if(answered & (wait <= in_time.total_seconds())).label("in_time"),
        count_if(~answered & over).label("abandoned"),
        func.coalesce(func.sum(wait), 0).label("waited"),
    )


def _beside(key: ColumnElement[Any], selection: ReportSelection) -> Select[Any]:
    """Put-throughs and notes, asked for call by call: so each database goes to the index of these, whose rows
    are as many as there were ever calls."""
    rung, note = t.attempt.c, t.call_note.c
    tried = select(func.count()).select_from(t.attempt).where(rung.call_id == t.call.c.id)
    noted = select(func.count()).select_from(t.call_note).where(note.call_id == t.call.c.id)
    each = (
        select(
            key,
            tried.scalar_subquery().label("tried"),
            tried.where(rung.result == "joined").scalar_subquery().label("taken"),
            noted.where(is_missing(note.replaces_id)).scalar_subquery().label("noted"),
        )
        .where(*_chosen(selection))
        .subquery()
    )
    return select(
        each.c.key,
        count_if(each.c.tried > 0).label("rung"),
        count_if(each.c.taken > 0).label("joined"),
        func.coalesce(func.sum(each.c.noted), 0).label("notes"),
    ).group_by(each.c.key)


def _handling() -> Select[Any]:
    used = t.usage.c
    return select(
        count_if(used.kind == UsageRowKind.CALL.value).label("handled"),
        func.coalesce(func.sum(used.talk + used.hold + used.consultation + used.wrap_up), 0).label(
            "handling"
        ),
    )


def _key(by: ReportBy, at: ColumnElement[Any], customer: ColumnElement[Any]) -> ColumnElement[Any]:
    match by:
        case ReportBy.COMPANY:
            return customer
        case ReportBy.AGENT:
            return t.call.c.agent_id
    seconds = extract("epoch", at)
    return seconds - seconds % BUCKET_SECONDS


def _chosen(selection: ReportSelection) -> list[ColumnElement[bool]]:
    call = t.call.c
    wanted = [
        call.arrived_at >= selection.start,
        call.arrived_at < selection.end,
        call.outcome != Outcome.BLOCKED.value,
        has_come_about(),
    ]
    if selection.customer_id:
        wanted.append(call.customer_id == selection.customer_id)
    if selection.agent_id:
        wanted.append(call.agent_id == selection.agent_id)
    return wanted


def _used_in(selection: ReportSelection, by: ReportBy) -> FromClause:
    """What was used names no agent: its call does, while that is kept. It is of the moment in which the call
    arrived, so a part of the same index is read of calls."""
    if by is not ReportBy.AGENT and not selection.agent_id:
        return t.usage
    call = t.call.c
    span = (call.arrived_at >= selection.start) & (call.arrived_at < selection.end)
    return t.usage.join(t.call, (call.id == t.usage.c.call_id) & span)


def _used(selection: ReportSelection) -> list[ColumnElement[bool]]:
    used = t.usage.c
    kinds = [UsageRowKind.CALL.value, UsageRowKind.WRAP_UP.value]
    wanted = [used.at >= selection.start, used.at < selection.end, used.kind.in_(kinds)]
    if selection.customer_id:
        wanted.append(used.customer_id == selection.customer_id)
    if selection.agent_id:
        wanted.append(t.call.c.agent_id == selection.agent_id)
    return wanted


def _named(by: ReportBy, key: Any) -> str:
    if by in (ReportBy.COMPANY, ReportBy.AGENT):
        return key or ""
    return datetime.fromtimestamp(int(key), UTC).isoformat()


def _figures(row: Any) -> ReportFigures:
    counts = {name: value for name, value in row._mapping.items() if name != "key"}
    whole = {name: float(value) if name == "waited" else int(value) for name, value in counts.items()}
    return ReportFigures(**whole)  # type: ignore[arg-type]
