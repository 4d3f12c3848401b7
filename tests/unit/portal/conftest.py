"""The portal served for a test, and a client that is logged in to it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import ClientSession, CookieJar, FormData

from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.db.engine import Database
from tests.unit.portal.serving import Served, serving


@dataclass(slots=True)
class Answer:
    """What came back; `path` with query is where redirects ended."""

    status: int
    path: str
    text: str

    def hidden(self, name: str) -> str:
        """The value of a hidden field of the page."""
        match = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        assert match, f"no field {name}"
        return match[1]


@dataclass(slots=True)
class Client:
    """A browser without scripts. `post` sends the token (and the version) of the page it opened last."""

    served: Served
    session: ClientSession
    last: Answer | None = None

    async def get(self, path: str) -> Answer:
        async with self.session.get(self.served.address + path) as response:
            self.last = Answer(response.status, response.url.path_qs, await response.text())
        return self.last

    async def post(self, path: str, fields: dict[str, str] | None = None, *, version: str = "") -> Answer:
        assert self.last, "open a page first: its form has the token"
        own = {"csrf": self.last.hidden("csrf")}
        if 'name="version"' in self.last.text:
            own["version"] = version or self.last.hidden("version")
        data = FormData(own | (fields or {}))
        async with self.session.post(self.served.address + path, data=data) as response:
            return Answer(response.status, response.url.path_qs, await response.text())


@pytest.fixture
async def served(sqlite_db: Database) -> AsyncIterator[Served]:
    async with serving(sqlite_db) as running:
        yield running


@pytest.fixture
async def client(served: Served) -> AsyncIterator[Client]:
    """Somebody of Mustermann AG, in German."""
    async with ClientSession(cookies={"session": await served.cookie()}, cookie_jar=jar()) as session:
        yield Client(served, session)


@pytest.fixture
async def subaccount(served: Served) -> AsyncIterator[Client]:
    """Erika Beispiel with her own log-in."""
    cookies = {"session": await served.cookie(Role.SUBACCOUNT)}
    async with ClientSession(cookies=cookies, cookie_jar=jar()) as session:
        yield Client(served, session)


def jar() -> CookieJar:
    """Takes cookies of addresses without a name too."""
    return CookieJar(unsafe=True)
