"""Calendars elsewhere that could not be read for some time: whose appointments agents no longer know."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, text

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from rules.office.needs import NAMED, Concern, Sighting

_FAILING: Any = text("calendar_source.result NOT IN ('ok', 'waiting')")
"""Written out, not as parameters: only so the index of these few is found to fit."""


def failing(good_until: datetime) -> ColumnElement[bool]:
    """Of a row of `calendar_source`: tried, and last read well before `good_until` (aware), or never."""
    source = t.calendar_source.c
    never = source.succeeded_at.is_(None) & (source.checked_at < good_until)
    return and_(_FAILING, or_(source.succeeded_at < good_until, never))


async def sighted(conn: AsyncConnection, good_until: datetime) -> Sighting:
    """How many, since when the oldest, and the companies of some."""
    source = t.calendar_source.c
    since = func.min(func.coalesce(source.succeeded_at, source.checked_at))
    number, oldest = (await conn.execute(select(func.count(), since).where(failing(good_until)))).one()
    if not number:
        return Sighting(Concern.CALENDAR)
    named = (
        select(t.customer.c.name)
        .join(t.employee, t.employee.c.customer_id == t.customer.c.id)
        .join(t.calendar_source, source.employee_id == t.employee.c.id)
        .where(failing(good_until))
        .distinct()
        .order_by(t.customer.c.name)
        .limit(NAMED)
    )
    return Sighting(Concern.CALENDAR, number, oldest, names=tuple((await conn.execute(named)).scalars()))
