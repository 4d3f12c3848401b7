"""Whatever is changed about a log-in is changed here, so that each change is in the access log, whoever makes
it and by whichever way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import access_log, accounts
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.storage.access.sessions import NOWHERE, Where
from pbx_bridge.storage.db.engine import AsyncConnection


@dataclass(frozen=True, slots=True)
class By:
    """Who makes a change, when and where. `login`: "" for the owner of the log-in."""

    now: datetime
    login: str = ""
    where: Where = NOWHERE


async def add(conn: AsyncConnection, account: Account, password_hash: str, by: By) -> str:
    """A new account; returns its id."""
    account_id = await accounts.insert(conn, account, password_hash, by.now)
    company = await _company(conn, account.customer_id)
    told = f"{account.role} · {company}" if company else account.role.value
    await _note(conn, AccessEvent.ADDED, replace(account, id=account_id), by, told)
    return account_id


async def change(conn: AsyncConnection, was: Account, now_is: Account, by: By) -> None:
    """All but the password; each difference is a event."""
    now_is = replace(now_is, id=was.id)
    await accounts.update(conn, now_is)
    for event, detail in [*_differences(was, now_is)]:
        await _note(conn, event, was, by, detail)
    if was.customer_id != now_is.customer_id:
        companies = [await _company(conn, one.customer_id) or "–" for one in (was, now_is)]
        await _note(conn, AccessEvent.COMPANY_CHANGED, was, by, " > ".join(companies))


def _differences(was: Account, now_is: Account) -> Iterator[tuple[AccessEvent, str]]:
    if was.role != now_is.role:
        yield AccessEvent.ROLE_CHANGED, f"{was.role} > {now_is.role}"
    if was.employee_id != now_is.employee_id and was.customer_id == now_is.customer_id:
        yield AccessEvent.EMPLOYEE_CHANGED, ""
    if was.email != now_is.email:
        yield AccessEvent.EMAIL_CHANGED, ""
    if was.disabled != now_is.disabled:
        yield (AccessEvent.LOCKED if now_is.disabled else AccessEvent.UNLOCKED), ""


async def set_password(conn: AsyncConnection, account: Account, password_hash: str, by: By) -> None:
    """All sessions of before are over."""
    await accounts.set_password_hash(conn, account.id, password_hash)
    await _note(conn, AccessEvent.PASSWORD_CHANGED, account, by)


async def set_email(conn: AsyncConnection, account: Account, email: str, by: By) -> None:
    """Where the mails of an account go; the address of before hears of it."""
    await accounts.set_email(conn, account.id, email)
    if email != account.email:
        await _note(conn, AccessEvent.EMAIL_CHANGED, account, by)


async def lock(conn: AsyncConnection, account: Account, by: By, *, locked: bool) -> None:
    """Keep somebody out, or let them in again."""
    await accounts.set_disabled(conn, account.id, disabled=locked)
    if locked != account.disabled:
        await _note(conn, AccessEvent.LOCKED if locked else AccessEvent.UNLOCKED, account, by)


async def delete(conn: AsyncConnection, account: Account, by: By) -> None:
    """Take an account away for good."""
    await accounts.delete(conn, account.id)
    await _note(conn, AccessEvent.DELETED, account, by)


async def note_all(conn: AsyncConnection, event: AccessEvent, shown: Iterable[str], by: By) -> None:
    """Many accounts at once, which come or go with their employees."""
    await access_log.write_all(conn, event, shown, by.now, by.where, by.login)


async def _company(conn: AsyncConnection, customer_id: str | None) -> str:
    query = select(t.customer.c.name).where(t.customer.c.id == customer_id)
    return str((await conn.execute(query)).scalar_one_or_none() or "")


async def _note(
    conn: AsyncConnection, event: AccessEvent, account: Account, by: By, detail: str = ""
) -> None:
    await access_log.write(conn, event, account, by.now, by.where, by.login, detail)
