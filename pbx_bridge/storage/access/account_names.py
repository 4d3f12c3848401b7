"""What is easy to guess about somebody who logs in, and what an operator is told of a password that is."""

from __future__ import annotations

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.storage.db.engine import AsyncConnection
from rules.decision import Refused

_WHAT = {
    "password_too_short": "is too short",
    "password_too_long": "is too long",
    "password_names_you": "is made of the login, a name or the company",
    "password_common": "is one that everybody tries first",
}
_REMEDY = {
    "password_too_short": "Take at least {least} characters",
    "password_too_long": "Take at most {most} characters",
}


def weakness_in_words(fault: Refused) -> tuple[str, str]:
    """What is wrong with a password, and the remedy."""
    remedy = _REMEDY.get(fault.code, "Take a sentence that only its owner knows")
    return _WHAT[fault.code], remedy.format_map(fault.params)


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
