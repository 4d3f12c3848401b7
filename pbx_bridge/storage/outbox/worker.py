"""What the worker of the outbox does beside sending: keep its leases, part copies from their mail, give up
what is too old."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select, tuple_

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import changed, insert_once
from pbx_bridge.storage.outbox import notifications as n
from pbx_bridge.storage.outbox.notifications import Notification, Outcome, State
from rules.model import Channel
from rules.outbox.mail_answers import About
from rules.text.foreign_text import readable

TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True)
class Tries:
    """Earlier ones that count: `refused` spoke against the message, `doubtful` ended uncertain."""

    refused: int
    doubtful: int


@dataclass(frozen=True, slots=True)
class Parted:
    """A copy that fared differently: its outcome, and when it is tried again (None: not by itself)."""

    address: str
    outcome: Outcome
    detail: str
    about: About
    due_at: datetime | None


async def tries(conn: AsyncConnection, sending: Notification) -> Tries:
    """What has been tried since it was ordered, without the running attempt."""
    since = sending.ordered_at
    earlier = [
        one
        for one in await n.attempts_of(conn, sending.id)
        if one.started_at >= since and one.number < sending.attempts
    ]
    return Tries(
        refused=sum(one.outcome is Outcome.FAILED and one.about is not About.SERVER for one in earlier),
        doubtful=sum(one.outcome is Outcome.UNCERTAIN for one in earlier),
    )


async def renew(conn: AsyncConnection, held: Collection[Notification], lease_until: datetime) -> None:
    """Whoever sends these is still at it; what somebody else has taken over since stays theirs."""
    # The number of the attempt says whose lease it is: every claim counts one up.
    c = t.notification.c
    mine = tuple_(c.id, c.attempts).in_([(one.id, one.attempts) for one in held])
    still = mine & (c.state == State.SENDING.value)
    await conn.execute(t.notification.update().where(still).values(lease_until=lease_until))


async def part(conn: AsyncConnection, mail: Notification, copies: Sequence[Parted], now: datetime) -> None:
    """Copies that fared differently become messages of their own; the rest stays with its mail."""
    # One mail has one state. A copy that was refused must not have the others sent again, so it goes its own
    # way, with the try that it had as its first one.
    gone = {copy.address for copy in copies}
    left = [address for address in mail.cc if address not in gone]
    await conn.execute(t.notification.update().where(t.notification.c.id == mail.id).values(cc=left))
    for copy in copies:
        state = State(copy.outcome.value) if copy.due_at is None else State.WAITING
        one = replace(
            mail,
            id=new_id(),
            address=copy.address,
            cc=(),
            state=state,
            attempts=1,
            due_at=copy.due_at or now,
            lease_until=None,
            finished_at=now if copy.due_at is None else None,
            is_copy=True,
        )
        await n.insert(conn, [one])
        await _tried(conn, one, copy, now)


async def _tried(conn: AsyncConnection, one: Notification, copy: Parted, now: datetime) -> None:
    values = {
        "notification_id": one.id,
        "number": one.attempts,
        "started_at": now,
        "ended_at": now,
        "outcome": copy.outcome.value,
        "detail": readable(copy.detail),
        "about": copy.about.value,
    }
    await insert_once(conn, t.delivery_attempt, values)


async def give_up(
    conn: AsyncConnection, channel: Channel, ordered_before: datetime, now: datetime, limit: int = 50
) -> tuple[Notification, ...]:
    """What has waited since before that moment is failed, with the reason as its last try; returns it."""
    c = t.notification.c
    ordered = func.coalesce(c.again_at, c.created_at)
    stale = (c.channel == channel.value) & (c.state == State.WAITING.value) & (ordered < ordered_before)
    rows = await conn.execute(select(c.id).where(stale).order_by(c.created_at).limit(limit))
    found = []
    for row in rows.all():
        one = await n.by_id(conn, row.id)
        if one is None:
            continue
        # A try that never was, so that whoever looks finds a reason where all others stand.
        number = one.attempts + 1
        values = {"state": State.FAILED.value, "attempts": number, "finished_at": now}
        mine = (c.id == one.id) & (c.attempts == one.attempts) & stale
        if await changed(conn, t.notification.update().where(mine).values(values)):
            copy = Parted(one.address, Outcome.FAILED, TOO_OLD, About.MESSAGE, None)
            await _tried(conn, replace(one, attempts=number), copy, now)
            found.append(one)
    return tuple(found)


async def waiting(conn: AsyncConnection, channel: Channel) -> int:
    """How many have not left yet."""
    c = t.notification.c
    under_way = c.state.in_([State.WAITING.value, State.SENDING.value]) & (c.channel == channel.value)
    return int((await conn.execute(select(func.count()).where(under_way))).scalar_one())
