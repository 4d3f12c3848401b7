"""What the house decides about a company as a whole, and what it gives back at its end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import account_changes
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.access.accounts import from_row
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import changed
from rules.vocabulary import ServiceState

AT_ONCE = 500
"""Rows of a kind that one transaction erases: whoever has to store a note waits no longer than for these."""


async def set_state(
    conn: AsyncConnection, customer_id: str, was: ServiceState, now_is: ServiceState, at: datetime
) -> bool:
    """False: meanwhile somebody has decided something else."""
    mine = (t.customer.c.id == customer_id) & (t.customer.c.service == was.value)
    values = {"service": now_is.value, "service_since": at}
    return await changed(conn, t.customer.update().where(mine).values(values))


async def give_numbers_back(conn: AsyncConnection, customer_id: str) -> tuple[str, ...]:
    """Lines are nobody's again, and its own numbers tell of nobody's calls; returns the lines, E.164."""
    mine = t.line.c.customer_id == customer_id
    freed = await conn.execute(
        t.line.update().where(mine).values(customer_id=None).returning(t.line.c.number)
    )
    numbers = tuple(sorted(freed.scalars()))
    await conn.execute(t.public_number.delete().where(t.public_number.c.customer_id == customer_id))
    return numbers


async def close_log_ins(conn: AsyncConnection, customer_id: str, by: By) -> int:
    """Nobody of the company is in or comes in any more, nor by an invitation, a calendar's address, or a way
    back to a log-in that was there; how many that were."""
    # Also if the company is taken up again: which log-ins are open then is decided anew, by hand.
    await conn.execute(t.undo_step.delete().where(t.undo_step.c.customer_id == customer_id))
    await conn.execute(t.calendar_feed.delete().where(t.calendar_feed.c.customer_id == customer_id))
    theirs = (t.account.c.customer_id == customer_id) & t.account.c.disabled.is_(False)
    open_ones = (await conn.execute(select(t.account).where(theirs))).all()
    for row in open_ones:
        await account_changes.lock(conn, from_row(row), by, locked=True)
    return len(open_ones)


async def erase_some(conn: AsyncConnection, customer_id: str) -> bool:
    """`AT_ONCE` calls with their notes, or messages, or, when none is left, the company with all that is its
    own; whether there may be more."""
    for table in (t.call, t.notification, t.usage):
        some = select(table.c.id).where(table.c.customer_id == customer_id).limit(AT_ONCE)
        if (await conn.execute(table.delete().where(table.c.id.in_(some)))).rowcount:
            return True
    await conn.execute(t.customer.delete().where(t.customer.c.id == customer_id))
    return False
