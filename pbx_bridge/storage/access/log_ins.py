"""Everybody who may log in, as the operator sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, or_, select, true

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access.accounts import Account, from_row
from pbx_bridge.storage.access.invitations import NO_PASSWORD
from pbx_bridge.storage.db.engine import AsyncConnection


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
    """By log-in, and how many there are. `text`: part of log-in, name or company; `account_id`: this one."""
    account, agent, session = t.account.c, t.agent.c, t.session.c
    agents_name = agent.given_name + " " + agent.family_name
    name = func.coalesce(agents_name, t.employee.c.name, "").label("name")
    company = func.coalesce(t.customer.c.name, "").label("company")
    login = case((account.login.startswith("invited "), account.email), else_=account.login)
    wanted: ColumnElement[bool] = account.id == account_id if account_id else true()
    for part in text.lower().split()[:10]:
        fits = [func.lower(one).contains(part, autoescape=True) for one in (login, name, company)]
        wanted &= or_(*fits)
    joined = (
        t.account.outerjoin(t.agent, agent.account_id == account.id)
        .outerjoin(t.employee, t.employee.c.id == account.employee_id)
        .outerjoin(t.customer, t.customer.c.id == account.customer_id)
    )
    mine = session.account_id == account.id
    counted = select(func.count()).where(mine).scalar_subquery().label("sessions")
    seen = select(func.max(session.seen_at)).where(mine).scalar_subquery().label("seen_at")
    confirmed = select(func.count()).where(
        t.second_factor.c.account_id == account.id, t.second_factor.c.confirmed
    )
    factor = confirmed.scalar_subquery().label("factor")
    query = select(t.account, name, company, counted, seen, factor).select_from(joined).where(wanted)
    rows = await conn.execute(query.order_by(login, account.id).offset(skip).limit(most))
    found = tuple(
        PersonWithLogIn(
            from_row(row),
            row.name,
            row.company,
            row.password_hash != NO_PASSWORD,
            row.factor > 0,
            row.sessions,
            row.seen_at,
        )
        for row in rows
    )
    total = select(func.count()).select_from(joined).where(wanted)
    return found, int((await conn.execute(total)).scalar_one())
