"""Teams with their agents and the companies that they answer for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Select, and_, exists, func, or_, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.customers.company_rows import answering_of as of_row
from pbx_bridge.storage.db.engine import AsyncConnection
from rules.calls.answering import AnsweringPlan, lacks_language, plan_of
from rules.model import Agent, Answering
from rules.office.needs import NAMED, Concern, Sighting

_C = t.customer.c
_WAY: tuple[Column[Any], ...] = (
    _C.confidential,
    _C.team_id,
    _C.overflow_after,
    _C.overflow_team_id,
    _C.language,
)
"""By these companies differ in who is offered their calls, in the order of their index."""


@dataclass(frozen=True, slots=True)
class ListedTeam:
    """`members`: ids of agents; `companies`: how many it answers for, `overflows`: how many after a while."""

    id: str
    name: str
    members: frozenset[str]
    companies: int
    overflows: int


@dataclass(frozen=True, slots=True)
class CompanyOfTeam:
    """A company that a team answers for; `overflow`: only after a while."""

    id: str
    name: str
    overflow: bool


async def listed(conn: AsyncConnection) -> tuple[ListedTeam, ...]:
    """All by name: four statements, however many there are."""
    members: dict[str, set[str]] = {}
    for row in await conn.execute(select(t.team_member)):
        members.setdefault(row.team_id, set()).add(row.agent_id)
    team_id, overflow_id = t.customer.c.team_id, t.customer.c.overflow_team_id
    counts = {}
    for column in (team_id, overflow_id):
        query = (
            select(column.label("id"), func.count().label("n")).where(column.is_not(None)).group_by(column)
        )
        counts[column.name] = {row.id: row.n for row in await conn.execute(query)}
    rows = await conn.execute(select(t.team).order_by(func.lower(t.team.c.name), t.team.c.id))
    return tuple(
        ListedTeam(
            row.id,
            row.name,
            frozenset(members.get(row.id, ())),
            counts["team_id"].get(row.id, 0),
            counts["overflow_team_id"].get(row.id, 0),
        )
        for row in rows
    )


async def one(conn: AsyncConnection, team_id: str) -> ListedTeam | None:
    """The team with this id; there are few."""
    return next((each for each in await listed(conn) if each.id == team_id), None)


async def names(conn: AsyncConnection) -> dict[str, str]:
    """The name of each team by its id, in the order of the names."""
    rows = await conn.execute(select(t.team).order_by(func.lower(t.team.c.name), t.team.c.id))
    return {row.id: row.name for row in rows}


async def companies(conn: AsyncConnection, team_id: str, most: int) -> tuple[CompanyOfTeam, ...]:
    """The first so many by name that it answers for, at once or after a while."""
    customer = t.customer.c
    mine = (customer.team_id == team_id) | (customer.overflow_team_id == team_id)
    query = select(customer.id, customer.name, customer.team_id).where(mine).order_by(customer.name)
    rows = await conn.execute(query.limit(most))
    return tuple(CompanyOfTeam(row.id, row.name, row.team_id != team_id) for row in rows)


async def answering_of(conn: AsyncConnection, customer_id: str) -> Answering:
    """Who answers for this company, as stored at this moment."""
    row = (await conn.execute(select(*_WAY).where(_C.id == customer_id))).one_or_none()
    return of_row(row) if row else Answering()


async def unanswered(conn: AsyncConnection) -> Sighting:
    """Companies with a team, or confidential ones, whose calls nobody may be offered, now or after a while;
    agents who may not log in are nobody. There are few ways to be answered, so each is looked at once."""
    restricted = _C.confidential | _C.team_id.is_not(None)
    ways = select(*_WAY, func.count().label("companies")).where(restricted).group_by(*_WAY).subquery("way")
    rows = (await conn.execute(select(ways).where(_by_nobody(ways.c)))).all()
    return await _sighted(conn, Concern.UNANSWERED, rows)


async def unspoken(conn: AsyncConnection, agents: Collection[Agent]) -> Sighting:
    """Companies whose language nobody speaks of those `agents` who are offered their calls first; where there
    is nobody at all, `unanswered` says it."""
    query: Select[Any] = select(*_WAY, func.count().label("companies")).group_by(*_WAY)
    ways = await conn.execute(query)
    rows = [row for row in ways if lacks_language(plan_of(of_row(row), bound=row.confidential), agents)]
    return await _sighted(conn, Concern.UNSPOKEN, rows)


async def _sighted(conn: AsyncConnection, concern: Concern, ways: Collection[Row[Any]]) -> Sighting:
    """The companies that are answered in one of these ways."""
    if not ways:
        return Sighting(concern)
    theirs = [and_(*(column.is_not_distinct_from(way[at]) for at, column in enumerate(_WAY))) for way in ways]
    names = await conn.execute(select(_C.name).where(or_(*theirs)).order_by(_C.name).limit(NAMED))
    return Sighting(concern, sum(way.companies for way in ways), names=tuple(names.scalars()))


def _by_nobody(way: Any) -> ColumnElement[bool]:
    """Nobody may be offered the calls of companies that are answered in this way."""
    agent, member = t.agent.c, t.team_member.c
    locked = exists().where(t.account.c.id == agent.account_id, t.account.c.disabled)
    may = (agent.bound | way.confidential.is_(False)) & ~locked
    someone = exists().where(may)
    of_teams = exists().where(
        member.agent_id == agent.id, member.team_id.in_([way.team_id, way.overflow_team_id]), may
    )
    everybody = way.team_id.is_(None) | (way.overflow_after.is_not(None) & way.overflow_team_id.is_(None))
    nobody: ColumnElement[bool] = ~of_teams & ~(everybody & someone)
    return nobody


async def plans(conn: AsyncConnection, but: str) -> Collection[AnsweringPlan]:
    """Who answers for the companies, each way once, without the company `but`."""
    # Counted from the index alone: without the one company each row of all of them would be looked up.
    counted: Select[Any] = select(*_WAY, func.count().label("companies")).group_by(*_WAY)
    own = (await conn.execute(select(*_WAY).where(_C.id == but))).one_or_none()
    rows = [
        row
        for row in await conn.execute(counted)
        if row.companies > (own is not None and tuple(row)[: len(_WAY)] == tuple(own))
    ]
    return [plan_of(of_row(row), bound=row.confidential) for row in rows]
