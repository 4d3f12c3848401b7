"""Every change of a log-in, by every way, stands in the access log; its owner hears of what a stranger may
have done."""

from __future__ import annotations

import ast
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import pbx_bridge
from pbx_bridge.auth import commands
from pbx_bridge.importing.importer import Imported, import_document
from pbx_bridge.settings import Settings
from pbx_bridge.storage.access import access_log
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.db.engine import Database
from tests.house_door import BETTER, Door, house_door


@dataclass
class Ways:
    """Somebody who may change log-ins: by the pages, the command line, or a file."""

    door: Door
    settings: Settings

    async def page(self, login: str, path: str, **form: str) -> None:
        async with self.door.browser(login) as browser:
            assert (await browser.post(path, **form)).status == 200

    async def command(self, login: str, **more: str) -> None:
        told: dict[str, Any] = {
            "role": "agent",
            "name": "Dora Lang",
            "customer": "",
            "phone": "PJSIP/dora",
        } | more
        assert await commands.add_user(self.settings, login=login, password=BETTER, **told) == 0

    async def file(self, section: str, **row: str) -> None:
        found = await import_document(
            self.door.db, {section: [row]}, self.door.clock(), lambda word: f"hash {word}"
        )
        assert isinstance(found, Imported), found

    async def id_of(self, login: str) -> str:
        return (await self.door.account(login)).id


@pytest.fixture
async def ways(sqlite_url: str) -> AsyncIterator[Ways]:
    db = Database(sqlite_url)
    async with house_door(db) as door:
        yield Ways(door, replace(Settings(), database=replace(Settings().database, url=sqlite_url)))
    await db.close()


async def _lock(ways: Ways, locked: str = "yes") -> None:
    await ways.page("office", f"/zugaenge/{await ways.id_of('anna')}/sperren", locked=locked)


async def _unlock(ways: Ways) -> None:
    await _lock(ways)
    await _lock(ways, "")


async def _lock_by_command(ways: Ways) -> None:
    assert await commands.lock_user(ways.settings, "anna", locked=True) == 0


async def _delete_by_command(ways: Ways) -> None:
    assert await commands.delete_user(ways.settings, "anna") == 0


async def _invite(ways: Ways) -> None:
    await ways.page("kunde", "/portal/subaccounts", employee=ways.door.house.erika)


async def _invite_and_take(ways: Ways) -> None:
    await _invite(ways)
    async with ways.door.browser() as erika:
        await erika.post(await ways.door.link(), password=BETTER, again=BETTER)


async def _delete_subaccount(ways: Ways) -> None:
    jens = await ways.id_of("jens@example.org")
    await ways.page("kunde", f"/portal/subaccounts/{jens}/loeschen")


async def _delete_employee(ways: Ways) -> None:
    await ways.page("kunde", f"/portal/mitarbeiter/{ways.door.house.jens}/loeschen")


async def _delete_employee_and_undo(ways: Ways) -> None:
    async with ways.door.browser("kunde") as browser:
        seen = await browser.post(f"/portal/mitarbeiter/{ways.door.house.jens}/loeschen")
        step = re.search(r'name="step" value="([^"]+)"', seen.text)
        assert step, seen.text
        await browser.post("/portal/rueckgaengig", step=step[1])


async def _becomes_customer(ways: Ways) -> None:
    await ways.command("anna", role="customer", customer="Mustermann AG", phone="")


ANNA = {"login": "anna", "given_name": "Anna", "family_name": "Keller", "interface": "PJSIP/anna"}
JENS = {"login": "jens@example.org", "role": "subaccount", "customer": "Mustermann AG"}
Told = tuple[AccessEvent, str, str, str]
"""What the log holds: deed, whose log-in, who did it, detail."""
WAYS: Mapping[str, tuple[Callable[[Ways], Awaitable[None]], set[Told]]] = {
    "locked, page": (_lock, {(AccessEvent.LOCKED, "anna", "office", "")}),
    "unlocked, page": (_unlock, {(AccessEvent.UNLOCKED, "anna", "office", "")}),
    "locked, command": (_lock_by_command, {(AccessEvent.LOCKED, "anna", "command line", "")}),
    "deleted, command": (_delete_by_command, {(AccessEvent.DELETED, "anna", "command line", "")}),
    "added, command": (
        lambda ways: ways.command("dora"), {(AccessEvent.ADDED, "dora", "command line", "agent")}
    ),
    "added for a company, command": (
        lambda ways: ways.command("neu", role="customer", customer="Mustermann AG", phone=""),
        {(AccessEvent.ADDED, "neu", "command line", "customer · Mustermann AG")},
    ),
    "another role, command": (
        lambda ways: ways.command("anna", role="supervisor", name="Anna Keller", phone="PJSIP/anna"),
        {
            (AccessEvent.ROLE_CHANGED, "anna", "command line", "agent > supervisor"),
            (AccessEvent.PASSWORD_CHANGED, "anna", "command line", ""),
        },
    ),
    "another company, command": (
        _becomes_customer, {(AccessEvent.COMPANY_CHANGED, "anna", "command line", "– > Mustermann AG")}
    ),
    "another address, command": (
        lambda ways: ways.command("anna", phone="PJSIP/anna", name="Anna Keller", email="a@example.org"),
        {(AccessEvent.EMAIL_CHANGED, "anna", "command line", "")},
    ),
    "added, file": (
        lambda ways: ways.file("user", login="buero", role="operator", password=BETTER),
        {(AccessEvent.ADDED, "buero", "import", "operator")},
    ),
    "another role, file": (
        lambda ways: ways.file("agent", **ANNA, supervisor=True),  # type: ignore[arg-type]
        {(AccessEvent.ROLE_CHANGED, "anna", "import", "agent > supervisor")},
    ),
    "another password, file": (
        lambda ways: ways.file("agent", **ANNA, password=BETTER),
        {(AccessEvent.PASSWORD_CHANGED, "anna", "import", "")},
    ),
    "another employee, file": (
        lambda ways: ways.file("user", **JENS, employee="Beispiel, Erika"),
        {(AccessEvent.EMPLOYEE_CHANGED, "jens@example.org", "import", "")},
    ),
    "another address, file": (
        lambda ways: ways.file("user", **JENS, employee="Jens Meier", email="j@example.org"),
        {(AccessEvent.EMAIL_CHANGED, "jens@example.org", "import", "")},
    ),
    "invited, page": (
        _invite,
        {
            (AccessEvent.ADDED, "erika@example.org", "kunde", "subaccount · Mustermann AG"),
            (AccessEvent.INVITED, "erika@example.org", "kunde", "Mustermann AG"),
        },
    ),
    "invitation taken": (_invite_and_take, {(AccessEvent.INVITATION_TAKEN, "erika@example.org", "", "")}),
    "deleted, page": (_delete_subaccount, {(AccessEvent.DELETED, "jens@example.org", "kunde", "")}),
    "gone with the employee": (_delete_employee, {(AccessEvent.DELETED, "jens@example.org", "kunde", "")}),
    "back with the employee": (
        _delete_employee_and_undo, {(AccessEvent.RESTORED, "jens@example.org", "kunde", "")}
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
async def test_each_change_of_a_log_in_is_written_down(ways: Ways, way: str) -> None:
    change, expected = WAYS[way]
    await change(ways)
    async with ways.door.db.read() as conn:
        entries, _ = await access_log.listed(conn, most=1000)
    assert {(AccessEvent(one.event), one.login, one.done_by, one.detail) for one in entries} >= expected


async def test_a_change_that_is_none_is_not_written_down(ways: Ways) -> None:
    await ways.file("agent", **ANNA)
    await _lock(ways, "")
    assert [deed for deed, _ in await ways.door.deeds("anna")] == []


async def test_what_was_and_is_stands_on_the_page_in_words(ways: Ways) -> None:
    await WAYS["another role, command"][0](ways)
    await WAYS["another company, command"][0](ways)
    async with ways.door.browser("office") as office:
        page = (await office.get("/anmeldeprotokoll?q=anna")).text
    assert "Agent → Teamleitung" in page
    assert "– → Mustermann AG" in page


RAW = frozenset({"insert", "update", "set_email", "set_disabled", "delete", "set_password_hash"})
ALLOWED = frozenset({"storage/access/account_changes.py", "storage/access/accounts.py"})
OTHERWISE = {
    "storage/access/sessions.py": "another hash of the same password",
    "storage/access/invitations.py": "the password that is chosen by a link, noted where it is taken",
}


def test_nobody_changes_log_ins_past_the_log() -> None:
    root, found = Path(pbx_bridge.__file__).parent, set[str]()
    for file in root.rglob("*.py"):
        name = str(file.relative_to(root))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in RAW:
                owner = ast.unparse(node.value)
                if owner in {"accounts", "t.account", "tables.account"}:
                    found.add(name)
    assert found - ALLOWED == set(OTHERWISE)
