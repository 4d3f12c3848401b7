"""Teams, who is in them, and who answers for a company."""

from __future__ import annotations

from collections.abc import Collection

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import existing, insert_all, insert_once
from rules.model import Answering


async def insert(conn: AsyncConnection, team_id: str, name: str) -> bool:
    """False: another one has its name."""
    return await insert_once(conn, t.team, {"id": team_id, "name": name})


async def rename(conn: AsyncConnection, team_id: str, name: str) -> None:
    """Nobody else has this name."""
    await conn.execute(t.team.update().where(t.team.c.id == team_id).values(name=name))


async def set_members(conn: AsyncConnection, team_id: str, agents: Collection[str]) -> None:
    """These agents and no others; who is gone meanwhile is left out."""
    there = await existing(conn, t.agent, agents)
    await conn.execute(t.team_member.delete().where(t.team_member.c.team_id == team_id))
    await insert_all(conn, t.team_member, [{"team_id": team_id, "agent_id": one} for one in sorted(there)])


async def set_teams(conn: AsyncConnection, agent_id: str, teams: Collection[str]) -> None:
    """The agent is in these teams and no others; one that is gone meanwhile is left out."""
    there = await existing(conn, t.team, teams)
    await conn.execute(t.team_member.delete().where(t.team_member.c.agent_id == agent_id))
    await insert_all(conn, t.team_member, [{"team_id": one, "agent_id": agent_id} for one in sorted(there)])


async def delete(conn: AsyncConnection, team_id: str) -> None:
    """Nobody names it any more."""
    await conn.execute(t.team.delete().where(t.team.c.id == team_id))


async def set_answering(conn: AsyncConnection, customer_id: str, answering: Answering) -> None:
    """Who answers for this company."""
    values = {
        "team_id": answering.team,
        "overflow_after": answering.overflow_after,
        "overflow_team_id": answering.overflow_team,
        "language": answering.language,
    }
    await conn.execute(t.customer.update().where(t.customer.c.id == customer_id).values(values))
