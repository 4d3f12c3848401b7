"""Who may log in, as what, and for which company."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from rules import vocabulary
from rules.text.email import is_email
from rules.vocabulary import FIRST_LANGUAGE

Role = vocabulary.Role
UNNAMED = "invited "
"""How the log-in of an account begins that has none of its own yet."""


@dataclass(frozen=True, slots=True)
class Account:
    """A log-in. `customer_id` for customers and subaccounts, `employee_id` for subaccounts; `locale`: which
    catalogue; `email`: where a link for a forgotten password goes, "" for the login, if it is an address."""

    id: str
    login: str
    role: Role
    locale: str = FIRST_LANGUAGE
    customer_id: str | None = None
    employee_id: str | None = None
    disabled: bool = False
    email: str = ""

    @property
    def shown(self) -> str:
        """What people call it: its log-in, or the address while it has none of its own."""
        return self.login if self.is_named else self.email or self.login

    @property
    def is_named(self) -> bool:
        """Whether its owner has been here: before, nobody has logged in with it."""
        return not self.login.startswith(UNNAMED)

    @property
    def mails_to(self) -> str:
        """Where mails about it go; "": there is no way."""
        return self.email or (self.login if is_email(self.login) else "")

    @property
    def is_staff(self) -> bool:
        """Whether they see what many companies entrust us with."""
        return self.role in {Role.AGENT, Role.SUPERVISOR, Role.OPERATOR}


async def by_login(conn: AsyncConnection, login: str) -> tuple[Account, str] | None:
    """The account and its password hash, or None; case and blanks around do not matter."""
    row = (
        await conn.execute(select(t.account).where(t.account.c.login == login.strip().lower()))
    ).one_or_none()
    return (from_row(row), row.password_hash) if row else None


async def by_id(conn: AsyncConnection, account_id: str) -> Account | None:
    row = (await conn.execute(select(t.account).where(t.account.c.id == account_id))).one_or_none()
    return from_row(row) if row else None


async def of_employee(conn: AsyncConnection, employee_id: str) -> tuple[Account, ...]:
    """The log-ins of an employee."""
    rows = await conn.execute(select(t.account).where(t.account.c.employee_id == employee_id))
    return tuple(from_row(row) for row in rows)


async def load_all(conn: AsyncConnection) -> tuple[Account, ...]:
    """All accounts by login."""
    return tuple(from_row(row) for row in await conn.execute(select(t.account).order_by(t.account.c.login)))


async def insert(conn: AsyncConnection, account: Account, password_hash: str, now: datetime) -> str:
    """A new account, with a new id when it has none; returns the id."""
    values = _values(account) | {
        "id": account.id or new_id(),
        "password_hash": password_hash,
        "created_at": now,
    }
    await conn.execute(t.account.insert().values(values))
    return str(values["id"])


async def update(conn: AsyncConnection, account: Account) -> None:
    """Everything but the password. Sessions of what it was before are over (`sessions.alive`)."""
    await conn.execute(t.account.update().where(t.account.c.id == account.id).values(_values(account)))


async def set_locale(conn: AsyncConnection, account_id: str, locale: str) -> None:
    """The language alone: what somebody else changes meanwhile stays changed."""
    await conn.execute(t.account.update().where(t.account.c.id == account_id).values(locale=locale))


async def set_email(conn: AsyncConnection, account_id: str, email: str) -> None:
    await conn.execute(t.account.update().where(t.account.c.id == account_id).values(email=email))


async def set_disabled(conn: AsyncConnection, account_id: str, *, disabled: bool) -> None:
    """Lock an account, or open it again."""
    await conn.execute(t.account.update().where(t.account.c.id == account_id).values(disabled=disabled))


async def delete(conn: AsyncConnection, account_id: str) -> None:
    await conn.execute(t.account.delete().where(t.account.c.id == account_id))


async def set_password_hash(conn: AsyncConnection, account_id: str, password_hash: str) -> None:
    """A new password: all sessions of before are over."""
    await conn.execute(
        t.account.update().where(t.account.c.id == account_id).values(password_hash=password_hash)
    )


def from_row(row: Row[Any]) -> Account:
    """An account from any row that has its columns."""
    return Account(
        row.id,
        row.login,
        Role(row.role),
        row.locale,
        row.customer_id,
        row.employee_id,
        row.disabled,
        row.email,
    )


def shown(row: Mapping[str, Any]) -> str:
    """What people call the account of this row (`Account.shown`)."""
    unnamed = str(row["login"]).startswith(UNNAMED)
    return str(row["email"] or row["login"]) if unnamed else str(row["login"])


def _values(account: Account) -> dict[str, Any]:
    return {
        "login": account.login.strip().lower(),
        "role": account.role.value,
        "locale": account.locale,
        "customer_id": account.customer_id,
        "employee_id": account.employee_id,
        "disabled": account.disabled,
        "email": account.email,
    }
