"""What a stranger can learn by logging in, and whom he can hold up with it: nothing, and nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import argon2
import pytest

from pbx_bridge.auth.passwords import Passwords
from pbx_bridge.settings import AuthSettings
from pbx_bridge.storage.access import accounts, invitations
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.db.engine import Database
from tests import databases
from tests.raw_http import Answer, ask, head
from tests.sample_company import SampleCompany
from tests.web_server import Site, serve
from tests.whole_site import whole_site

sqlite_url, sqlite_db, furnished = databases.sqlite_url, databases.sqlite_db, databases.furnished

FORM = "Content-Type: application/x-www-form-urlencoded"
HASHES = {
    "invited": invitations.NO_PASSWORD,
    "empty": "",
    "broken": "$argon2id$v=19$m=19456,t=2,p=1$broken",
    "of another kind": "$2b$12$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234",
}


@pytest.fixture
async def site(sqlite_db: Database) -> AsyncIterator[Site]:
    async with serve(sqlite_db) as site:
        await site.add("existing", Role.AGENT)
        disabled = await site.add("disabled", Role.AGENT)
        async with sqlite_db.write() as conn:
            await accounts.update(conn, replace(disabled, disabled=True))
            for login, stored in HASHES.items():
                await accounts.insert(conn, Account("", login, Role.AGENT), stored, site.clock())
        yield site


async def guess(site: Site, login: str) -> Answer:
    form = f"login={login}&password=falsch".replace(" ", "+")
    sent = head("POST", "/login", FORM, f"Content-Length: {len(form)}") + form.encode()
    return await ask(int(site.url.rpartition(":")[2]), sent)


@pytest.mark.parametrize("login", ["existing", "missing", "disabled", *HASHES])
async def test_every_wrong_log_in_is_the_same_work(
    site: Site, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    """One hash of the same strength, whoever is asked for."""
    worked: list[str] = []
    verify = argon2.PasswordHasher.verify

    def counted(self: argon2.PasswordHasher, stored: str, password: str) -> Any:
        worked.append(stored.rpartition("$")[0].rpartition("$")[0])
        return verify(self, stored, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)
    answer = await guess(site, login)
    assert (answer.status, worked) == (401, ["$argon2id$v=19$m=19456,t=2,p=1"])


@pytest.mark.parametrize("stored", HASHES.values(), ids=HASHES)
async def test_nobody_logs_in_without_a_password(stored: str) -> None:
    passwords = Passwords(AuthSettings())
    for password in ("", stored, "nobody has this password", "!"):
        assert not (await passwords.verify(stored, password)).right


class Writers:
    """Counts who takes the writer's place."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        write = Database.write

        @asynccontextmanager
        async def counted(db: Database) -> AsyncIterator[Any]:
            self.count += 1
            async with write(db) as conn:
                yield conn

        monkeypatch.setattr(Database, "write", counted)


async def test_whoever_has_to_wait_makes_no_writer_wait(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        assert (await guess(site, "existing")).status == 401
    writers = Writers(monkeypatch)
    answers = [await guess(site, "existing") for _ in range(5)]
    assert {answer.status for answer in answers} == {429}
    assert writers.count == 0


async def test_no_stranger_takes_the_writers_place(
    sqlite_db: Database, furnished: SampleCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On any route, with any method; but for a guess, which is counted."""
    async with whole_site(sqlite_db) as site:
        writers = Writers(monkeypatch)
        for name, method, path in site.routes:
            for sent in ("", "?type=1", "?type=2", "?said=x&step=x"):
                body = b"login=&password=&again=&locale=de&text=x&csrf=x"
                headers = (FORM, f"Content-Length: {len(body)}", "Cookie: session=x", "Accept: text/html")
                await ask(site.port, head(method, path + sent, *headers) + body)
                if (name, method) != ("login", "POST"):
                    assert writers.count == 0, (method, path, sent)
            writers.count = 0
