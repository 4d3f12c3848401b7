"""Somebody who answers calls from today on: log-in, telephone and the invitation, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pbx_bridge.auth import agent_phones, log_in_links
from pbx_bridge.auth.agent_phones import PhoneLogIn
from pbx_bridge.auth.log_in_links import LogInLink
from pbx_bridge.errors import Refused
from pbx_bridge.settings import Settings
from pbx_bridge.storage.access import access_log, account_changes, agent_list, agents, invitations
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from rules.fault import Fault
from rules.office.new_agent import NewAgentFacts, address_of, read_new_agent

InvitationOfAgent = Callable[[str], LogInLink]
"""To somebody of this name."""


@dataclass(frozen=True, slots=True)
class AgentCreated:
    """`id`: of the agent; `phone`: what is typed into it, None if it was not to be given."""

    id: str
    name: str
    account: Account
    phone: PhoneLogIn | None


class PhoneTakenMeanwhile(Exception):
    """Between the look and the writing; nothing is stored, and the next look says whose it is."""


async def create(
    conn: AsyncConnection,
    settings: Settings,
    texts: Mapping[str, str],
    by: By,
    locale: str,
    invitation: InvitationOfAgent,
) -> AgentCreated | tuple[Fault, ...]:
    """All of it, or nothing and what is wrong with the texts. `locale`: of the agent's pages and mail.

    The log-in is the address from the moment in which its owner takes the invitation. Raises
    PhoneTakenMeanwhile.
    """
    same = await agent_list.with_address(conn, address_of(texts))
    facts = NewAgentFacts(same, await agent_list.phones(conn), frozenset(settings.pbx.phones))
    new = read_new_agent(texts, facts)
    if isinstance(new, tuple):
        return new
    account_id = new_id()
    account = Account(account_id, invitations.unnamed(account_id), new.role, locale, email=new.email)
    await account_changes.add(conn, account, invitations.NO_PASSWORD, by)
    names = new.given_name, new.family_name
    agent_id = await agents.insert_if_free(conn, account_id, *names, new.interface, bound=new.bound)
    if agent_id is None:
        raise PhoneTakenMeanwhile
    if new.bound:
        await access_log.write(conn, AccessEvent.BOUND, account, by.now, by.where, by.login)
    await data_version.touch(conn, None, by.now)
    phone = await agent_phones.give(conn, settings, account, by) if new.gives_phone else None
    if isinstance(phone, Refused):
        raise TypeError(phone.code)  # the rule has looked for all of these
    name = " ".join(names)
    await invite(conn, account, name, by, invitation)
    return AgentCreated(agent_id, name, account, phone)


async def invite(
    conn: AsyncConnection, account: Account, name: str, by: By, invitation: InvitationOfAgent
) -> None:
    """A way to the first password; the one before is closed."""
    await access_log.write(conn, AccessEvent.INVITED, account, by.now, by.where, by.login)
    await log_in_links.send(conn, account, invitation(name), by.now)
