"""`pbx-bridge user …`: who may log in."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

from pbx_bridge.auth import agent_phones
from pbx_bridge.auth.passwords import Passwords
from pbx_bridge.auth.weakness_words import weakness_in_words
from pbx_bridge.errors import Refused
from pbx_bridge.settings import Settings
from pbx_bridge.storage.access import access_log, account_changes, accounts, agents, second_factors
from pbx_bridge.storage.access import sessions as rows
from pbx_bridge.storage.access.access_log import COMMAND_LINE, AccessEvent
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.customers import customers, data_version
from pbx_bridge.storage.db.engine import AsyncConnection, StorageUnavailable, database_of
from pbx_bridge.storage.maintenance.migrate import refusal
from rules.access.passwords import weakness
from rules.text.email import is_email
from rules.text.names import split_name

_ROLES = (Role.AGENT, Role.SUPERVISOR, Role.CUSTOMER, Role.OPERATOR)


async def add_user(
    settings: Settings,
    *,
    login: str,
    role: str,
    name: str,
    customer: str,
    phone: str,
    password: str,
    email: str = "",
    bound: bool = False,
) -> int:
    """Add an account, or give the one with this login a new role and password, which logs it out everywhere.

    `customer`: name, for role customer; `phone`: "PJSIP/anna", for agents; `email`: for a forgotten password;
    `bound`: to secrecy, an agent; otherwise a new one is not, and one that is there is as before.
    Exit code: 0 done, 1 database, 2 input.
    """
    problems = _problems(login, role, name, customer, phone, password)
    if email and not is_email(email):
        problems.append("The e-mail address is not complete.")
    if bound and role not in {Role.AGENT, Role.SUPERVISOR}:
        problems.append("Only agents and supervisors can be --bound to secrecy.")
    if problems:
        return _say("\n".join(problems), 2)
    password_hash = await asyncio.to_thread(Passwords(settings.auth).hash, password)

    async def add(conn: AsyncConnection) -> str:
        customer_id = await _customer_id(conn, customer)
        if customer and customer_id is None:
            raise _Unfit(f'There is no customer "{customer}".')
        holder = await agents.by_interface(conn, phone)
        known = await accounts.by_login(conn, login)
        mine = await agents.by_account(conn, known[0].id) if known else None
        if holder is not None and holder != mine:
            raise _Unfit(f"{phone} is another agent's phone.")
        account = Account("", login, Role(role), customer_id=customer_id, email=email)
        account_id = await _store(conn, account, password_hash)
        if phone:
            await _store_agent(conn, account_id, name, phone)
            if bound:
                await _bind(conn, await _account(conn, login))
        elif mine is not None:
            await agents.delete(conn, mine.id)
            await data_version.touch(conn, None, datetime.now(UTC))
        return f"{login} may log in as {role}.\n"

    return await _in_one(settings, add)


async def lock_user(settings: Settings, login: str, *, locked: bool) -> int:
    """Keep somebody out, within a second and wherever they are logged in; or let them in again."""
    word = "is locked" if locked else "may log in again"
    return await _change(settings, login, word, lambda conn, one: _lock(conn, one, locked=locked))


async def delete_user(settings: Settings, login: str) -> int:
    """Take an account away for good, with its phone and its sessions; notes and calls stay."""
    return await _change(
        settings, login, "is gone", lambda conn, one: account_changes.delete(conn, one, _by())
    )


async def log_out_user(settings: Settings, login: str) -> int:
    """End all sessions of an account; its password stays as it is."""

    async def end(conn: AsyncConnection, account: Account) -> None:
        await rows.delete_of_account(conn, account.id)
        await _note(conn, AccessEvent.SESSIONS_ENDED, account)

    return await _change(settings, login, "is logged out everywhere", end)


async def reset_factor(settings: Settings, login: str) -> int:
    """Somebody has lost their phone and the recovery codes: no second factor until a new one is set up."""

    async def reset(conn: AsyncConnection, account: Account) -> None:
        if await second_factors.remove(conn, account.id):
            await _note(conn, AccessEvent.FACTOR_REMOVED, account)
        await rows.delete_of_account(conn, account.id)

    return await _change(settings, login, "has no second factor any more", reset)


async def give_phone(settings: Settings, login: str) -> int:
    """A phone for an agent, or another password for it: what to type into it is said once. Exit code as
    `_change`."""

    async def give(conn: AsyncConnection) -> str:
        given = await agent_phones.give(conn, settings, await _account(conn, login), _by())
        if isinstance(given, Refused):
            raise _Unfit(_REFUSED[given.code].format(login=login, **given.params))
        lines = {
            "server": given.server,
            "user": given.user,
            "password": given.password,
            "transport": given.transport.upper(),
            "codec": "G.711 A-law, then µ-law",
        }
        shown = "".join(f"  {name:<10} {value}\n" for name, value in lines.items())
        return f"Type this into the phone of {login}; the password is not shown again.\n{shown}"

    return await _in_one(settings, give)


async def take_phone(settings: Settings, login: str) -> int:
    """An agent's phone logs in no more. Exit code as `_change`."""

    async def take(conn: AsyncConnection) -> str:
        refused = await agent_phones.take_away(conn, await _account(conn, login), _by())
        if refused is not None:
            raise _Unfit(_REFUSED[refused.code].format(login=login, **refused.params))
        return f"The phone of {login} logs in no more.\n"

    return await _in_one(settings, take)


_REFUSED = {
    "no_agent": "{login} is no agent: add them with --role agent and --phone.",
    "phone_name_unfit": (
        "{interface} cannot be given: it must be PJSIP/ and a name of letters, digits, - and _, not that of "
        "the trunk. Give {login} another one with `pbx-bridge user add`."
    ),
    "phone_in_files": (
        "{interface} stands in [pbx.phones] of the settings, which count first: take it out there and start "
        "the PBX anew."
    ),
    "phone_not_given": "{interface} was not given by this service: it stands in the files of the PBX.",
}


async def _account(conn: AsyncConnection, login: str) -> Account:
    found = await accounts.by_login(conn, login)
    if found is None:
        raise _Unfit(f'Nobody has the login "{login}".')
    return found[0]


async def _change(
    settings: Settings, login: str, done: str, action: Callable[[AsyncConnection, Account], Awaitable[None]]
) -> int:
    """Exit code: 0 done, 1 database, 2 nobody has this login."""

    async def change(conn: AsyncConnection) -> str:
        await action(conn, await _account(conn, login))
        await data_version.touch(conn, None, datetime.now(UTC))
        return f"{login} {done}.\n"

    return await _in_one(settings, change)


class _Unfit(Exception):
    """What was asked for does not fit what is stored; says so."""


async def _in_one(settings: Settings, work: Callable[[AsyncConnection], Awaitable[str]]) -> int:
    """All of it or nothing, and its words. Exit code: 0 done, 1 database, 2 `_Unfit`."""
    db = database_of(settings.database)
    try:
        unfit = await refusal(db)
        if unfit is not None:
            return _say(f"The database does not fit ({unfit.code}). Run: pbx-bridge db upgrade", 1)
        async with db.write() as conn:
            said = await work(conn)
    except StorageUnavailable as error:
        return _say(f"Nothing was stored: {error}", 1)
    except _Unfit as error:
        return _say(str(error), 2)
    finally:
        await db.close()
    sys.stdout.write(said)
    return 0


async def _lock(conn: AsyncConnection, account: Account, *, locked: bool) -> None:
    await account_changes.lock(conn, account, _by(), locked=locked)
    if locked:
        await rows.delete_of_account(conn, account.id)


async def _note(conn: AsyncConnection, event: AccessEvent, account: Account) -> None:
    await access_log.write(conn, event, account, datetime.now(UTC), done_by=COMMAND_LINE)


def _by() -> By:
    return By(datetime.now(UTC), COMMAND_LINE)


async def list_users(settings: Settings) -> list[str]:
    """One line per account: login, role, customer, phone, and whether it is locked."""
    db = database_of(settings.database)
    try:
        async with db.read() as conn:
            companies = await customers.names(conn)
            lines = []
            for account in await accounts.load_all(conn):
                agent = await agents.by_account(conn, account.id)
                company = companies.get(account.customer_id or "", "")
                parts = [company, agent.interface if agent else "", "locked" if account.disabled else ""]
                lines.append(
                    "  ".join([f"{account.login:<20} {account.role:<11}", *filter(None, parts)]).rstrip()
                )
            return lines
    finally:
        await db.close()


def _problems(login: str, role: str, name: str, customer: str, phone: str, password: str) -> list[str]:
    names = (login, name, customer)
    unfit = weakness(password, names, staff=role in {Role.AGENT, Role.SUPERVISOR, Role.OPERATOR})
    weak = ". ".join(weakness_in_words(unfit)) if unfit is not None else ""
    is_agent = role in {Role.AGENT, Role.SUPERVISOR}
    checks = {
        "The login is empty.": not login.strip(),
        f"The role must be one of: {', '.join(_ROLES)}.": role not in _ROLES,
        "An agent needs --phone, as in PJSIP/anna.": is_agent and not phone,
        "An agent needs --name with first and last name.": is_agent and not split_name(name).given,
        "A customer needs --customer.": role == Role.CUSTOMER and not customer,
        "Only agents and supervisors have a --phone.": bool(phone) and not is_agent and role in _ROLES,
        f"The password {weak}.": unfit is not None,
    }
    return [words for words, wrong in checks.items() if wrong]


async def _customer_id(conn: AsyncConnection, name: str) -> str | None:
    known = await customers.names(conn)
    return next((customer_id for customer_id, known_as in known.items() if known_as == name), None)


async def _store(conn: AsyncConnection, account: Account, password_hash: str) -> str:
    found = await accounts.by_login(conn, account.login)
    if found is None:
        return await account_changes.add(conn, account, password_hash, _by())
    known = found[0]
    email = account.email or known.email
    now_is = replace(account, id=known.id, locale=known.locale, email=email)
    await account_changes.change(conn, known, now_is, _by())
    await account_changes.set_password(conn, now_is, password_hash, _by())
    return known.id


async def _store_agent(conn: AsyncConnection, account_id: str, name: str, phone: str) -> None:
    split = split_name(name)
    known = await agents.by_account(conn, account_id)
    if known is None:
        await agents.insert(conn, account_id, split.given, split.family, phone)
    else:
        await agents.update(conn, known.id, split.given, split.family, phone)
    await data_version.touch(conn, None, datetime.now(UTC))


async def _bind(conn: AsyncConnection, account: Account) -> None:
    agent = await agents.by_account(conn, account.id)
    if agent is not None and await agents.bind(conn, agent.id, bound=True):
        await _note(conn, AccessEvent.BOUND, account)


def _say(words: str, exit_code: int) -> int:
    sys.stderr.write(words + "\n")
    return exit_code
