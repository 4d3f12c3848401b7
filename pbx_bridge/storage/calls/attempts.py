"""Who was rung to put a caller through, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.calls.at_pbx import at_pbx
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import changed, existing, insert_once


@dataclass(frozen=True, slots=True)
class StoredAttempt:
    """One employee rung, or somebody outside. `id`: its ChannelId; `result`: None while it runs, then a word
    of the schema; `asked_id`: whom the caller wanted; `number`: of who is no employee; `left_out`: of
    a deputy, why whom the caller wanted was not rung (a `TransferRefusal`)."""

    id: str
    call_id: str
    started_at: datetime
    employee_id: str | None = None
    as_deputy: bool = False
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    result: str | None = None
    asked_id: str | None = None
    number: str = ""
    left_out: str = ""

    @property
    def asked_for(self) -> str | None:
        """Whom the caller wanted; older rows tell it only of those who were rung themselves."""
        return self.asked_id or (None if self.as_deputy else self.employee_id)


_moment = bindparam("moment", type_=t.attempt.c.started_at.type)
_this = t.attempt.update().where(t.attempt.c.id == bindparam("this"), t.attempt.c.result.is_(None))
_ANSWERED = _this.where(t.attempt.c.answered_at.is_(None)).values(answered_at=_moment)
_ENDED = _this.values(result=bindparam("became"), ended_at=_moment)
_NAMED = (
    t.attempt.update()
    .where(t.attempt.c.id == bindparam("this"), t.attempt.c.employee_id.is_(None))
    .values(employee_id=bindparam("whom"), as_deputy=bindparam("deputy"))
)


async def insert(conn: AsyncConnection, attempt: StoredAttempt) -> bool:
    """Write it down before ringing; False when it is there already, which means: do not ring again, or when
    its call is not. An employee who is gone by now is left out."""
    values = {name: getattr(attempt, name) for name in StoredAttempt.__slots__}
    if not await existing(conn, t.call, [attempt.call_id]):
        return False
    there = await existing(conn, t.employee, [attempt.employee_id, attempt.asked_id])
    for whom in ("employee_id", "asked_id"):
        values[whom] = values[whom] if values[whom] in there else None
    return await insert_once(conn, t.attempt, values)


async def answered(conn: AsyncConnection, attempt_id: str, now: datetime) -> bool:
    """The employee picked up; False when that was known, or the attempt is over."""
    return await changed(conn, _ANSWERED, this=attempt_id, moment=now)


async def ended(conn: AsyncConnection, attempt_id: str, result: str, now: datetime) -> bool:
    """The attempt is over; False when it had a result before, which stays."""
    return await changed(conn, _ENDED, this=attempt_id, became=result, moment=now)


async def name(conn: AsyncConnection, attempt_id: str, employee_id: str, as_deputy: bool) -> bool:
    """Say whom an attempt was for that was written down without; False when that was known."""
    if employee_id not in await existing(conn, t.employee, [employee_id]):
        return False
    return await changed(conn, _NAMED, this=attempt_id, whom=employee_id, deputy=as_deputy)


async def of_call(conn: AsyncConnection, call_id: str) -> tuple[StoredAttempt, ...]:
    """The attempts of one call in their order."""
    query = (
        select(t.attempt)
        .where(t.attempt.c.call_id == call_id)
        .order_by(t.attempt.c.started_at, t.attempt.c.id)
    )
    return tuple(_attempt(row) for row in await conn.execute(query))


async def unfinished(
    conn: AsyncConnection, pbx: str = "", *, nobodys_until: datetime | None = None
) -> tuple[StoredAttempt, ...]:
    """All attempts of this PBX without a result: what a restart has to look after there. `nobodys_until`: as
    of `at_pbx`."""
    of_calls = select(t.attempt).join(t.call, t.call.c.id == t.attempt.c.call_id)
    query = of_calls.where(t.attempt.c.result.is_(None), at_pbx(pbx, nobodys_until))
    return tuple(_attempt(row) for row in await conn.execute(query.order_by(t.attempt.c.started_at)))


def _attempt(row: Row[Any]) -> StoredAttempt:
    return StoredAttempt(**{name: getattr(row, name) for name in StoredAttempt.__slots__})
