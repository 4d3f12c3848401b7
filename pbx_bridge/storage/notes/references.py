"""Who is there at this moment, and stays until the transaction ends: a note may name people who just left."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import existing

_EMPLOYERS = (
    select(t.employee.c.id, t.employee.c.customer_id)
    .where(t.employee.c.id.in_(bindparam("these", expanding=True)))
    .with_for_update(read=True, key_share=True)
)


@dataclass(frozen=True, slots=True)
class StillThere:
    """`employers`: employee → company, of those who are there."""

    customer: bool
    agent: bool
    employers: Mapping[str, str]


async def still_there(
    conn: AsyncConnection, customer_id: str | None, agent_id: str, employees: Collection[str]
) -> StillThere:
    """Which of these are there."""
    customer = bool(await existing(conn, t.customer, [customer_id]))
    agent = bool(await existing(conn, t.agent, [agent_id]))
    if not employees:
        return StillThere(customer, agent, {})
    rows = await conn.execute(_EMPLOYERS, {"these": list(employees)})
    return StillThere(customer, agent, {row.id: row.customer_id for row in rows})
