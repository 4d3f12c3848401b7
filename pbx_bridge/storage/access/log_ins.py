"""Everybody who may log in, as the operator sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, case, exists, func, or_, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access.accounts import Account, from_row
from pbx_bridge.storage.access.invitations import NO_PASSWORD
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.paging import part_of
from pbx_bridge.storage.db.words import MOST, has_word


@dataclass(frozen=True, slots=True)
class PersonWithLogIn:
    """`name`: of the agent or employee, if it is one; `sessions`: how many are open; `seen_at`: the last use
    of one of these."""

    account: Account
    name: str
    company: str
    has_password: bool
    has_factor: bool
    sessions: int
    seen_at: datetime | None


async def listed(
    conn: AsyncConnection, text: str = "", *, account_id: str = "", skip: int = 0, most: int = 50
) -> tuple[Sequence[PersonWithLogIn], int]:
    """By log-in, and how many there are; who is invited and has none yet stands among those with I. `text`:
    part of log-in, name or company; `account_id`: this one."""
    account, agent = t.account.c, t.agent.c
    found = select(account.id).where(*_wanted(text, account_id)).order_by(account.login)
    ids, total = await part_of(conn, found, skip=skip, most=most)
    name = func.coalesce(_AGENTS_NAME, t.employee.c.name, "").label("name")
    company = func.coalesce(t.customer.c.name, "").label("company")
    joined = (
        t.account.outerjoin(t.agent, agent.account_id == account.id)
        .outerjoin(t.employee, t.employee.c.id == account.employee_id)
        .outerjoin(t.customer, t.customer.c.id == account.customer_id)
    )
    query = select(t.account, name, company, *_OF_SESSIONS, _FACTOR).select_from(joined)
    rows = await conn.execute(query.where(account.id.in_(ids)).order_by(account.login))
    return tuple(map(_person, rows)), total


_AGENTS_NAME = t.agent.c.given_name + " " + t.agent.c.family_name
_MINE = t.session.c.account_id == t.account.c.id
_OF_SESSIONS = (
    select(func.count()).where(_MINE).scalar_subquery().label("sessions"),
    select(func.max(t.session.c.seen_at)).where(_MINE).scalar_subquery().label("seen_at"),
)
_FACTOR = (
    select(func.count())
    .where(t.second_factor.c.account_id == t.account.c.id, t.second_factor.c.confirmed)
    .scalar_subquery()
    .label("factor")
)


def _wanted(text: str, account_id: str) -> list[ColumnElement[bool]]:
    """Names are looked at only where the log-in does not fit; of companies those that fit are found once."""
    account, employee = t.account.c, t.employee.c
    if account_id:
        return [account.id == account_id]
    login = case((account.login.startswith("invited "), account.email), else_=account.login)
    wanted: list[ColumnElement[bool]] = []
    for part in text.split()[:MOST]:
        agents = select(t.agent.c.account_id).where(has_word([_AGENTS_NAME], part))
        companies = select(t.customer.c.id).where(has_word([t.customer.c.name], part))
        called = exists().where(employee.id == account.employee_id, has_word([employee.name], part))
        theirs = account.id.in_(agents), account.customer_id.in_(companies), called
        wanted.append(or_(has_word([login], part), *theirs))
    return wanted


def _person(row: Row[Any]) -> PersonWithLogIn:
    return PersonWithLogIn(
        from_row(row),
        row.name,
        row.company,
        row.password_hash != NO_PASSWORD,
        row.factor > 0,
        row.sessions,
        row.seen_at,
    )
