"""Messages that a restore holds back: on their way when the backup was made, they may have arrived since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, insert, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.outbox import notifications

RESTORED = "restored"
"""What the last attempt of such a message says."""
_message, _attempt = t.notification.c, t.delivery_attempt.c


@dataclass(frozen=True, slots=True)
class HeldMessages:
    """`since`, `until`: when the oldest and the newest of them was written; None when there is none."""

    mails: int = 0
    sms: int = 0
    since: datetime | None = None
    until: datetime | None = None

    @property
    def count(self) -> int:
        return self.mails + self.sms


async def hold(conn: AsyncConnection, now: datetime) -> int:
    """Nobody knows what became of those that were waiting or being sent: uncertain, and never sent by itself.

    Returns how many. Names only columns that every schema has: it is done before the upgrade.
    """
    under_way = select(_message.id, _message.state, _message.attempts)
    rows = (await conn.execute(under_way.where(_message.state.in_(["waiting", "sending"])))).all()
    for row in rows:
        number = row.attempts + (row.state == "waiting")
        ending = {"ended_at": now, "outcome": "uncertain", "detail": RESTORED}
        if row.state == "waiting":
            told = {"notification_id": row.id, "number": number, "started_at": now} | ending
            await conn.execute(insert(t.delivery_attempt).values(told))
        else:
            this = and_(_attempt.notification_id == row.id, _attempt.number == number)
            await conn.execute(t.delivery_attempt.update().where(this).values(ending))
        state = {"state": "uncertain", "attempts": number, "lease_until": None, "finished_at": now}
        await conn.execute(t.notification.update().where(_message.id == row.id).values(state))
    return len(rows)


async def held(conn: AsyncConnection) -> HeldMessages:
    """What is held back still."""
    columns = (_message.channel, func.count(), func.min(_message.created_at), func.max(_message.created_at))
    rows = (await conn.execute(_those(*columns).group_by(_message.channel))).all()
    counts = {row[0]: row[1] for row in rows}
    if not rows:
        return HeldMessages()
    return HeldMessages(
        counts.get("email", 0), counts.get("sms", 0), min(row[2] for row in rows), max(row[3] for row in rows)
    )


async def release(conn: AsyncConnection, now: datetime, *, send: bool) -> int:
    """Send them now, marked as possible duplicates; or they had gone out. Returns how many."""
    deed = notifications.requeue if send else notifications.settle
    ids = list((await conn.execute(_those(_message.id).order_by(_message.created_at))).scalars())
    return sum([await deed(conn, one, now) for one in ids])


def _those(*columns: object):  # type: ignore[no-untyped-def]  # a Select of these columns
    last = and_(_attempt.notification_id == _message.id, _attempt.number == _message.attempts)
    joined = select(*columns).join_from(t.notification, t.delivery_attempt, last)  # type: ignore[call-overload]
    return joined.where(_message.state == "uncertain", _attempt.detail == RESTORED)
