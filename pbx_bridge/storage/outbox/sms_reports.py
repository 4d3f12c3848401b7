"""What a gateway tells of an SMS afterwards: it outweighs what we knew, and an SMS that arrived is billed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.billing import usage
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.outbox.notifications import Outcome, State
from rules.model import Channel
from rules.outbox.sms_text import messages
from rules.text.foreign_text import readable

UNDECIDED = (State.SENDING.value, State.SENT.value, State.UNCERTAIN.value)


@dataclass(frozen=True, slots=True)
class Key:
    """By what an SMS is found: the secret that only its gateway was given, or the gateway's own name for it
    (for reports that are signed)."""

    token: str = ""
    gateway_id: str = ""

    def __bool__(self) -> bool:
        return bool(self.token or self.gateway_id)


async def fits(conn: AsyncConnection, key: Key) -> bool:
    """Whether there is anything to decide: looked up before anybody waits for the writer."""
    if not key:
        return False
    found = await conn.execute(select(t.notification.c.id).where(_meant(key)).limit(1))
    return found.first() is not None


async def report(
    conn: AsyncConnection, key: Key, *, delivered: bool, detail: str, now: datetime
) -> str | None:
    """The gateway's word; returns the id of the SMS's note, None if it fits no SMS, or one that is decided.

    It may come before our own `finish`.
    """
    if not key:
        return None
    # The condition decides, not what was read before: of two reports one finds it undecided, and so no SMS is
    # billed twice. The sender's own `finish`, if it comes later, finds it decided and leaves it.
    state = State.DELIVERED if delivered else State.FAILED
    update = t.notification.update().where(_meant(key))
    told = update.values(state=state.value, lease_until=None, finished_at=now).returning(
        *(t.notification.c[name] for name in ("id", "note_id", "attempts", "customer_id", "body_text"))
    )
    row = (await conn.execute(told)).first()
    if row is None:
        return None
    last = (t.delivery_attempt.c.notification_id == row.id) & (t.delivery_attempt.c.number == row.attempts)
    outcome = Outcome.SENT if delivered else Outcome.FAILED
    values = {"outcome": outcome.value, "detail": readable(detail), "ended_at": now}
    await conn.execute(t.delivery_attempt.update().where(last).values(values))
    if delivered:  # also when our own answer was lost: it did go out, and it costs
        await usage.sms_sent(conn, row.id, row.customer_id, messages(row.body_text), now)
    return cast("str | None", row.note_id)


def _meant(key: Key) -> ColumnElement[bool]:
    c = t.notification.c
    named = c.report_token == key.token if key.token else c.gateway_id == key.gateway_id
    return named & (c.channel == Channel.SMS.value) & c.state.in_(UNDECIDED)
