from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pbx_bridge.auth import commands
from pbx_bridge.auth.passwords import Passwords
from pbx_bridge.settings import Settings
from pbx_bridge.storage.access import access_log, accounts, agents
from pbx_bridge.storage.access import sessions as rows
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.db.engine import Database
from tests.sample_company import NOW, furnish

GOOD: dict[str, Any] = {
    "login": "Carla",
    "role": "agent",
    "name": "Carla von der Heide",
    "customer": "",
    "phone": "PJSIP/carla",
}
PASSWORD = "nur-zum-ausprobieren"


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    return replace(Settings(), database=replace(Settings().database, url=sqlite_url))


async def test_an_agent_can_be_added_and_changed(settings: Settings, sqlite_db: Database) -> None:
    assert await commands.add_user(settings, password=PASSWORD, **GOOD) == 0
    async with sqlite_db.write() as conn:
        found = await accounts.by_login(conn, "carla")
        assert found is not None
        agent = await agents.by_account(conn, found[0].id)
        await rows.insert(conn, "token", "csrf", found[0].id, NOW, NOW.replace(year=2099))
    assert agent is not None
    assert (agent.given_name, agent.family_name, agent.interface) == ("Carla", "von der Heide", "PJSIP/carla")
    assert (await Passwords(settings.auth).verify(found[1], PASSWORD)).right

    assert (
        await commands.add_user(settings, password="ein anderes Kennwort", **GOOD | {"role": "supervisor"})
        == 0
    )
    async with sqlite_db.read() as conn:
        again = await accounts.by_login(conn, "carla")
        assert again is not None
        assert (again[0].id, again[0].role) == (found[0].id, Role.SUPERVISOR)
        assert await rows.find(conn, "token", NOW, timedelta(days=9)) is None
    assert await commands.list_users(settings) == ["carla                supervisor   PJSIP/carla"]


async def test_a_customer_needs_one_that_exists(settings: Settings, sqlite_db: Database) -> None:
    await furnish(sqlite_db)
    someone = GOOD | {"login": "erika", "role": "customer", "phone": "", "password": PASSWORD}

    assert await commands.add_user(settings, **someone | {"customer": "Musterfrau AG"}) == 2
    assert await commands.add_user(settings, **someone | {"customer": "Mustermann AG"}) == 0
    assert any("Mustermann AG" in line for line in await commands.list_users(settings))


async def test_an_agent_is_bound_when_somebody_says_so(settings: Settings, sqlite_db: Database) -> None:
    for bound, is_bound in ((False, False), (True, True), (False, True)):
        assert await commands.add_user(settings, password=PASSWORD, bound=bound, **GOOD) == 0
        async with sqlite_db.read() as conn:
            agent = await agents.by_interface(conn, "PJSIP/carla")
        assert agent
        assert agent.bound is is_bound, "without it, as before"
    async with sqlite_db.read() as conn:
        found, total = await access_log.listed(conn, event="bound")
    assert (total, found[0].login, found[0].done_by) == (1, "carla", access_log.COMMAND_LINE)
    operator = GOOD | {"login": "otto", "role": "operator", "phone": ""}
    assert await commands.add_user(settings, password=PASSWORD, bound=True, **operator) == 2


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.OPERATOR])
async def test_whoever_is_no_agent_any_more_has_no_phone(
    settings: Settings, sqlite_db: Database, role: Role
) -> None:
    await furnish(sqlite_db)
    assert await commands.add_user(settings, password=PASSWORD, **GOOD) == 0
    company = "Mustermann AG" if role is Role.CUSTOMER else ""
    changed = GOOD | {"role": str(role), "customer": company, "phone": "", "password": PASSWORD}
    assert await commands.add_user(settings, **changed) == 0
    async with sqlite_db.read() as conn:
        assert await agents.by_interface(conn, GOOD["phone"]) is None
        assert [one.given_name for one in await agents.load_all(conn)] == ["Anna", "Ben"]
    assert await commands.add_user(settings, **GOOD | {"login": "dora", "password": PASSWORD}) == 0


@pytest.mark.parametrize(
    "wrong,said",
    [
        ({"role": "boss"}, "role must be one of"),
        ({"login": " "}, "login is empty"),
        ({"phone": ""}, "needs --phone"),
        ({"name": "Carla"}, "first and last name"),
        ({"password": "kurz"}, "too short"),
        ({"password": "Passwort1234"}, "everybody tries first"),
        ({"password": "CarlaHeide77"}, "made of the login, a name"),
        ({"email": "carla@"}, "e-mail address is not complete"),
        ({"role": "customer", "phone": ""}, "needs --customer"),
        ({"role": "customer", "customer": "Mustermann AG"}, "Only agents and supervisors have a --phone"),
        ({"role": "operator"}, "Only agents and supervisors have a --phone"),
        ({"phone": "PJSIP/anna"}, "another agent's phone"),
    ],
)
async def test_wrong_input_stores_nothing(
    settings: Settings,
    sqlite_db: Database,
    wrong: dict[str, str],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await furnish(sqlite_db)

    assert await commands.add_user(settings, **GOOD | {"password": PASSWORD} | wrong) == 2

    assert said in capsys.readouterr().err
    async with sqlite_db.read() as conn:
        assert [account.login for account in await accounts.load_all(conn)] == ["anna", "ben"]
