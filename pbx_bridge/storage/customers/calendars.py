"""Calendar feeds that go out and calendars elsewhere that come in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, Select, func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import changed, insert_all, rows_of
from rules.model import Appointment
from rules.vocabulary import ServiceState


@dataclass(frozen=True, slots=True)
class Feed:
    """`employee_id` None: the appointments of all employees."""

    customer_id: str
    employee_id: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """`result`: "waiting", "ok", or why it could not be read (a code).

    `events`: of the last good reading; `left_out`: how many it left out, by reason; `zone`: of the company;
    `name` and `addresses`: of the employee, as invitations have them.
    """

    id: str
    customer_id: str
    zone: str
    employee_id: str
    url: str
    result: str
    events: int
    checked_at: datetime | None
    succeeded_at: datetime | None
    left_out: Mapping[str, int]
    name: str
    addresses: tuple[str, ...]


async def feed(conn: AsyncConnection, token_hash: str) -> Feed | None:
    """What somebody who knows the secret may read."""
    query = select(t.calendar_feed).where(t.calendar_feed.c.token_hash == token_hash)
    row = (await conn.execute(query)).one_or_none()
    return _feed(row) if row else None


async def feeds_of(
    conn: AsyncConnection, customer_id: str, employees: Collection[str] | None = None
) -> tuple[Feed, ...]:
    """The feeds of a company, oldest first: that of all employees, and their own (None: everybody's)."""
    whose = t.calendar_feed.c.employee_id
    query = select(t.calendar_feed).where(t.calendar_feed.c.customer_id == customer_id)
    if employees is not None:
        query = query.where(whose.is_(None) | whose.in_(employees))
    return tuple(_feed(row) for row in await conn.execute(query.order_by(t.calendar_feed.c.created_at)))


async def sources_of(
    conn: AsyncConnection, customer_id: str, employees: Collection[str] | None = None
) -> tuple[Source, ...]:
    """The calendars of these employees of a company, None: of all."""
    query = _sources().where(t.employee.c.customer_id == customer_id)
    if employees is not None:
        query = query.where(t.employee.c.id.in_(employees))
    return tuple([_source(row) async for row in rows_of(conn, query)])


async def due(
    conn: AsyncConnection, before: datetime, heavy_before: datetime | None = None, most: int = 100
) -> tuple[Source, ...]:
    """Calendars never read, or not since `before`; those that were too many not since `heavy_before`.

    First one of each company, that read longest ago; then the second ones: none waits for all of another.
    """
    source = t.calendar_source.c
    light = (source.result != "too_many") & (source.checked_at < before)
    heavy = (source.result == "too_many") & (source.checked_at < (heavy_before or before))
    age = (source.checked_at.nulls_first(), source.id)
    turn = func.row_number().over(partition_by=t.employee.c.customer_id, order_by=age)
    there = t.customer.c.service != ServiceState.ENDED.value
    is_due = source.checked_at.is_(None) | light | heavy
    found = _sources().add_columns(turn.label("turn")).where(there, is_due)
    ranked = found.subquery()
    row = ranked.c
    query = select(ranked).order_by(row.turn, row.checked_at.nulls_first(), row.id).limit(most)
    return tuple(_source(one) for one in await conn.execute(query))


async def keep(
    conn: AsyncConnection,
    source: Source,
    events: Sequence[Appointment],
    now: datetime,
    left_out: Mapping[str, int] = MappingProxyType({}),
) -> bool:
    """What a good reading found, and how many it left out by reason.

    Whether it is different, and so made known; not if the calendar is gone.
    """
    result: dict[str, Any] = {"result": "ok", "events": len(events), "checked_at": now, "succeeded_at": now}
    result["left_out"] = " ".join(f"{reason}={number}" for reason, number in left_out.items())
    if not await changed(conn, _mark(source).values(result)):
        return False
    # Read every few minutes, and mostly the same: announced each time, all desks would load it all again.
    query = select(t.calendar_event).where(t.calendar_event.c.source_id == source.id)
    stored = [_values(row._asdict()) for row in await conn.execute(query)]
    wanted = [_event(one) for one in events]
    if sorted(map(repr, stored)) == sorted(map(repr, wanted)):
        return False
    await conn.execute(t.calendar_event.delete().where(t.calendar_event.c.source_id == source.id))
    rows = [{"id": new_id(), "source_id": source.id} | values for values in wanted]
    await insert_all(conn, t.calendar_event, rows)
    await data_version.touch(conn, source.customer_id, now)
    return True


async def failed(conn: AsyncConnection, source: Source, code: str, now: datetime) -> None:
    """A reading that failed changes nothing of what the one before found."""
    await conn.execute(_mark(source).values(result=code, checked_at=now))


def _mark(source: Source) -> Any:
    return t.calendar_source.update().where(t.calendar_source.c.id == source.id)


def _sources() -> Select[Any]:
    joined = t.calendar_source.join(t.employee).join(t.customer)
    person = t.employee.c
    return select(
        t.calendar_source, person.customer_id, t.customer.c.zone, person.name, person.email
    ).select_from(joined)


def _feed(row: Row[Any]) -> Feed:
    return Feed(row.customer_id, row.employee_id, row.created_at)


def _source(row: Row[Any]) -> Source:
    return Source(
        row.id,
        row.customer_id,
        row.zone,
        row.employee_id,
        row.url,
        row.result,
        row.events,
        row.checked_at,
        row.succeeded_at,
        {reason: int(number) for reason, _, number in (one.partition("=") for one in row.left_out.split())},
        row.name,
        (row.email,),
    )


_KEPT = ("text", "start_local", "start_fold", "end_local", "end_fold", "all_day")


def _values(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in _KEPT}


def _event(one: Appointment) -> dict[str, Any]:
    return {
        "text": one.text,
        "start_local": one.start.isoformat(timespec="minutes"),
        "start_fold": one.start.fold,
        "end_local": one.end.isoformat(timespec="minutes"),
        "end_fold": one.end.fold,
        "all_day": one.all_day,
    }
