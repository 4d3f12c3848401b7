"""What somebody who logs in is called: names that are no password, and the one by which they are greeted."""

from __future__ import annotations

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.storage.db.engine import AsyncConnection


async def names_of(conn: AsyncConnection, account: Account) -> tuple[str, ...]:
    """Log-in, address, the names as an agent or employee, and those of the company."""
    agent, employee, company = t.agent.c, t.employee.c, t.customer.c
    queries = (
        select(agent.given_name, agent.family_name).where(agent.account_id == account.id),
        select(employee.name).where(employee.id == account.employee_id),
        select(company.name, company.spoken_name).where(company.id == account.customer_id),
    )
    found = [account.login, account.email]
    for query in queries:
        for row in await conn.execute(query):
            found += row
    return tuple(filter(None, found))


async def called(conn: AsyncConnection, account: Account) -> str:
    """The name by which somebody is greeted: as an agent or employee; "" for whoever is neither."""
    agent, employee = t.agent.c, t.employee.c
    full = (agent.given_name + " " + agent.family_name).label("name")
    as_agent = select(full).where(agent.account_id == account.id)
    as_employee = select(employee.name).where(employee.id == account.employee_id)
    found = [(await conn.execute(query)).scalar_one_or_none() for query in (as_agent, as_employee)]
    return next(filter(None, found), "").strip()
