"""The operator's office on a port, over a small house whose PBX, mail and agents are as a test says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import aiohttp

from pbx_bridge.admin.company_checks import CompanyChecks
from pbx_bridge.admin.house_state import HouseState
from pbx_bridge.admin.routes import routes
from pbx_bridge.admin.services import Office
from pbx_bridge.alarms.systems import Systems
from pbx_bridge.alarms.watching import AlarmState
from pbx_bridge.calls.state import LinkState
from pbx_bridge.directory.index import Index
from pbx_bridge.editing.change import Editing
from pbx_bridge.outbox.by_hand import DeliveryByHand
from pbx_bridge.outbox.voice_sounds import VoiceFolder
from pbx_bridge.storage.access import accounts
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.customers import customers, lines
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance.watch import StorageState
from rules.model import Agent, Channel
from rules.text.dialling import DialRules
from tests.sample_company import NOW, SampleCompany, furnish
from tests.web_server import Site, serve

OPERATOR = "office"


@dataclass(slots=True)
class PlayedHouse:
    """What the office sees of it: `link`, `storage`, `reasons`, `health`, `since` and `voice` may be set, and
    how each agent is; `known`: who they are, instead of those that `people` names."""

    link: LinkState = field(default_factory=lambda: LinkState(up=True, reason="", since=NOW))
    state: StorageState = field(default_factory=lambda: StorageState(up=True, since=NOW))
    reasons: tuple[str, ...] = ()
    health: dict[Channel, str] = field(default_factory=lambda: dict.fromkeys(Channel, "up"))
    since: dict[Channel, datetime] = field(default_factory=dict)
    people: dict[str, Any] = field(default_factory=dict)
    known: list[Agent] | None = None
    alarms: AlarmState = field(default_factory=AlarmState)
    wakings: int = 0
    voice: VoiceFolder | None = field(default_factory=VoiceFolder)

    def agents(self) -> list[Agent]:
        if self.known is not None:
            return self.known
        return [Agent(one, one.split()[0], one.split()[1], f"PJSIP/{one}") for one in self.people]

    def shown(self, agent_id: str) -> Any:
        return self.people[agent_id]

    def pauses(self, name: str, minutes: int, reason: str = "break") -> None:
        """This agent has done so for so long."""
        since = NOW - timedelta(minutes=minutes)
        self.people[name] = SimpleNamespace(state="paused", reason=reason, since=since)

    def wake(self) -> None:
        self.wakings += 1


@dataclass(slots=True)
class OfficeSite:
    """`see` and `send` answer status, text and where one is in the end. `login`: who asks from now on;
    `tokens`: of the sessions of each."""

    db: Database
    house: SampleCompany
    played: PlayedHouse
    index: Index
    browsers: Mapping[str, aiohttp.ClientSession]
    address: str
    tokens: Mapping[str, str]
    login: str = OPERATOR

    async def remember(self) -> None:
        """The memory follows what is stored."""
        async with self.db.read() as conn:
            self.index.load(await customers.load_all(conn), await lines.load_all(conn))

    async def see(self, path: str) -> tuple[int, str]:
        async with self.browsers[self.login].get(path) as answer:
            return answer.status, await answer.text()

    async def send(self, page: str, path: str, **form: str) -> tuple[int, str, str]:
        """Open the page, and send a form with its token."""
        _, text = await self.see(page)
        sent = {"csrf": text.partition('name="csrf" value="')[2].partition('"')[0]} | form
        async with self.browsers[self.login].post(path, data=sent) as answer:
            return answer.status, await answer.text(), answer.url.path_qs


@asynccontextmanager
async def office_site(db: Database) -> AsyncIterator[OfficeSite]:
    """Until the block ends; `db` is empty and upgraded; it is `NOW`. One operator reads English."""
    house, played, index = await furnish(db), PlayedHouse(), Index()
    anything = cast(Any, played)
    systems = Systems(anything, anything, played.health, played.since, lambda: played.voice)
    seen = HouseState(systems, anything, lambda: NOW)
    checks = CompanyChecks(index, DialRules(), lambda: NOW)
    by_hand = DeliveryByHand(db, played.wake, lambda: NOW)
    async with AsyncExitStack() as stack:
        office = Office(
            db, lambda: NOW, seen, checks, by_hand, index, Editing(db), played.wake, alarms=played.alarms
        )
        site = await stack.enter_async_context(serve(db, routes(office)))
        browsers, tokens = {}, {}
        for login, locale in ((OPERATOR, "de"), ("english", "en")):
            tokens[login] = await _session(site, login, locale)
            cookies = {"session": tokens[login]}
            jar = aiohttp.CookieJar(unsafe=True)
            browser = aiohttp.ClientSession(site.url, cookies=cookies, cookie_jar=jar)
            browsers[login] = await stack.enter_async_context(browser)
        opened = OfficeSite(db, house, played, index, browsers, site.url, tokens)
        await opened.remember()
        yield opened
        await checks.background.settle(5)


async def _session(site: Site, login: str, locale: str) -> str:
    """Of somebody who has typed no password, as that takes long."""
    account = Account("", login, Role.OPERATOR, locale)
    async with site.db.write() as conn:
        account_id = await accounts.insert(conn, account, "no password", site.clock())
        token, _ = await site.sessions.begin(conn, replace(account, id=account_id))
    return token
