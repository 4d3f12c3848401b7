"""An agent's phone is given by a password that is said once, and taken away."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from pbx_bridge.auth import agent_phones as given_phones
from pbx_bridge.auth import commands
from pbx_bridge.auth.agent_phones import PhoneLogIn
from pbx_bridge.settings import Settings
from pbx_bridge.storage.access import access_log, agent_phones, agents
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.access.accounts import by_login
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import Database
from rules.access.phones import password_digest
from tests.sample_company import NOW, furnish


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    return replace(Settings(), database=replace(Settings().database, url=sqlite_url))


async def stored(db: Database) -> dict[str, str]:
    async with db.read() as conn:
        return await agent_phones.load_all(conn)


async def test_it_is_given_renewed_and_taken_away_and_only_a_digest_is_kept(
    settings: Settings, sqlite_db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    house = await furnish(sqlite_db)
    pbx = replace(settings.pbx, phone_server="pbx.example.org", phone_transport="tls")
    digests, versions = [], []
    for _ in range(2):
        assert await commands.give_phone(replace(settings, pbx=pbx), "anna") == 0
        said = capsys.readouterr().out
        typed = dict(re.findall(r"^  (\w+) +(\S+)$", said, re.MULTILINE))
        assert typed | {"password": ""} == {
            "server": "pbx.example.org",
            "user": "anna",
            "password": "",
            "transport": "TLS",
        }
        assert await stored(sqlite_db) == {"anna": password_digest("anna", typed["password"])}
        digests.append(await stored(sqlite_db))
        async with sqlite_db.read() as conn:
            versions.append(await data_version.current(conn))
            assert await agent_phones.given_at(conn, house.anna) is not None
            logged = (await access_log.listed(conn))[0]
        assert logged[0].event == "phone_given"
        assert typed["password"] not in str(logged)
    assert digests[0] != digests[1]
    assert versions[0] < versions[1], "whoever follows the data hears of it"

    assert await commands.take_phone(settings, "anna") == 0
    assert await stored(sqlite_db) == {}
    async with sqlite_db.read() as conn:
        assert (await access_log.listed(conn))[0][0].event == "phone_taken"
        assert await data_version.current(conn) > versions[1]
        assert await agent_phones.given_at(conn, house.anna) is None


@pytest.mark.parametrize(
    "login,interface,said",
    [
        ("nobody", "PJSIP/anna", 'Nobody has the login "nobody"'),
        ("anna", "PJSIP/trunk", "PJSIP/trunk cannot be given"),
        ("anna", "SIP/anna", "SIP/anna cannot be given"),
        ("anna", "PJSIP/filed", "PJSIP/filed stands in [pbx.phones]"),
        ("olaf", "PJSIP/anna", "olaf is no agent"),
    ],
)
async def test_what_cannot_be_given_is_said_with_its_remedy_and_nothing_is_stored(
    settings: Settings,
    sqlite_db: Database,
    capsys: pytest.CaptureFixture[str],
    login: str,
    interface: str,
    said: str,
) -> None:
    house = await furnish(sqlite_db)
    operator: dict[str, Any] = {
        "login": "olaf",
        "role": "operator",
        "name": "Olaf Lang",
        "customer": "",
        "phone": "",
    }
    assert await commands.add_user(settings, password="nur-zum-ausprobieren", **operator) == 0
    async with sqlite_db.write() as conn:
        await agents.update(conn, house.anna, "Anna", "Keller", interface)
    filed = replace(settings, pbx=replace(settings.pbx, phones={"filed": "register"}))
    assert await commands.give_phone(filed, login) == 2
    assert said in capsys.readouterr().err
    assert await stored(sqlite_db) == {}


async def test_a_phone_that_was_not_given_is_not_taken(
    settings: Settings, sqlite_db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await furnish(sqlite_db)
    assert await commands.take_phone(settings, "anna") == 2
    assert "files of the PBX" in capsys.readouterr().err


async def test_it_goes_with_its_agent_and_with_another_phone(
    db: Database,
) -> None:
    house = await furnish(db)

    async def digest(agent: str) -> None:
        async with db.write() as conn:
            await agent_phones.give(conn, agent, f"digest of {agent}", NOW)

    for agent in (house.anna, house.ben):
        await digest(agent)
    both = {"anna": f"digest of {house.anna}", "ben": f"digest of {house.ben}"}
    assert await stored(db) == both
    async with db.write() as conn:
        await agents.update(conn, house.anna, "Anna", "Keller-Brandt", "PJSIP/anna")
    assert await stored(db) == both
    async with db.write() as conn:
        await agents.update(conn, house.anna, "Anna", "Keller", "PJSIP/anna2")
        await agents.delete(conn, house.ben)
    assert await stored(db) == {}


async def test_no_picture_of_what_is_typed_shows_the_password(
    settings: Settings, sqlite_db: Database
) -> None:
    await furnish(sqlite_db)
    async with sqlite_db.write() as conn:
        found = await by_login(conn, "anna")
        assert found
        given = await given_phones.give(conn, settings, found[0], By(NOW, "olaf"))
    assert isinstance(given, PhoneLogIn)
    assert given.server == "127.0.0.1:5060"
    assert given.password not in repr(given)
