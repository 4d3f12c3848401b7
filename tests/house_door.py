"""The web application with the portal's pages and people of every role, who know their passwords."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

import aiohttp

from pbx_bridge.auth.passwords import Passwords
from pbx_bridge.auth.sessions import Sessions
from pbx_bridge.portal.routes import routes
from pbx_bridge.portal.services import Portal
from pbx_bridge.settings import Settings
from pbx_bridge.storage import tables
from pbx_bridge.storage.access import access_log, accounts
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import Notification
from pbx_bridge.web.server import listening, make_app
from tests.sample_company import SampleCompany, furnish
from tests.web_server import Clock

PASSWORD, BETTER = "ein Satz der allen reicht", "drei Birnen am alten Baum"
PEOPLE: dict[str, Role] = {
    "anna": Role.AGENT,
    "carla": Role.SUPERVISOR,
    "office": Role.OPERATOR,
    "kunde": Role.CUSTOMER,
    "jens@example.org": Role.SUBACCOUNT,
}
Wanted = Literal["offered", "required"]
CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer, read."""

    status: int
    text: str
    headers: Any
    path: str


@dataclass(slots=True)
class Browser:
    """One browser with its cookies. `csrf`: of the last page that had one."""

    client: aiohttp.ClientSession
    csrf: str = ""

    async def get(self, path: str) -> Seen:
        return await self._asks("GET", path)

    async def post(self, path: str, **form: str) -> Seen:
        """A form of ours, with the token."""
        return await self._asks("POST", path, data={"csrf": self.csrf} | form)

    async def log_in(self, login: str, password: str = PASSWORD) -> Seen:
        """303: in."""
        form = {"login": login, "password": password}
        seen = await self._asks("POST", "/login", data=form, allow_redirects=False)
        await self.get("/zugang")
        return seen

    async def is_in(self) -> bool:
        return (await self.get("/zugang")).path == "/zugang"

    async def _asks(self, method: str, path: str, **more: Any) -> Seen:
        async with self.client.request(method, path, **more) as answer:
            seen = Seen(answer.status, await answer.text(), answer.headers, answer.url.path)
        found = CSRF.search(seen.text)
        self.csrf = found[1] if found else self.csrf
        return seen


@dataclass(slots=True)
class Door:
    """The running site."""

    url: str
    db: Database
    house: SampleCompany
    clock: Clock
    portal: Portal

    @asynccontextmanager
    async def browser(self, login: str = "", locale: str = "de", **headers: str) -> AsyncIterator[Browser]:
        told = {"Accept": "text/html", "Accept-Language": locale} | headers
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(self.url, cookie_jar=jar, headers=told) as client:
            browser = Browser(client)
            if login:
                assert (await browser.log_in(login)).status == 303
            yield browser

    async def account(self, login: str) -> Account:
        async with self.db.read() as conn:
            found = await accounts.by_login(conn, login)
        assert found is not None
        return found[0]

    async def letters(self) -> list[Notification]:
        """What is in the outbox, the oldest first."""
        await self.portal.background.settle(10)
        async with self.db.read() as conn:
            ids = (await conn.execute(tables.notification.select().order_by("created_at", "id"))).all()
            return [one for row in ids if (one := await notifications.by_id(conn, row.id))]

    async def link(self) -> str:
        """The path in the last letter."""
        found = re.search(
            r"https?://[^/\s]+(/(?:kennwort|einladung)/\S+)", (await self.letters())[-1].body_text
        )
        assert found
        return found[1]

    async def deeds(self, login: str = "") -> list[tuple[str, str]]:
        """What the access log holds, the oldest first: deed and login."""
        async with self.db.read() as conn:
            entries, _ = await access_log.listed(conn, login=login, most=1000)
        return [(one.event, one.login) for one in reversed(entries)]


@asynccontextmanager
async def house_door(db: Database, second_factor: Wanted = "offered") -> AsyncIterator[Door]:
    """Until the block ends; `db` is empty and upgraded."""
    plain, clock, house = Settings(), Clock(), await furnish(db)
    settings = replace(plain, auth=replace(plain.auth, second_factor=second_factor))
    stored = Passwords(settings.auth).hash(PASSWORD)
    async with db.write() as conn:
        for login, role in PEOPLE.items():
            company = house.customer_id if role in {Role.CUSTOMER, Role.SUBACCOUNT} else None
            employee = house.jens if role is Role.SUBACCOUNT else None
            if login == "anna":
                await accounts.set_password_hash(conn, house.anna_account, stored)
            else:
                one = Account("", login, role, "de", company, employee)
                await accounts.insert(conn, one, stored, clock())
    sessions = Sessions(db, settings.auth, clock)
    portal = Portal(db, clock, contact="sekretariat@example.org", auth=settings.auth, known_sessions=sessions)
    app = make_app(settings, db, sessions, routes(portal), clock=clock, strict=True)
    async with listening(app, replace(settings, web=replace(settings.web, port=0))) as port:
        yield Door(f"http://127.0.0.1:{port}", db, house, clock, portal)
        await portal.background.settle(5)
