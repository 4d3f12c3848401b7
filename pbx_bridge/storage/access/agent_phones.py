"""Telephones that the service gave to agents, for Asterisk's own database; no password, only its digest."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from rules.access.phones import phone_name


async def load_all(conn: AsyncConnection) -> dict[str, str]:
    """Name → digest, of all agents who may log in."""
    query = (
        select(t.agent.c.interface, t.agent_phone.c.digest)
        .join_from(t.agent, t.agent_phone)
        .join(t.account, t.account.c.id == t.agent.c.account_id)
        .where(t.account.c.disabled.is_(False))
    )
    found = ((phone_name(row.interface), row.digest) for row in await conn.execute(query))
    return {name: digest for name, digest in found if name is not None}


async def given_at(conn: AsyncConnection, agent_id: str) -> datetime | None:
    """Since when this agent's phone has its password; None: it was not given by us."""
    query = select(t.agent_phone.c.given_at).where(t.agent_phone.c.agent_id == agent_id)
    found: datetime | None = (await conn.execute(query)).scalar_one_or_none()
    return found


async def give(conn: AsyncConnection, agent_id: str, digest: str, now: datetime) -> None:
    """From now on this password counts, and no other."""
    await take_away(conn, agent_id)
    await conn.execute(t.agent_phone.insert().values(agent_id=agent_id, digest=digest, given_at=now))


async def take_away(conn: AsyncConnection, agent_id: str) -> bool:
    """The phone logs in no more; False: it was not given by us."""
    gone = await conn.execute(t.agent_phone.delete().where(t.agent_phone.c.agent_id == agent_id))
    return bool(gone.rowcount)
