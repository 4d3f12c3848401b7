"""An agent's own day in figures, for the agent alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.engine import AsyncConnection


@dataclass(frozen=True, slots=True)
class OwnDay:
    """`in_20s`: answered within 20 s of their arrival; `talk_seconds`: of the calls that are over."""

    answered: int
    in_20s: int
    notes: int
    put_through: int
    talk_seconds: int


_mine = (t.call.c.agent_id == bindparam("agent")) & (t.call.c.arrived_at >= bindparam("start"))
_CALLS = select(t.call.c.arrived_at, t.call.c.answered_at, t.call.c.ended_at).where(
    _mine, t.call.c.answered_at.is_not(None)
)
_NOTES = (
    select(func.count())
    .select_from(t.call_note)
    .where(t.call_note.c.agent_id == bindparam("agent"), t.call_note.c.created_at >= bindparam("start"))
    .where(t.call_note.c.replaces_id.is_(None))
)
_PUT_THROUGH = (
    select(func.count()).select_from(t.attempt.join(t.call)).where(_mine, t.attempt.c.result == "joined")
)


async def of_agent(conn: AsyncConnection, agent_id: str, start: datetime) -> OwnDay:
    """All since `start`."""
    asked = {"agent": agent_id, "start": start}
    rows = (await conn.execute(_CALLS, asked)).all()
    noted, through = await conn.execute(_NOTES, asked), await conn.execute(_PUT_THROUGH, asked)
    talks = [(row.ended_at - row.answered_at).total_seconds() for row in rows if row.ended_at]
    waits = [(row.answered_at - row.arrived_at).total_seconds() for row in rows]
    return OwnDay(
        answered=len(rows),
        in_20s=sum(wait <= 20 for wait in waits),
        notes=noted.scalar_one(),
        put_through=through.scalar_one(),
        talk_seconds=int(sum(talks)),
    )
