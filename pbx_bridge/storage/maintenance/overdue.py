"""What of a company is still there although its time is over: it waits for a person to decide, or for the
next round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from rules.office.retention_days import RetentionDays

if TYPE_CHECKING:
    from pbx_bridge.settings import RetentionSettings


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many notes and calls."""

    notes: int
    calls: int


async def overdue(
    conn: AsyncConnection, customer_id: str, own: RetentionDays, house: RetentionSettings, now: datetime
) -> Overdue:
    """Counted from indexes of the company's notes and calls."""
    note, call = t.call_note.c, t.call.c
    note_limit = now - timedelta(days=own.note_days or house.note_days)
    call_limit = now - timedelta(days=own.call_days or house.call_days)
    notes = select(func.count()).where(note.customer_id == customer_id, note.created_at < note_limit)
    calls = select(func.count()).where(call.customer_id == customer_id, call.arrived_at < call_limit)
    return Overdue(
        int((await conn.execute(notes)).scalar_one()), int((await conn.execute(calls)).scalar_one())
    )
