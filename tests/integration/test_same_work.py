"""Whatever is wrong with a log-in costs the same work, so that nobody learns by the clock who has one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from argon2 import PasswordHasher

from pbx_bridge.storage.access import accounts
from pbx_bridge.storage.db.engine import Database
from tests.house_door import PASSWORD, Door, house_door

WRONG = {
    "nobody": ("niemand", PASSWORD),
    "an invited one, by address": ("erika@example.org", PASSWORD),
    "an invited one, as it is kept": ("INVITED", PASSWORD),
    "a locked one": ("carla", PASSWORD),
    "a locked one, wrong": ("carla", "falsch"),
    "a wrong password": ("anna", "falsch"),
    "no password": ("anna", ""),
    "a very long password": ("anna", "x" * 10_000),
    "the mark of no password": ("INVITED", "!"),
}


@pytest.fixture
async def door(sqlite_db: Database) -> AsyncIterator[Door]:
    async with house_door(sqlite_db) as door:
        async with door.browser("kunde") as kunde:
            await kunde.post("/portal/subaccounts", employee=door.house.erika)
        async with sqlite_db.write() as conn:
            await accounts.set_disabled(conn, (await door.account("carla")).id, disabled=True)
        yield door


@pytest.mark.parametrize("who", WRONG)
async def test_one_hash_is_checked_whoever_it_is(
    door: Door, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    login, password = WRONG[who]
    if login == "INVITED":
        async with door.db.read() as conn:
            login = next(one.login for one in await accounts.load_all(conn) if not one.is_named)
    async with door.browser() as browser:
        await browser.log_in("niemand", "x")  # the decoy is made once
        checked, real = list[str](), PasswordHasher.verify

        def counted(self: PasswordHasher, hash_: str, typed: str) -> bool:
            checked.append(hash_)
            return real(self, hash_, typed)

        monkeypatch.setattr(PasswordHasher, "verify", counted)
        assert (await browser.log_in(login, password)).status == 401
    assert len(checked) == 1
    assert checked[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
