"""Ways to set a password by a link: the first one, or instead of a forgotten one."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from sqlalchemy import ColumnElement, case, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access.accounts import UNNAMED, Account, from_row
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.sql import insert_all, rows_of
from pbx_bridge.storage.outbox import notifications

NO_PASSWORD = "!"  # noqa: S105 - no hash begins so: nobody can log in with it
"""The password hash of an account that has none yet."""


@dataclass(frozen=True, slots=True)
class Subaccount:
    """An employee's log-in. `invited_until`: it has no password yet, and until then may set one; `mail`: what
    became of the last invitation, None when it is no longer known."""

    account: Account
    invited_until: datetime | None
    has_password: bool
    mail: notifications.Notification | None


@dataclass(frozen=True, slots=True)
class LogInOf:
    """A subaccount in short. `id`: of the account; `login`: what its company sees of it."""

    id: str
    login: str
    employee_id: str | None


def hashed(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


async def log_ins(conn: AsyncConnection, customer_id: str) -> tuple[LogInOf, ...]:
    """All subaccounts of a company by login, however many."""
    account = t.account.c
    name = case((account.email != "", account.email), else_=account.login).label("name")
    query = select(account.id, name, account.employee_id).where(_subaccounts(customer_id))
    rows = rows_of(conn, query.order_by(name))
    return tuple([LogInOf(row.id, row.name, row.employee_id) async for row in rows])


async def of_employee(conn: AsyncConnection, customer_id: str, employee_id: str) -> Account | None:
    """The log-in of an employee, the oldest one."""
    mine = _subaccounts(customer_id) & (t.account.c.employee_id == employee_id)
    query = select(t.account).where(mine).order_by(t.account.c.created_at, t.account.c.id).limit(1)
    row = (await conn.execute(query)).one_or_none()
    return from_row(row) if row else None


async def of_customer(
    conn: AsyncConnection, customer_id: str, ids: Collection[str] | None = None
) -> tuple[Subaccount, ...]:
    """These subaccounts of a company (None: all) by login."""
    mails = {one.account_id: one for one in await notifications.of_log_ins(conn, customer_id, ids)}
    joined = t.account.outerjoin(t.invitation)
    query = select(t.account, t.invitation.c.expires_at).select_from(joined).where(_subaccounts(customer_id))
    if ids is not None:
        query = query.where(t.account.c.id.in_(ids))
    rows = await conn.execute(query.order_by(t.account.c.login))
    return tuple(
        Subaccount(from_row(row), row.expires_at, row.password_hash != NO_PASSWORD, mails.get(row.id))
        for row in rows
    )


def _subaccounts(customer_id: str) -> ColumnElement[bool]:
    return (t.account.c.customer_id == customer_id) & (t.account.c.role == "subaccount")


async def invite(
    conn: AsyncConnection, token_hash: str, expires_at: datetime, mail: notifications.Notification
) -> None:
    """A new way in for the log-in `mail.account_id`; the one before is closed, and its mail goes no more."""
    await close(conn, mail.account_id)
    values = {"token_hash": token_hash, "account_id": mail.account_id, "expires_at": expires_at}
    await insert_all(conn, t.invitation, [values])
    await notifications.insert(conn, [mail])


async def find(conn: AsyncConnection, token_hash: str, now: datetime) -> Account | None:
    """Who may set a password with this token."""
    good = (t.invitation.c.token_hash == token_hash) & (t.invitation.c.expires_at > now)
    query = select(t.account).join(t.invitation).where(good, t.account.c.disabled.is_(False))
    row = (await conn.execute(query)).one_or_none()
    return from_row(row) if row else None


def unnamed(account_id: str) -> str:
    """The log-in of an account until its owner, who has the mailbox, takes the invitation: nobody else can
    take an address as log-in, or learn that it is one."""
    return f"{UNNAMED}{account_id}"


async def login_for(conn: AsyncConnection, account: Account) -> str:
    """The log-in that an account has when its invitation is taken: its address, with a number if somebody
    else has that."""
    if not account.login.startswith(UNNAMED):
        return account.login
    wanted = account.email.strip().lower()
    query = select(t.account.c.login).where(
        t.account.c.login.startswith(wanted, autoescape=True), t.account.c.id != account.id
    )
    taken = set((await conn.execute(query)).scalars())
    free = (wanted if n == 1 else f"{wanted}-{n}" for n in count(1))
    return next(login for login in free if login not in taken)


async def accept(conn: AsyncConnection, token_hash: str, password_hash: str, now: datetime) -> bool:
    """Set the password; works once."""
    account = await find(conn, token_hash, now)
    if account is None:
        return False
    await close(conn, account.id)
    values = {"password_hash": password_hash, "login": await login_for(conn, account)}
    await conn.execute(t.account.update().where(t.account.c.id == account.id).values(values))
    return True


async def mailed_since(conn: AsyncConnection, account_id: str, since: datetime, now: datetime) -> bool:
    """Whether a mail with a key was made for this account since then; `now`: a later one is of a clock that
    has been put right."""
    c = t.notification.c
    lately = (c.created_at > since) & (c.created_at <= now)
    query = select(c.id).where(c.account_id == account_id, _is_key(), lately).limit(1)
    return (await conn.execute(query)).first() is not None


async def close(conn: AsyncConnection, account_id: str | None) -> None:
    """No link sets a password of this account any more."""
    await conn.execute(t.invitation.delete().where(t.invitation.c.account_id == account_id))
    await conn.execute(t.notification.delete().where(t.notification.c.account_id == account_id, _is_key()))


def _is_key() -> ColumnElement[bool]:
    return t.notification.c.kind.in_([kind.value for kind in notifications.KEYS])


async def subaccount(conn: AsyncConnection, customer_id: str, account_id: str) -> Account | None:
    """A subaccount of this company."""
    mine = _subaccounts(customer_id) & (t.account.c.id == account_id)
    row = (await conn.execute(select(t.account).where(mine))).one_or_none()
    return from_row(row) if row else None
