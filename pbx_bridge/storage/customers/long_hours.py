"""Companies with many single hours in which calls are answered: those that the PBX may not take whole."""

from __future__ import annotations

from sqlalchemy import func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.customers.company_rows import nobody_free_of
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import rows_of
from rules.model import NobodyFree

SHORT = 120
"""Hours of so many letters take a third of the line that the PBX reads at most."""


async def of_state(conn: AsyncConnection, state: str) -> list[tuple[str, str, NobodyFree]]:
    """Name, zone, and what comes for their callers, on the holidays of the law; `state` "": of all that have
    one. By name."""
    c, customer = t.nobody_free.c, t.customer.c
    theirs = customer.state == state if state else customer.state != ""
    query = (
        select(t.nobody_free, customer.state, customer.name, customer.zone)
        .join_from(t.nobody_free, t.customer)
        .where(func.length(c.hours) > SHORT, theirs)
        .order_by(customer.name)
    )
    return [(row.name, row.zone, nobody_free_of(row, {})) async for row in rows_of(conn, query)]
