"""An agent's own day in figures, for the agent alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.engine import AsyncConnection
from pbx_bridge.storage.sql import count_if, seconds_of


@dataclass(frozen=True, slots=True)
class OwnDay:
    """`in_20s`: answered within 20 s of their arrival; `talk_seconds`: of the calls that are over."""

    answered: int
    in_20s: int
    notes: int
    put_through: int
    talk_seconds: int


_mine = (t.call.c.agent_id == bindparam("agent")) & (t.call.c.arrived_at >= bindparam("start"))
_NOTES = (
    select(func.count())
    .select_from(t.call_note)
    .where(t.call_note.c.agent_id == bindparam("agent"), t.call_note.c.created_at >= bindparam("start"))
    .where(t.call_note.c.replaces_id.is_(None))
)
_PUT_THROUGH = (
    select(func.count()).select_from(t.attempt.join(t.call)).where(_mine, t.attempt.c.result == "joined")
)


@cache
def _calls(dialect: str) -> Any:
    call = t.call.c
    quick = seconds_of(dialect, call.arrived_at, call.answered_at) <= 20
    talked = func.coalesce(func.sum(seconds_of(dialect, call.answered_at, call.ended_at)), 0)
    query = select(func.count(), count_if(quick), talked)
    return query.where(_mine, call.answered_at.is_not(None))


async def of_agent(conn: AsyncConnection, agent_id: str, start: datetime) -> OwnDay:
    """All since `start`."""
    asked = {"agent": agent_id, "start": start}
    answered, quick, talked = (await conn.execute(_calls(conn.dialect.name), asked)).one()
    noted, through = await conn.execute(_NOTES, asked), await conn.execute(_PUT_THROUGH, asked)
    return OwnDay(
        answered=answered,
        in_20s=int(quick),
        notes=noted.scalar_one(),
        put_through=through.scalar_one(),
        talk_seconds=int(talked),
    )
