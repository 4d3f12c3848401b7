"""Agents as the operator sees them: found by name, log-in or telephone, with the telephone that was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access.accounts import UNNAMED, Account, from_row
from pbx_bridge.storage.access.agents import several
from pbx_bridge.storage.access.invitations import NO_PASSWORD
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.words import has_words
from rules.vocabulary import SpokenLanguage


@dataclass(frozen=True, slots=True)
class AgentWithLogIn:
    """`id`: of the agent; `given_at`: since when the telephone has the password that we gave, None without;
    `has_password`: False while the invitation waits; `languages`: in which callers are answered."""

    id: str
    name: str
    interface: str
    account: Account
    has_password: bool
    given_at: datetime | None
    languages: frozenset[str]

    @property
    def speaks_more(self) -> bool:
        """Or something else than the language of the house."""
        return self.languages != frozenset({SpokenLanguage.GERMAN.value})


class AgentOrder(StrEnum):
    """Columns of the list, each with the family name behind it."""

    NAME = "name"
    LOGIN = "login"
    PHONE = "phone"
    ACCESS = "access"


async def listed(
    conn: AsyncConnection,
    text: str = "",
    *,
    skip: int = 0,
    most: int = 50,
    order: AgentOrder = AgentOrder.NAME,
    down: bool = False,
) -> tuple[Sequence[AgentWithLogIn], int]:
    """By family name, or another column (`down`: from its end), locked ones too, and how many there are.
    `text`: parts of name, log-in or telephone."""
    agent, account = t.agent.c, t.account.c
    login = case((account.login.startswith(UNNAMED), account.email), else_=account.login)
    wanted = has_words([agent.given_name + " " + agent.family_name, login, agent.interface], text)
    named = func.lower(agent.family_name), func.lower(agent.given_name), agent.id
    columns: dict[AgentOrder, tuple[ColumnElement[Any], ...]] = {
        AgentOrder.NAME: named[:2],
        AgentOrder.LOGIN: (func.lower(login),),
        AgentOrder.PHONE: (func.lower(agent.interface),),
        AgentOrder.ACCESS: (account.disabled, account.password_hash == NO_PASSWORD),
    }
    first = [one.desc() if down else one for one in columns[order]]
    rows = await conn.execute(_query().where(wanted).order_by(*first, *named).offset(skip).limit(most))
    total = select(func.count()).select_from(t.agent.join(t.account)).where(wanted)
    return tuple(map(_agent, rows)), int((await conn.execute(total)).scalar_one())


async def one(conn: AsyncConnection, agent_id: str) -> AgentWithLogIn | None:
    """The agent with this id, or None."""
    row = (await conn.execute(_query().where(t.agent.c.id == agent_id))).one_or_none()
    return _agent(row) if row else None


async def phones(conn: AsyncConnection) -> dict[str, str]:
    """The name of each agent, locked ones too, by telephone ("PJSIP/anna")."""
    agent = t.agent.c
    query = select(agent.interface, agent.given_name, agent.family_name)
    return {row.interface: f"{row.given_name} {row.family_name}".strip() for row in await conn.execute(query)}


async def with_address(conn: AsyncConnection, email: str) -> str:
    """The name of the agent whose mails go to this address, or who logs in with it; "" if none does."""
    account, wanted = t.account.c, email.lower()
    mine = (func.lower(account.email) == wanted) | (account.login == wanted)
    row = (await conn.execute(_query().where(mine).limit(1))).first()
    return _agent(row).name if row else ""


def _query() -> Select[Any]:
    agent = t.agent.c
    named = agent.id.label("agent_id"), agent.given_name, agent.family_name
    columns = *named, agent.interface, agent.languages
    joined = t.agent.join(t.account).outerjoin(t.agent_phone)
    return select(t.account, *columns, t.agent_phone.c.given_at).select_from(joined)


def _agent(row: Row[Any]) -> AgentWithLogIn:
    name = f"{row.given_name} {row.family_name}".strip()
    has_password = row.password_hash != NO_PASSWORD
    account, languages = from_row(row), several(row.languages)
    return AgentWithLogIn(row.agent_id, name, row.interface, account, has_password, row.given_at, languages)
