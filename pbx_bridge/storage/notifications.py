"""The outbox: what is to go out, who is at it, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select, true

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.engine import AsyncConnection
from pbx_bridge.storage.sql import changed, insert_all, insert_once
from rules.model import Channel, MessageKind


class State(StrEnum):
    """Where a notification is; schema.sql says which state follows which."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class Outcome(StrEnum):
    """What one attempt came to; uncertain: nobody can know whether it went out."""

    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Notification:
    """One e-mail or SMS of a note, or the invitation of a log-in. `attempts` counts the running one too."""

    id: str
    note_id: str | None
    customer_id: str
    channel: Channel
    kind: MessageKind
    address: str
    body_text: str
    due_at: datetime
    created_at: datetime
    account_id: str | None = None
    employee_id: str | None = None
    cc: tuple[str, ...] = ()
    subject: str = ""
    body_html: str = ""
    message_id: str = ""
    state: State = State.WAITING
    attempts: int = 0
    lease_until: datetime | None = None
    gateway_id: str = ""
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """One try. `outcome` None: running, or the one who ran it died; `detail`: a code and the server's
    answer."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    outcome: Outcome | None
    detail: str


async def insert(conn: AsyncConnection, notifications: Sequence[Notification]) -> None:
    """Put them into the outbox; in the note's own transaction."""
    await insert_all(conn, t.notification, (_values(notification) for notification in notifications))


async def claim_due(
    conn: AsyncConnection,
    now: datetime,
    lease_until: datetime,
    limit: int = 20,
    channel: Channel | None = None,
) -> tuple[Notification, ...]:
    """Take what is due: each becomes `sending`, held until `lease_until`, with its attempt written before
    anything is sent."""
    due = (t.notification.c.state == State.WAITING.value) & (t.notification.c.due_at <= now)
    claimed = []
    for found in await _pick(conn, due & _by(channel), limit):
        number = found.attempts + 1
        values = {"state": State.SENDING.value, "attempts": number, "lease_until": lease_until}
        if await changed(conn, t.notification.update().where(_unchanged(found)).values(values)):
            attempt = {"notification_id": found.id, "number": number, "started_at": now}
            await insert_once(conn, t.delivery_attempt, attempt)
            claimed.append(_notification(found, **values | {"state": State.SENDING}))
    return tuple(claimed)


async def claim_abandoned(
    conn: AsyncConnection,
    now: datetime,
    lease_until: datetime,
    limit: int = 20,
    channel: Channel | None = None,
) -> tuple[Notification, ...]:
    """Take over what somebody was sending when their lease ran out: whether it went out is for `rules` to
    judge."""
    left = (t.notification.c.state == State.SENDING.value) & (t.notification.c.lease_until < now)
    claim = t.notification.update().values(lease_until=lease_until)
    return tuple(
        [
            _notification(found, lease_until=lease_until)
            for found in await _pick(conn, left & _by(channel), limit)
            if await changed(conn, claim.where(_unchanged(found)))
        ]
    )


async def finish(
    conn: AsyncConnection,
    sending: Notification,
    outcome: Outcome,
    detail: str,
    now: datetime,
    gateway_id: str = "",
) -> bool:
    """The attempt is over and no other follows by itself: state = outcome. False: somebody else decided
    meanwhile."""
    values: dict[str, Any] = {"state": outcome.value, "lease_until": None, "finished_at": now}
    if gateway_id:
        values["gateway_id"] = gateway_id
    if outcome is Outcome.SENT and sending.kind is MessageKind.INVITATION:
        values["body_text"] = ""  # whoever reads the database must not find the key to somebody's log-in
    return await _conclude(conn, sending, outcome, detail, now, values)


async def retry(
    conn: AsyncConnection,
    sending: Notification,
    outcome: Outcome,
    detail: str,
    now: datetime,
    due_at: datetime,
) -> bool:
    """The attempt is over and another one follows at `due_at`. False: somebody else decided meanwhile."""
    values = {"state": State.WAITING.value, "lease_until": None, "due_at": due_at}
    return await _conclude(conn, sending, outcome, detail, now, values)


async def report(
    conn: AsyncConnection,
    *,
    delivered: bool,
    detail: str,
    now: datetime,
    notification_id: str | None = None,
    gateway_id: str | None = None,
) -> str | None:
    """The gateway's delivery report, for our own id or for the gateway's; returns our id, None if it fits
    nothing.

    It may come before our own `finish`, and it outweighs an uncertain outcome.
    """
    column = t.notification.c.id if notification_id else t.notification.c.gateway_id
    wanted = notification_id or gateway_id
    if not wanted:
        return None
    undecided = t.notification.c.state.in_([State.SENDING.value, State.SENT.value, State.UNCERTAIN.value])
    state = State.DELIVERED if delivered else State.FAILED
    update = t.notification.update().where(column == wanted, undecided)
    told = update.values(state=state.value, lease_until=None, finished_at=now).returning(
        t.notification.c.id, t.notification.c.attempts
    )
    row = (await conn.execute(told)).first()
    if row is None:
        return None
    last = (t.delivery_attempt.c.notification_id == row.id) & (t.delivery_attempt.c.number == row.attempts)
    outcome = Outcome.SENT if delivered else Outcome.FAILED
    await conn.execute(
        t.delivery_attempt.update().where(last).values(outcome=outcome.value, detail=detail, ended_at=now)
    )
    return str(row.id)


async def requeue(conn: AsyncConnection, notification_id: str, now: datetime) -> bool:
    """A person has it sent again: failed or uncertain becomes waiting."""
    stuck_one = (t.notification.c.id == notification_id) & t.notification.c.state.in_(["failed", "uncertain"])
    values = {"state": State.WAITING.value, "due_at": now, "finished_at": None}
    return await changed(conn, t.notification.update().where(stuck_one).values(values))


async def settle(conn: AsyncConnection, notification_id: str, now: datetime) -> bool:
    """A person knows that an uncertain one arrived: it becomes sent."""
    doubtful = (t.notification.c.id == notification_id) & (t.notification.c.state == State.UNCERTAIN.value)
    return await changed(conn, t.notification.update().where(doubtful).values(state="sent", finished_at=now))


async def by_id(conn: AsyncConnection, notification_id: str) -> Notification | None:
    row = (
        await conn.execute(select(t.notification).where(t.notification.c.id == notification_id))
    ).one_or_none()
    return _notification(row) if row else None


async def of_note(conn: AsyncConnection, note_id: str) -> tuple[Notification, ...]:
    """All notifications of a note in the order they were made."""
    query = select(t.notification).where(t.notification.c.note_id == note_id)
    return await _list(conn, query.order_by(t.notification.c.id))


async def of_log_ins(conn: AsyncConnection, customer_id: str) -> tuple[Notification, ...]:
    """The invitations of a company's subaccounts; a log-in has at most one."""
    mine = (t.notification.c.customer_id == customer_id) & t.notification.c.account_id.is_not(None)
    return await _list(conn, select(t.notification).where(mine))


async def attempts_of(conn: AsyncConnection, notification_id: str) -> tuple[DeliveryAttempt, ...]:
    """Every try, first one first."""
    table = t.delivery_attempt
    rows = await conn.execute(
        select(table).where(table.c.notification_id == notification_id).order_by(table.c.number)
    )
    return tuple(
        DeliveryAttempt(
            r.number, r.started_at, r.ended_at, Outcome(r.outcome) if r.outcome else None, r.detail
        )
        for r in rows
    )


async def stuck(conn: AsyncConnection, overdue_since: datetime, limit: int = 100) -> tuple[Notification, ...]:
    """What a person has to look at: failed, uncertain, or waiting although it was due before
    `overdue_since`."""
    state = t.notification.c.state
    overdue = state.in_(["waiting", "sending"]) & (t.notification.c.due_at < overdue_since)
    query = select(t.notification).where(or_(state.in_(["failed", "uncertain"]), overdue))
    return await _list(conn, query.order_by(t.notification.c.created_at).limit(limit))


async def _pick(conn: AsyncConnection, condition: ColumnElement[bool], limit: int) -> Sequence[Row[Any]]:
    """Rows to take, oldest due first; PostgreSQL passes over what another worker is just taking."""
    query = select(t.notification).where(condition).order_by(t.notification.c.due_at, t.notification.c.id)
    return (await conn.execute(query.limit(limit).with_for_update(skip_locked=True))).all()


def _by(channel: Channel | None) -> ColumnElement[bool]:
    """Only this channel's; None: all."""
    return true() if channel is None else t.notification.c.channel == channel.value


def _unchanged(row: Row[Any]) -> ColumnElement[bool]:
    """Compare and set: nobody has taken or decided it since it was read."""
    c = t.notification.c
    same_lease = c.lease_until.is_(None) if row.lease_until is None else c.lease_until == row.lease_until
    return and_(c.id == row.id, c.state == row.state, c.attempts == row.attempts, same_lease)


async def _conclude(
    conn: AsyncConnection,
    sending: Notification,
    outcome: Outcome,
    detail: str,
    now: datetime,
    values: dict[str, Any],
) -> bool:
    """Close the attempt's row in any case, the notification's only while it is still this attempt's."""
    row = (t.delivery_attempt.c.notification_id == sending.id) & (
        t.delivery_attempt.c.number == sending.attempts
    )
    ending = {"ended_at": now, "outcome": outcome.value, "detail": detail}
    running = t.delivery_attempt.c.outcome.is_(None)
    await conn.execute(t.delivery_attempt.update().where(row, running).values(ending))
    c = t.notification.c
    mine = (c.id == sending.id) & (c.state == State.SENDING.value) & (c.attempts == sending.attempts)
    return await changed(conn, t.notification.update().where(mine).values(values))


async def _list(conn: AsyncConnection, query: Select[Any]) -> tuple[Notification, ...]:
    return tuple(_notification(row) for row in await conn.execute(query))


def _notification(row: Row[Any], **newer: Any) -> Notification:
    values = {name: getattr(row, name) for name in Notification.__slots__} | newer
    kinds = {"channel": Channel(row.channel), "kind": MessageKind(row.kind), "cc": tuple(row.cc)}
    return Notification(**values | kinds | {"state": State(values["state"])})


def _values(notification: Notification) -> dict[str, Any]:
    values = {name: getattr(notification, name) for name in Notification.__slots__}
    texts = {name: values[name].value for name in ("channel", "kind", "state")}
    return values | texts | {"cc": list(notification.cc)}
