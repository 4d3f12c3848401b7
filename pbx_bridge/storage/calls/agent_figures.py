"""An agent's own day in figures, for the agent alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import count_if, is_missing, seconds_of


@dataclass(frozen=True, slots=True)
class OwnDay:
    """`in_time`: answered in time, from their arrival; `talk_seconds`: of the calls that are over."""

    answered: int
    in_time: int
    notes: int
    put_through: int
    talk_seconds: int


_mine = (t.call.c.agent_id == bindparam("agent")) & (t.call.c.arrived_at >= bindparam("start"))
_NOTES = (
    select(func.count())
    .select_from(t.call_note)
    .where(t.call_note.c.agent_id == bindparam("agent"), t.call_note.c.created_at >= bindparam("start"))
    .where(is_missing(t.call_note.c.replaces_id))
)
_PUT_THROUGH = (
    select(func.count()).select_from(t.attempt.join(t.call)).where(_mine, t.attempt.c.result == "joined")
)


@cache
def _calls(dialect: str) -> Any:
    call = t.call.c
    quick = seconds_of(dialect, call.arrived_at, call.answered_at) <= bindparam("in_time")
    talked = func.coalesce(func.sum(seconds_of(dialect, call.answered_at, call.ended_at)), 0)
    query = select(func.count(), count_if(quick), talked)
    return query.where(_mine, call.answered_at.is_not(None))


async def of_agent(conn: AsyncConnection, agent_id: str, start: datetime, in_time: timedelta) -> OwnDay:
    """All since `start`; an answer within `in_time` is in time."""
    asked: dict[str, Any] = {"agent": agent_id, "start": start}
    timed = asked | {"in_time": in_time.total_seconds()}
    answered, quick, talked = (await conn.execute(_calls(conn.dialect.name), timed)).one()
    noted, through = await conn.execute(_NOTES, asked), await conn.execute(_PUT_THROUGH, asked)
    return OwnDay(
        answered=answered,
        in_time=int(quick),
        notes=noted.scalar_one(),
        put_through=through.scalar_one(),
        talk_seconds=int(talked),
    )
