"""The real web application on a loopback port of its own, with people who can log in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import aiohttp
from aiohttp import web

from pbx_bridge.auth.passwords import Passwords
from pbx_bridge.auth.sessions import Sessions
from pbx_bridge.settings import Settings
from pbx_bridge.storage.access import accounts
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.web.server import listening, make_app

PASSWORD = "nur-zum-ausprobieren"
OFFERED = replace(Settings(), auth=replace(Settings().auth, second_factor="offered"))


@dataclass(slots=True)
class Clock:
    """A clock that only we wind."""

    now: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def wind(self, **step: float) -> None:
        self.now += timedelta(**step)


@dataclass(slots=True)
class Site:
    """A running site. `url` has no slash at its end."""

    url: str
    db: Database
    settings: Settings
    sessions: Sessions
    clock: Clock
    not_ready: list[str] = field(default_factory=list)

    async def add(
        self, login: str, role: Role, *, locale: str = "de", customer_id: str | None = None
    ) -> Account:
        """Somebody with `PASSWORD`."""
        password_hash = Passwords(self.settings.auth).hash(PASSWORD)
        account = Account("", login, role, locale, customer_id)
        async with self.db.write() as conn:
            account_id = await accounts.insert(conn, account, password_hash, self.clock())
        return replace(account, id=account_id)

    @asynccontextmanager
    async def browser(self, login: str | None = None, **headers: str) -> AsyncIterator[aiohttp.ClientSession]:
        """A browser with its own cookies, logged in if `login` is given; it asks for pages."""
        jar = aiohttp.CookieJar(unsafe=True)  # cookies for an IP address
        asked = {"Accept": "text/html", "Accept-Language": "de"} | headers
        async with aiohttp.ClientSession(self.url, cookie_jar=jar, headers=asked) as browser:
            if login:
                form = {"login": login, "password": PASSWORD}
                async with browser.post("/login", data=form, allow_redirects=False) as answer:
                    assert answer.status == 303, await answer.text()
            yield browser


@asynccontextmanager
async def serve(
    db: Database,
    routes: Iterable[web.AbstractRouteDef] = (),
    settings: Settings | None = None,
) -> AsyncIterator[Site]:
    """Run `make_app` with these rooms' routes, sentences strict."""
    settings = settings or OFFERED
    clock = Clock()
    sessions = Sessions(db, settings.auth, clock)
    not_ready: list[str] = []
    app = make_app(settings, db, sessions, routes, clock=clock, not_ready=lambda: not_ready, strict=True)
    async with listening(app, replace(settings, web=replace(settings.web, port=0))) as port:
        yield Site(f"http://127.0.0.1:{port}", db, settings, sessions, clock, not_ready)
