"""What an agent sees of whoever called this company before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls.outcome import Outcome
from pbx_bridge.storage.db.engine import AsyncConnection


@dataclass(frozen=True, slots=True)
class EarlierCall:
    """What an agent sees of an earlier call of this caller to this company. Empty texts: no note was
    taken. `note_id`: the note's last version."""

    call_id: str
    arrived_at: datetime
    outcome: Outcome
    caller_name: str
    caller_company: str
    concern: str
    agent_name: str
    recipients: tuple[str, ...]
    closed_reason: str = ""
    note_id: str | None = None


def _earlier() -> Select[Any]:
    note, replaced = t.call_note.c, t.call_note.alias()
    latest = (note.call_id == t.call.c.id) & note.id.not_in(
        select(replaced.c.replaces_id).where(
            replaced.c.replaces_id.is_not(None), replaced.c.call_id == t.call.c.id
        )
    )
    return (
        select(t.call.c.id, t.call.c.arrived_at, t.call.c.outcome, note.id.label("note_id"))
        .add_columns(t.call.c.closed_reason)
        .add_columns(
            note.caller_name, note.caller_company, note.concern, t.agent.c.given_name, t.agent.c.family_name
        )
        .select_from(t.call)
        .outerjoin(t.call_note, latest)
        .outerjoin(t.agent, t.agent.c.id == func.coalesce(note.agent_id, t.call.c.agent_id))
        .where(t.call.c.customer_id == bindparam("customer"), t.call.c.caller_number == bindparam("number"))
        .where(or_(t.call.c.ended_at.is_not(None), note.id.is_not(None)))
        .where(t.call.c.outcome != Outcome.BLOCKED.value)
        .order_by(t.call.c.arrived_at.desc(), note.created_at.desc())
        .limit(bindparam("most"))
    )


_EARLIER = _earlier()
_EARLIER_UNTIL = _EARLIER.where(t.call.c.arrived_at <= bindparam("until"))
_TOLD = (
    select(t.note_recipient.c.note_id, t.employee.c.name)
    .join(t.employee)
    .where(t.note_recipient.c.note_id.in_(bindparam("notes", expanding=True)))
    .order_by(t.employee.c.family_name)
)


async def earlier_calls(
    conn: AsyncConnection,
    customer_id: str,
    caller_number: str,
    limit: int = 10,
    until: datetime | None = None,
) -> tuple[EarlierCall, ...]:
    """The newest calls of this number to this company that are over, or noted and going on, each note of them
    by itself. "" (withheld): none. `until`: of those that had arrived at that moment; None: of all."""
    if not caller_number:
        return ()
    asked = {"customer": customer_id, "number": caller_number, "most": limit}
    query, when = (_EARLIER, {}) if until is None else (_EARLIER_UNTIL, {"until": until})
    rows = (await conn.execute(query, asked | when)).all()
    told = await _recipients(conn, [row.note_id for row in rows if row.note_id])
    return tuple(
        EarlierCall(
            call_id=row.id,
            arrived_at=row.arrived_at,
            outcome=Outcome(row.outcome),
            caller_name=row.caller_name or "",
            caller_company=row.caller_company or "",
            concern=row.concern or "",
            agent_name=f"{row.given_name} {row.family_name}" if row.given_name else "",
            recipients=told.get(row.note_id, ()),
            closed_reason=row.closed_reason,
            note_id=row.note_id,
        )
        for row in rows
    )


async def _recipients(conn: AsyncConnection, note_ids: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    if not note_ids:
        return found
    for row in await conn.execute(_TOLD, {"notes": note_ids}):
        found[row.note_id] = (*found.get(row.note_id, ()), row.name)
    return found
