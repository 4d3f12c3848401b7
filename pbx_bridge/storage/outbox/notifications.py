"""The outbox: what is to go out, who is at it, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, or_, select, true

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import changed, insert_all, insert_once
from rules.model import Channel, MessageKind
from rules.outbox.mail_answers import About
from rules.text.foreign_text import readable
from rules.vocabulary import MessageState, SendOutcome

State = MessageState
Outcome = SendOutcome
KEYS = frozenset({MessageKind.INVITATION, MessageKind.PASSWORD})
"""Kinds that hold the key to somebody's log-in."""
PASSING = KEYS | {MessageKind.SECURITY}
"""Kinds whose text nobody needs once it is sent."""


@dataclass(frozen=True, slots=True)
class Notification:
    """One e-mail or SMS of a note, or a mail with the key to a log-in. `attempts` counts the running one too.

    `customer_id` None: to somebody of the house.

    `report_token`: the secret under which an SMS may be reported; `again_at`: when a person last had it sent
    again; `is_copy`: of a mail that others have got; `reason`: why it goes out (a `Told`).
    """

    id: str
    note_id: str | None
    customer_id: str | None
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
    report_token: str = ""
    again_at: datetime | None = None
    is_copy: bool = False
    reason: str = ""

    @property
    def ordered_at(self) -> datetime:
        """Since when it is to go out."""
        return self.again_at or self.created_at


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """One try. `outcome` None: running, or the one who ran it died; `detail`: a code and the server's
    answer; `about`: what a failure speaks of."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    outcome: Outcome | None
    detail: str
    about: About = About.MESSAGE


_TOLD = t.call_note.update().where(t.call_note.c.id.in_(bindparam("these", expanding=True)))


async def insert(conn: AsyncConnection, notifications: Sequence[Notification]) -> None:
    """Put them into the outbox; in the note's own transaction."""
    await insert_all(conn, t.notification, (_values(notification) for notification in notifications))
    if notes := {one.note_id for one in notifications if one.note_id}:
        await conn.execute(_TOLD.values(untold=False), {"these": list(notes)})


async def claim_due(
    conn: AsyncConnection,
    now: datetime,
    lease_until: datetime,
    limit: int = 20,
    channel: Channel | None = None,
) -> tuple[Notification, ...]:
    """Take what is due: each becomes `sending`, held until `lease_until`, with its attempt written before
    anything is sent."""
    # The attempt is written first because a process may die while it sends: then a running attempt without an
    # end is what tells that the message may have gone out, and it is not simply sent again.
    c = t.notification.c
    ordered = func.coalesce(c.again_at, c.created_at)
    ahead = (ordered > now) & (c.due_at == ordered)  # ordered before the clock was put right, not tried since
    due = (c.state == State.WAITING.value) & ((c.due_at <= now) | ahead)
    claimed = []
    for found in await _pick(conn, due & _by(channel), limit):
        number = found.attempts + 1
        values = {"state": State.SENDING.value, "attempts": number, "lease_until": lease_until}
        # Picked is not taken: a person may have decided about it between the two statements.
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
    but: Collection[str] = (),
) -> tuple[Notification, ...]:
    """Take over what somebody was sending when their lease ran out: whether it went out is for `rules` to
    judge, in the same transaction. `but`: ids that the caller itself is sending."""
    c = t.notification.c
    # The clock may have been put forward, or the database been away: a lease that ran out does not prove that
    # its holder is gone. The caller knows its own (`but`); what others do late is for `_conclude`.
    left = (c.state == State.SENDING.value) & (c.lease_until < now) & c.id.not_in(but)
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
    about: About = About.MESSAGE,
) -> bool:
    """The attempt is over and no other follows by itself: state = outcome. False: somebody else decided
    meanwhile."""
    values: dict[str, Any] = {"state": outcome.value, "lease_until": None, "finished_at": now}
    if gateway_id:
        values["gateway_id"] = readable(gateway_id)
    if outcome is Outcome.SENT and sending.kind in PASSING:
        values["body_text"] = ""  # whoever reads the database must not find the key to somebody's log-in
    return await _conclude(conn, sending, (outcome, detail, about), now, values)


async def retry(
    conn: AsyncConnection,
    sending: Notification,
    outcome: Outcome,
    detail: str,
    now: datetime,
    due_at: datetime,
    about: About = About.MESSAGE,
) -> bool:
    """The attempt is over and another one follows at `due_at`. False: somebody else decided meanwhile."""
    values = {"state": State.WAITING.value, "lease_until": None, "due_at": due_at}
    return await _conclude(conn, sending, (outcome, detail, about), now, values)


async def requeue(conn: AsyncConnection, notification_id: str, now: datetime) -> bool:
    """A person has it sent again: failed or uncertain becomes waiting."""
    stuck_one = (t.notification.c.id == notification_id) & t.notification.c.state.in_(["failed", "uncertain"])
    values = {"state": State.WAITING.value, "due_at": now, "finished_at": None, "again_at": now}
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


async def of_log_ins(
    conn: AsyncConnection, customer_id: str, ids: Collection[str] | None = None
) -> tuple[Notification, ...]:
    """The invitations of a company's subaccounts, of these log-ins or of all; each has at most one."""
    invited = t.notification.c.kind == MessageKind.INVITATION.value
    mine = (t.notification.c.customer_id == customer_id) & t.notification.c.account_id.is_not(None) & invited
    if ids is not None:
        mine &= t.notification.c.account_id.in_(ids)
    return await _list(conn, select(t.notification).where(mine))


async def attempts_of(conn: AsyncConnection, notification_id: str) -> tuple[DeliveryAttempt, ...]:
    """Every try, first one first."""
    table = t.delivery_attempt
    rows = await conn.execute(
        select(table).where(table.c.notification_id == notification_id).order_by(table.c.number)
    )
    return tuple(
        DeliveryAttempt(
            number=r.number,
            started_at=r.started_at,
            ended_at=r.ended_at,
            outcome=Outcome(r.outcome) if r.outcome else None,
            detail=r.detail,
            about=About(r.about),
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
    result: tuple[Outcome, str, About],
    now: datetime,
    values: dict[str, Any],
) -> bool:
    """Close the attempt's row in any case, the notification's only while it is still this attempt's."""
    # Whoever comes late, with the answer of a server that took minutes, still knows what became of its try:
    # that is written down. But the message may have been taken over meanwhile, and is not moved any more.
    outcome, detail, about = result
    row = (t.delivery_attempt.c.notification_id == sending.id) & (
        t.delivery_attempt.c.number == sending.attempts
    )
    ending = {"ended_at": now, "outcome": outcome.value, "detail": readable(detail), "about": about.value}
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
