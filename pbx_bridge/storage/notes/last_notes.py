"""The notes that an agent wrote last, each with what became of its messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, exists, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import pairs
from rules.text.names import sort_key


@dataclass(frozen=True, slots=True)
class NoteSummary:
    """A line in "Letzte Notizen". `recipients`: those named, and whoever took the call; `states`: of its
    notifications, of the last version that caused any; no addresses. `sms_off`: an SMS was wanted while SMS
    were switched off."""

    note_id: str
    call_id: str
    created_at: datetime
    customer_name: str
    caller_name: str
    recipients: tuple[str, ...]
    states: tuple[str, ...]
    sms_off: bool = False


def _last_of_agent() -> Select[Any]:
    later = t.call_note.alias()
    newer = select(later.c.id).where(later.c.replaces_id == t.call_note.c.id)
    return (
        select(t.call_note, t.customer.c.name.label("customer_name"), t.employee.c.name.label("taker"))
        .select_from(t.call_note.outerjoin(t.customer))
        .outerjoin(t.employee, t.employee.c.id == t.call_note.c.put_through_to)
        .where(t.call_note.c.agent_id == bindparam("agent"), ~exists(newer))
        .order_by(t.call_note.c.created_at.desc(), t.call_note.c.id.desc())
        .limit(bindparam("most"))
    )


_these: BindParameter[list[str]] = bindparam("these", expanding=True)
_LAST_OF_AGENT = _last_of_agent()
_NAMES = (
    select(t.note_recipient.c.note_id, t.employee.c.name)
    .join(t.employee)
    .where(t.note_recipient.c.note_id.in_(_these))
    .order_by(t.employee.c.family_name)
)
_STATES = (
    select(t.notification.c.note_id, t.notification.c.state)
    .where(t.notification.c.note_id.in_(_these))
    .order_by(t.notification.c.id)
)
_BEFORE = select(t.call_note.c.id, t.call_note.c.replaces_id).where(
    t.call_note.c.id.in_(_these), t.call_note.c.replaces_id.is_not(None)
)


async def last_of_agent(conn: AsyncConnection, agent_id: str, limit: int = 10) -> tuple[NoteSummary, ...]:
    """The agent's newest notes, each in its last version, with what became of their notifications."""
    rows = (await conn.execute(_LAST_OF_AGENT, {"agent": agent_id, "most": limit})).all()
    ids = [row.id for row in rows]
    names, states = await pairs(conn, _NAMES, ids), await _states(conn, ids)
    return tuple(
        NoteSummary(
            note_id=row.id,
            call_id=row.call_id,
            created_at=row.created_at,
            customer_name=row.customer_name or "",
            caller_name=row.caller_name,
            recipients=_each_once(names.get(row.id, ()), row.taker),
            states=states.get(row.id, ()),
            sms_off=row.sms_off,
        )
        for row in rows
    )


async def writer_of(conn: AsyncConnection, note_id: str) -> str | None:
    """The agent who wrote this version; all versions of a note are by one. None: it is gone, or they are."""
    query = select(t.call_note.c.agent_id).where(t.call_note.c.id == note_id)
    return (await conn.execute(query)).scalar_one_or_none()


def _each_once(names: tuple[str, ...], taker: str | None) -> tuple[str, ...]:
    return tuple(sorted({*names, *filter(None, [taker])}, key=sort_key))


async def _states(conn: AsyncConnection, note_ids: list[str]) -> dict[str, tuple[str, ...]]:
    """Of the messages of each note; a version that told nobody anything new has those of the one before."""
    found: dict[str, tuple[str, ...]] = {}
    asked = {note_id: note_id for note_id in note_ids}  # version → the note that is asked for
    while asked:
        states = await pairs(conn, _STATES, [*asked])
        found |= {asked[version]: told for version, told in states.items()}
        rest = [version for version in asked if version not in states]
        rows = (await conn.execute(_BEFORE, {"these": rest})).all() if rest else []
        asked = {row.replaces_id: asked[row.id] for row in rows}
    return found
