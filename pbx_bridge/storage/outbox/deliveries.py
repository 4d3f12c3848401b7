"""What of the outbox waits, failed or is uncertain, of all companies: for whoever runs the house, so with
addresses; and what a person decides about one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, select, union_all

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import changed, insert_once
from pbx_bridge.storage.db.words import has_words
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import PASSING, DeliveryAttempt, Outcome, State
from pbx_bridge.storage.outbox.undelivered import STUCK, Undelivered, from_row, in_states, messages
from rules.model import Channel
from rules.office.needs import Concern, Sighting
from rules.text.foreign_text import readable

BY_HAND = "by_hand"
"""What the last attempt of a message says that a person has settled; behind it their reason."""


class DeliveryChoice(StrEnum):
    """`STUCK`: nothing happens by itself any more; `UNDER_WAY`: waiting or being sent; `OVERDUE`: of these,
    due for long; `ALL`: stuck or under way."""

    STUCK = "stuck"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    UNDER_WAY = "under_way"
    OVERDUE = "overdue"
    ALL = "all"


class DeliveryOrder(StrEnum):
    """Columns of the list: when it was written, and of which company it is."""

    MESSAGE = "message"
    WHOM = "whom"


@dataclass(frozen=True, slots=True)
class DeliverySearch:
    """`words`: each a part of the company's name; `channel` None: all; `due_before`: what was due then is
    overdue (aware); `down`: from the end of the column, as the newest are first."""

    choice: DeliveryChoice
    due_before: datetime
    words: str = ""
    channel: Channel | None = None
    order: DeliveryOrder = DeliveryOrder.MESSAGE
    down: bool = True


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message with its address. `due_at`: of the next try, if it waits; `in_note`: it is about a call, and
    no key to a log-in; `zone`, `region`: of the company, "" if it is of none."""

    message: Undelivered
    address: str
    cc: tuple[str, ...]
    subject: str
    due_at: datetime
    in_note: bool
    zone: str
    region: str


async def sighted(conn: AsyncConnection, due_before: datetime) -> tuple[Sighting, ...]:
    """How many failed, are uncertain or overdue, and since when."""
    found = []
    for choice in (DeliveryChoice.FAILED, DeliveryChoice.UNCERTAIN, DeliveryChoice.OVERDUE):
        c = t.notification.c
        query = select(func.count(), func.min(c.created_at)).where(_chosen(choice, due_before))
        number, since = (await conn.execute(query)).one()
        found.append(Sighting(Concern(choice.value), number, since))
    return tuple(found)


async def waiting_since(conn: AsyncConnection, before: datetime) -> Sighting:
    """What was ordered by then and is still under way, however often it has been tried since."""
    c = t.notification.c
    ordered = func.coalesce(c.again_at, c.created_at)
    query = select(func.count(), func.min(ordered)).where(in_states(c, *_UNDER_WAY), ordered <= before)
    number, since = (await conn.execute(query)).one()
    return Sighting(Concern.OVERDUE, number, since)


async def listed(
    conn: AsyncConnection, search: DeliverySearch, *, skip: int = 0, most: int = 50
) -> tuple[tuple[Delivery, ...], int]:
    """In the order of the search, and how many there are."""
    wanted = _wanted(search)
    joined = t.notification.outerjoin(t.customer, t.customer.c.id == t.notification.c.customer_id)
    total = (await conn.execute(select(func.count()).select_from(joined).where(*wanted))).scalar_one()
    c = t.notification.c
    first = [t.customer.c.name] if search.order is DeliveryOrder.WHOM else [c.created_at, c.id]
    order = [one.desc() if search.down else one for one in first]
    query = _deliveries().where(*wanted).order_by(None).order_by(*order, c.created_at.desc(), c.id.desc())
    query = query.offset(skip).limit(most)
    return tuple(_delivery(row) for row in await conn.execute(query)), int(total)


async def one(conn: AsyncConnection, message_id: str) -> tuple[Delivery, tuple[DeliveryAttempt, ...]] | None:
    """Any message with all its tries, the first one first; None: there is none."""
    row = (await conn.execute(_deliveries().where(t.notification.c.id == message_id))).one_or_none()
    return (_delivery(row), await notifications.attempts_of(conn, message_id)) if row else None


async def company_of(conn: AsyncConnection, message_id: str) -> str:
    """The name of the company whose message it is; "" for none."""
    query = select(t.customer.c.name).join(t.notification, t.notification.c.customer_id == t.customer.c.id)
    found: str | None = await conn.scalar(query.where(t.notification.c.id == message_id))
    return found or ""


async def send_to(conn: AsyncConnection, message_id: str, address: str, now: datetime) -> bool:
    """A person has it sent to this address instead. False: it is gone, arrived, or just being sent; or it
    holds the key to a log-in, which nobody else may get."""
    values = {"address": address, "state": State.WAITING.value, "due_at": now, "finished_at": None}
    mine = _undecided(message_id) & t.notification.c.note_id.is_not(None)
    return await changed(conn, t.notification.update().where(mine).values(values | {"again_at": now}))


async def settle(conn: AsyncConnection, message_id: str, reason: str, now: datetime) -> bool:
    """A person has seen to it: it is sent no more. False: it is gone, arrived, or just being sent.

    The reason is written down as its last try, where everybody looks who asks what became of it.
    """
    c = t.notification.c
    number = (await conn.execute(select(c.attempts).where(_undecided(message_id)))).scalar_one_or_none()
    if number is None:
        return False
    keys = [kind.value for kind in PASSING]
    values: dict[str, Any] = {
        "state": State.SENT.value,
        "attempts": number + 1,
        "finished_at": now,
        "body_text": case((c.kind.in_(keys), ""), else_=c.body_text),  # no key stays where it can be read
    }
    still = _undecided(message_id) & (c.attempts == number)
    if not await changed(conn, t.notification.update().where(still).values(values)):
        return False
    told = {
        "notification_id": message_id,
        "number": number + 1,
        "started_at": now,
        "ended_at": now,
        "outcome": Outcome.SENT.value,
        "detail": readable(f"{BY_HAND} {reason}"),
    }
    await insert_once(conn, t.delivery_attempt, told)
    return True


def _deliveries() -> Any:
    return messages().add_columns(t.customer.c.zone, t.customer.c.region)


def _wanted(search: DeliverySearch) -> list[ColumnElement[bool]]:
    c = t.notification.c
    wanted = [_chosen(search.choice, search.due_before)]
    if search.channel is not None:
        wanted.append(c.channel == search.channel.value)
    return [*wanted, has_words([t.customer.c.name], search.words)]


_UNDER_WAY = State.WAITING, State.SENDING


def _chosen(choice: DeliveryChoice, due_before: datetime) -> ColumnElement[bool]:
    c = t.notification.c
    match choice:
        case DeliveryChoice.STUCK:
            return in_states(c, *STUCK)
        case DeliveryChoice.FAILED | DeliveryChoice.UNCERTAIN:
            return in_states(c, *STUCK) & (c.state == choice.value)
        case DeliveryChoice.UNDER_WAY:
            return in_states(c, *_UNDER_WAY)
        case DeliveryChoice.OVERDUE:
            return in_states(c, *_UNDER_WAY) & (c.due_at < due_before)
        case DeliveryChoice.ALL:  # one index each; of both together no database makes use
            stuck, moving = t.notification.alias("stuck").c, t.notification.alias("moving").c
            found = select(stuck.id).where(in_states(stuck, *STUCK))
            return c.id.in_(union_all(found, select(moving.id).where(in_states(moving, *_UNDER_WAY))))


def _undecided(message_id: str) -> ColumnElement[bool]:
    """Nobody is sending it, and it is not there."""
    c = t.notification.c
    waiting = [State.WAITING.value, State.FAILED.value, State.UNCERTAIN.value]
    return (c.id == message_id) & c.state.in_(waiting)


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        from_row(row),
        row.address,
        tuple(row.cc),
        row.subject,
        row.due_at,
        row.note_id is not None,
        row.zone or "",
        row.region or "",
    )
