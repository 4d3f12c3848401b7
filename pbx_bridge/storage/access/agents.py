"""The people who answer the calls, with their phones."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.db.sql import changed, insert_once
from rules.model import Agent
from rules.text.names import sort_key

_PLUS = "+"
"""Between teams or languages in one text."""
_TEAMS = (
    select(func.aggregate_strings(t.team_member.c.team_id, _PLUS))
    .where(t.team_member.c.agent_id == t.agent.c.id)
    .scalar_subquery()
)
_LOCALE = select(t.account.c.locale).where(t.account.c.id == t.agent.c.account_id).scalar_subquery()
_LOCKED = exists().where(t.account.c.id == t.agent.c.account_id, t.account.c.disabled)
"""Asked agent by agent. Joined, SQLite would begin with the accounts, of which there are thousands."""
_QUERY = select(t.agent, _LOCALE.label("locale"), _TEAMS.label("teams")).order_by(
    t.agent.c.family_name, t.agent.c.given_name
)


async def load_all(conn: AsyncConnection) -> tuple[Agent, ...]:
    """All agents whose account is not disabled, by name."""
    rows = await conn.execute(_QUERY.where(~_LOCKED))
    return tuple(sorted(map(_agent, rows), key=lambda one: sort_key(f"{one.family_name}, {one.given_name}")))


async def locked(conn: AsyncConnection) -> frozenset[str]:
    """The phones of agents whose account is disabled."""
    query = select(t.agent.c.interface).where(_LOCKED)
    return frozenset((await conn.execute(query)).scalars())


async def phones(conn: AsyncConnection) -> dict[str, str]:
    """Whose each phone is, by login; of locked agents too."""
    query = select(t.agent.c.interface, t.account.c.login).join_from(t.agent, t.account)
    return {row.interface: row.login for row in await conn.execute(query)}


async def by_id(conn: AsyncConnection, agent_id: str) -> Agent | None:
    return await _one(conn, t.agent.c.id == agent_id)


async def by_account(conn: AsyncConnection, account_id: str) -> Agent | None:
    """The agent who logs in with this account, or None."""
    return await _one(conn, t.agent.c.account_id == account_id)


async def by_interface(conn: AsyncConnection, interface: str) -> Agent | None:
    """The agent who has this phone ("PJSIP/anna"), or None."""
    return await _one(conn, t.agent.c.interface == interface)


async def account_of(conn: AsyncConnection, agent_id: str) -> str | None:
    """Id of the log-in that belongs to this agent."""
    query = select(t.agent.c.account_id).where(t.agent.c.id == agent_id)
    found: str | None = (await conn.execute(query)).scalar_one_or_none()
    return found


async def insert(
    conn: AsyncConnection,
    account_id: str,
    given_name: str,
    family_name: str,
    interface: str,
    *,
    bound: bool = False,
) -> str:
    """A new agent; returns its id. `bound`: to secrecy."""
    agent_id = new_id()
    values = {"id": agent_id, "account_id": account_id, "interface": interface, "bound": bound}
    await conn.execute(t.agent.insert().values(**values, given_name=given_name, family_name=family_name))
    return agent_id


async def bind(conn: AsyncConnection, agent_id: str, *, bound: bool) -> bool:
    """To secrecy, or no more. False: it was so already."""
    other = (t.agent.c.id == agent_id) & (t.agent.c.bound.is_not(bound))
    return await changed(conn, t.agent.update().where(other).values(bound=bound))


async def set_languages(conn: AsyncConnection, agent_id: str, languages: Collection[str]) -> bool:
    """In which callers can be answered, and no others. False: it was so already."""
    text = _PLUS.join(sorted(languages))
    other = (t.agent.c.id == agent_id) & (t.agent.c.languages != text)
    return await changed(conn, t.agent.update().where(other).values(languages=text))


async def any_bound(conn: AsyncConnection) -> bool:
    """Whether an agent who may log in is bound to secrecy."""
    query = select(t.agent.c.id).where(t.agent.c.bound, ~_LOCKED)
    return (await conn.execute(query.limit(1))).first() is not None


async def insert_if_free(
    conn: AsyncConnection,
    account_id: str,
    given_name: str,
    family_name: str,
    interface: str,
    *,
    bound: bool = False,
) -> str | None:
    """The same, or None if the telephone is another agent's by now."""
    agent_id = new_id()
    values = {"id": agent_id, "account_id": account_id, "interface": interface, "bound": bound}
    names = {"given_name": given_name, "family_name": family_name}
    return agent_id if await insert_once(conn, t.agent, values | names) else None


async def update(
    conn: AsyncConnection, agent_id: str, given_name: str, family_name: str, interface: str
) -> None:
    """Whoever has another phone now keeps no password of the one before."""
    agent = t.agent.c
    other = select(agent.id).where(agent.id == agent_id, agent.interface != interface)
    await conn.execute(t.agent_phone.delete().where(t.agent_phone.c.agent_id.in_(other)))
    values = {"given_name": given_name, "family_name": family_name, "interface": interface}
    await conn.execute(t.agent.update().where(t.agent.c.id == agent_id).values(**values))


async def _one(conn: AsyncConnection, condition: ColumnElement[bool]) -> Agent | None:
    row = (await conn.execute(_QUERY.where(condition))).one_or_none()
    return _agent(row) if row else None


async def delete(conn: AsyncConnection, agent_id: str) -> None:
    """Somebody answers no calls any more; their calls and notes stay."""
    await conn.execute(t.agent.delete().where(t.agent.c.id == agent_id))


def several(text: str | None) -> frozenset[str]:
    """Teams or languages out of one column."""
    return frozenset(filter(None, (text or "").split(_PLUS)))


def _agent(row: Row[Any]) -> Agent:
    names = row.given_name, row.family_name
    return Agent(
        row.id, *names, row.interface, row.locale, row.bound, several(row.teams), several(row.languages)
    )
