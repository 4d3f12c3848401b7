"""An agent's own day in figures, for the agent alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

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


async def of_agent(conn: AsyncConnection, agent_id: str, start: datetime) -> OwnDay:
    """All since `start`."""
    call, note = t.call.c, t.call_note.c
    mine = (call.agent_id == agent_id) & (call.arrived_at >= start)
    query = select(call.arrived_at, call.answered_at, call.ended_at).where(
        mine, call.answered_at.is_not(None)
    )
    rows = (await conn.execute(query)).all()
    first = (note.agent_id == agent_id) & (note.created_at >= start) & note.replaces_id.is_(None)
    noted = await conn.execute(select(func.count()).select_from(t.call_note).where(first))
    joined = select(func.count()).select_from(t.attempt.join(t.call)).where(mine)
    through = await conn.execute(joined.where(t.attempt.c.result == "joined"))
    talks = [(row.ended_at - row.answered_at).total_seconds() for row in rows if row.ended_at]
    waits = [(row.answered_at - row.arrived_at).total_seconds() for row in rows]
    return OwnDay(
        answered=len(rows),
        in_20s=sum(wait <= 20 for wait in waits),
        notes=noted.scalar_one(),
        put_through=through.scalar_one(),
        talk_seconds=int(sum(talks)),
    )
