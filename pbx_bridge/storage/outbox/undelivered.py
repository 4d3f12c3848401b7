"""Messages that failed or are uncertain: who sees them can have them sent again, or say that they arrived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal_column, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import State
from rules.model import Channel, MessageKind
from rules.outbox.mail_answers import About
from rules.outbox.undelivered import Meaning, Why, meaning, why

_OWN = frozenset({MessageKind.PASSWORD, MessageKind.SECURITY})
"""Kinds that go nowhere but to whom they are for."""
STUCK = State.FAILED, State.UNCERTAIN


@dataclass(frozen=True, slots=True)
class Undelivered:
    """One message without its address: supervisors must not see any.

    `employee_id` None: the company's default address, or somebody who has left. `call_id` None: an
    invitation. `detail`: stable code and the server's words; `tried_at`: the last try.
    """

    id: str
    customer_id: str | None
    customer_name: str
    employee_id: str | None
    employee_name: str
    call_id: str | None
    channel: Channel
    kind: MessageKind
    is_copy: bool
    state: State
    created_at: datetime
    tried_at: datetime
    tries: int
    detail: str
    about: About

    @property
    def why(self) -> Why:
        """In a word for people."""
        return why(self.state.value, self.about, self.detail)

    @property
    def meaning(self) -> Meaning:
        """Of the code, in a word for people."""
        return meaning(self.detail)


async def listed(
    conn: AsyncConnection, customer_id: str | None = None, limit: int = 200
) -> tuple[Undelivered, ...]:
    """The newest first; of one company, or of all."""
    query = messages().where(_stuck(customer_id)).limit(limit)
    return tuple(from_row(row) for row in await conn.execute(query))


def messages() -> Select[Any]:
    """Messages with what `from_row` needs, the newest first."""
    n, a = t.notification, t.delivery_attempt
    last = and_(a.c.notification_id == n.c.id, a.c.number == n.c.attempts)
    return (
        select(
            n, t.customer.c.name.label("customer_name"), t.employee.c.name.label("employee_name"),
            t.call_note.c.call_id, a.c.started_at, a.c.detail, a.c.about,
        )
        .outerjoin(t.customer, t.customer.c.id == n.c.customer_id)
        .outerjoin(t.employee, t.employee.c.id == n.c.employee_id)
        .outerjoin(t.call_note, t.call_note.c.id == n.c.note_id)
        .outerjoin(a, last)
        .order_by(n.c.created_at.desc(), n.c.id.desc())
    )  # fmt: skip


def from_row(row: Row[Any]) -> Undelivered:
    """Of `messages`."""
    return Undelivered(
        id=row.id,
        customer_id=row.customer_id,
        customer_name=row.customer_name or "",
        employee_id=row.employee_id,
        employee_name=row.employee_name or "",
        call_id=row.call_id,
        channel=Channel(row.channel),
        kind=MessageKind(row.kind),
        is_copy=row.is_copy,
        state=State(row.state),
        created_at=row.created_at,
        tried_at=row.started_at or row.created_at,
        tries=row.attempts,
        detail=row.detail or "",
        about=About(row.about or About.MESSAGE),
    )


async def count(conn: AsyncConnection, customer_id: str | None = None) -> int:
    """How many; of one company, or of all."""
    query = select(func.count()).select_from(t.notification).where(_stuck(customer_id))
    return int((await conn.execute(query)).scalar_one())


async def send_again(conn: AsyncConnection, notification_id: str, now: datetime) -> bool:
    """A person has it sent again: to the address that the employee, or the company, has now, as a wrong one
    may have been mended. False when there is nothing to send again."""
    one = await notifications.by_id(conn, notification_id)
    if one is None or not await notifications.requeue(conn, one.id, now):
        return False
    own = one.is_copy or one.kind in _OWN
    address = "" if own else await _address_now(conn, one)
    if address and address != one.address:
        mine = t.notification.c.id == one.id
        await conn.execute(t.notification.update().where(mine).values(address=address))
    return True


async def _address_now(conn: AsyncConnection, one: notifications.Notification) -> str:
    company, person = t.customer.c, t.employee.c
    column = person.email if one.channel is Channel.EMAIL else person.mobile
    query = select(column).where(person.id == one.employee_id)
    if one.employee_id is None:
        query = select(company.default_email).where(company.id == one.customer_id)
    found = (await conn.execute(query)).scalar_one_or_none()
    return str(found or "").strip()


def in_states(columns: Any, *states: State) -> ColumnElement[bool]:
    """Of columns of `notification`. Written out, not as parameters: only so SQLite sees that the index of the
    messages in these states fits, and does not read all that were ever sent."""
    found: ColumnElement[bool] = columns.state.in_([literal_column(f"'{state.value}'") for state in states])
    return found


def _stuck(customer_id: str | None) -> ColumnElement[bool]:
    c = t.notification.c
    stuck = in_states(c, *STUCK)
    return stuck if customer_id is None else stuck & (c.customer_id == customer_id)
