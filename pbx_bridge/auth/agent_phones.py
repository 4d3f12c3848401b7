"""An agent's telephone: given with a password that is shown once, and taken away; the PBX hears of it from
the directory, at once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from pbx_bridge.errors import Refused
from pbx_bridge.settings import Settings
from pbx_bridge.storage.access import access_log, agent_phones, agents
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import AsyncConnection
from rules.access.phones import PASSWORD_BYTES, password_digest, password_words, phone_name


@dataclass(frozen=True, slots=True)
class PhoneLogIn:
    """What is typed into the phone. `server` "192.0.2.1:5060", `transport` "udp", "tcp" or "tls"."""

    server: str
    user: str
    transport: str
    password: str = field(repr=False)


async def give(conn: AsyncConnection, settings: Settings, account: Account, by: By) -> PhoneLogIn | Refused:
    """A phone, or another password for the one that the agent with this account has: whoever knows that of
    before is out. Codes: `no_agent`, `phone_name_unfit`, `phone_in_files`; interface says which phone."""
    agent = await agents.by_account(conn, account.id)
    if agent is None:
        return Refused("no_agent")
    name = phone_name(agent.interface)
    if name is None:
        return Refused("phone_name_unfit", {"interface": agent.interface})
    if name in settings.pbx.phones:
        return Refused("phone_in_files", {"interface": agent.interface})
    password = password_words(secrets.token_bytes(PASSWORD_BYTES))
    await agent_phones.give(conn, agent.id, password_digest(name, password), by.now)
    await _told(conn, AccessEvent.PHONE_GIVEN, account, by, agent.interface)
    pbx = settings.pbx
    server = pbx.phone_server or f"{settings.ami.host}:{pbx.sip_port}"
    return PhoneLogIn(server, name, pbx.phone_transport, password)


async def take_away(conn: AsyncConnection, account: Account, by: By) -> Refused | None:
    """It logs in no more, and is rung no more where it is logged in. Codes: `no_agent`, `phone_not_given`."""
    agent = await agents.by_account(conn, account.id)
    if agent is None:
        return Refused("no_agent")
    if not await agent_phones.take_away(conn, agent.id):
        return Refused("phone_not_given", {"interface": agent.interface})
    await _told(conn, AccessEvent.PHONE_TAKEN, account, by, agent.interface)
    return None


async def _told(conn: AsyncConnection, event: AccessEvent, account: Account, by: By, interface: str) -> None:
    await access_log.write(conn, event, account, by.now, by.where, by.login, interface)
    await data_version.touch(conn, None, by.now)
