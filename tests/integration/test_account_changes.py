"""Every change of a log-in, by every way, stands in the access log; its owner hears of what a stranger may
have done."""

from __future__ import annotations

import ast
import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

import pbx_bridge
from pbx_bridge.auth import commands
from pbx_bridge.delivery.transport import Outgoing, Sent
from pbx_bridge.delivery.words import words_of
from pbx_bridge.delivery.worker import Worker
from pbx_bridge.settings import DeliverySettings, Settings
from pbx_bridge.storage import access_log, accounts, tables
from pbx_bridge.storage.access_log import TOLD, Deed
from pbx_bridge.storage.engine import Database
from pbx_bridge.storage.importer import Imported, import_document
from pbx_bridge.storage.sessions import NOWHERE
from rules.model import Channel, MessageKind
from tests.house_door import BETTER, PASSWORD, PEOPLE, Door, house_door
from tests.integration.test_second_factor import code, secret_in, set_up
from tests.until import until


@dataclass
class Ways:
    """Somebody who may change log-ins: by the pages, the command line, or a file."""

    door: Door
    settings: Settings

    async def page(self, login: str, path: str, **form: str) -> None:
        async with self.door.browser(login) as browser:
            assert (await browser.post(path, **form)).status == 200

    async def command(self, login: str, **more: str) -> None:
        told = {"role": "agent", "name": "Dora Lang", "customer": "", "phone": "PJSIP/dora"} | more
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
Told = tuple[Deed, str, str, str]
"""What the log holds: deed, whose log-in, who did it, detail."""
WAYS: Mapping[str, tuple[Callable[[Ways], Awaitable[None]], set[Told]]] = {
    "locked, page": (_lock, {(Deed.LOCKED, "anna", "office", "")}),
    "unlocked, page": (_unlock, {(Deed.UNLOCKED, "anna", "office", "")}),
    "locked, command": (_lock_by_command, {(Deed.LOCKED, "anna", "command line", "")}),
    "deleted, command": (_delete_by_command, {(Deed.DELETED, "anna", "command line", "")}),
    "added, command": (
        lambda ways: ways.command("dora"), {(Deed.ADDED, "dora", "command line", "agent")}
    ),
    "added for a company, command": (
        lambda ways: ways.command("neu", role="customer", customer="Mustermann AG", phone=""),
        {(Deed.ADDED, "neu", "command line", "customer · Mustermann AG")},
    ),
    "another role, command": (
        lambda ways: ways.command("anna", role="supervisor", name="Anna Keller", phone="PJSIP/anna"),
        {
            (Deed.ROLE_CHANGED, "anna", "command line", "agent > supervisor"),
            (Deed.PASSWORD_CHANGED, "anna", "command line", ""),
        },
    ),
    "another company, command": (
        _becomes_customer, {(Deed.COMPANY_CHANGED, "anna", "command line", "– > Mustermann AG")}
    ),
    "another address, command": (
        lambda ways: ways.command("anna", phone="PJSIP/anna", name="Anna Keller", email="a@example.org"),
        {(Deed.EMAIL_CHANGED, "anna", "command line", "")},
    ),
    "added, file": (
        lambda ways: ways.file("user", login="buero", role="operator", password=BETTER),
        {(Deed.ADDED, "buero", "import", "operator")},
    ),
    "another role, file": (
        lambda ways: ways.file("agent", **ANNA, supervisor=True),  # type: ignore[arg-type]
        {(Deed.ROLE_CHANGED, "anna", "import", "agent > supervisor")},
    ),
    "another password, file": (
        lambda ways: ways.file("agent", **ANNA, password=BETTER),
        {(Deed.PASSWORD_CHANGED, "anna", "import", "")},
    ),
    "another employee, file": (
        lambda ways: ways.file("user", **JENS, employee="Beispiel, Erika"),
        {(Deed.EMPLOYEE_CHANGED, "jens@example.org", "import", "")},
    ),
    "another address, file": (
        lambda ways: ways.file("user", **JENS, employee="Jens Meier", email="j@example.org"),
        {(Deed.EMAIL_CHANGED, "jens@example.org", "import", "")},
    ),
    "invited, page": (
        _invite,
        {
            (Deed.ADDED, "erika@example.org", "kunde", "subaccount · Mustermann AG"),
            (Deed.INVITED, "erika@example.org", "kunde", "Mustermann AG"),
        },
    ),
    "invitation taken": (_invite_and_take, {(Deed.INVITATION_TAKEN, "erika@example.org", "", "")}),
    "deleted, page": (_delete_subaccount, {(Deed.DELETED, "jens@example.org", "kunde", "")}),
    "gone with the employee": (_delete_employee, {(Deed.DELETED, "jens@example.org", "kunde", "")}),
    "back with the employee": (
        _delete_employee_and_undo, {(Deed.RESTORED, "jens@example.org", "kunde", "")}
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
async def test_each_change_of_a_log_in_is_written_down(ways: Ways, way: str) -> None:
    change, expected = WAYS[way]
    await change(ways)
    async with ways.door.db.read() as conn:
        entries, _ = await access_log.listed(conn, most=1000)
    assert {(Deed(one.deed), one.login, one.done_by, one.detail) for one in entries} >= expected


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
ALLOWED = frozenset({"storage/account_changes.py", "storage/accounts.py"})
OTHERWISE = {
    "storage/sessions.py": "another hash of the same password",
    "storage/invitations.py": "the password that is chosen by a link, noted where it is taken",
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


# ---- what its owner is told


@dataclass
class Letterbox:
    """Takes every mail."""

    got: list[Outgoing] = field(default_factory=list)

    async def send(self, message: Outgoing) -> Sent:
        self.got.append(message)
        return Sent()

    async def check(self) -> None:
        """There."""


async def posted(door: Door) -> list[Outgoing]:
    """What the outbox sends now."""
    box = Letterbox()
    transports: Any = {Channel.EMAIL: box}
    worker = Worker(door.db, transports, DeliverySettings(workers=1), door.clock, sender_domain="example.org")
    async with door.db.read() as conn:
        rows = (await conn.execute(tables.notification.select())).all()
    waiting = [row for row in rows if row.state == "waiting"]
    task = asyncio.create_task(worker.run())
    await until(lambda: len(box.got) >= len(waiting), 10, "all that waits is sent")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await worker.drain(1)
    return box.got


Deeds = Callable[[Door], Awaitable[None]]


async def _new_password(door: Door) -> None:
    async with door.browser("anna", **{"User-Agent": "Firefox/145.0 (Windows NT 10.0)"}) as anna:
        form = {"password_old": PASSWORD, "password_new": BETTER, "password_again": BETTER}
        assert (await anna.post("/zugang/kennwort", **form)).status == 200


async def _by_link(door: Door) -> None:
    async with door.browser() as anna:
        await anna.post("/kennwort-vergessen", login="anna")
        await anna.post(await door.link(), password=BETTER, again=BETTER)


async def _new_address(door: Door) -> None:
    async with door.browser("anna") as anna:
        await anna.post("/zugang/e-mail", email="other@example.org", password_now=PASSWORD)


async def _factor(door: Door) -> list[str]:
    path = "/zugang/zweiter-faktor"
    async with door.browser("anna") as anna:
        secret = secret_in(await anna.post(path, password_now=PASSWORD))
        seen = await anna.post(path, code=code(door, secret))
        await anna.get("/zugang")
        return re.findall(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}", seen.text)


async def _factor_set_up(door: Door) -> None:
    await _factor(door)


async def _factor_reset(door: Door) -> None:
    await _factor(door)
    async with door.browser("office") as office:
        await office.post(f"/zugaenge/{(await door.account('anna')).id}/zweiter-faktor")


async def _recovery(door: Door) -> None:
    codes = await _factor(door)
    async with door.browser() as anna:
        await anna.post("/login", login="anna", password=PASSWORD)
        assert (await anna.post("/login/code", code=codes[0])).path != "/login/code"


async def _renewed(door: Door) -> None:
    await _factor(door)
    async with door.db.write() as conn:
        owner = await door.account("anna")
        await door.portal.own_account.factor.renew(conn, owner, NOWHERE)


NOTICES: Mapping[Deed, Deeds] = {
    Deed.PASSWORD_CHANGED: _new_password,
    Deed.PASSWORD_BY_LINK: _by_link,
    Deed.EMAIL_CHANGED: _new_address,
    Deed.FACTOR_SET_UP: _factor_set_up,
    Deed.FACTOR_REMOVED: _factor_reset,
    Deed.RECOVERY_USED: _recovery,
    Deed.RECOVERY_RENEWED: _renewed,
}


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("deed", NOTICES)
async def test_the_owner_is_told(sqlite_db: Database, deed: Deed, locale: str) -> None:
    async with house_door(sqlite_db) as door:
        anna = await door.account("anna")
        async with door.db.write() as conn:
            await accounts.set_email(conn, anna.id, "anna@example.org")
            await accounts.set_locale(conn, anna.id, locale)
        await NOTICES[deed](door)
        await door.portal.errands.settle(10)
        mails = await posted(door)
        words = words_of(locale)
        mail = mails[-1]
        assert mail.subject == words(f"account_subject.{deed}")
        assert mail.address == "anna@example.org", "of before"
        greeting = {"de": "Guten Tag Anna Keller,", "en": "Hello Anna Keller,"}[locale]
        assert mail.text.startswith(greeting + "\n\n")
        not_you = {"de": "Wenn Sie das nicht waren:", "en": "If it was not you:"}[locale]
        assert not_you in mail.text
        house = {"de": "Von: Betreiber", "en": "By: the operator"}[locale]
        assert (house in mail.text) == (deed is Deed.FACTOR_REMOVED)
        assert mail.message_id.endswith("@example.org>")
        assert "http" not in mail.text, "no link that somebody could forge"
        assert not re.search(r"[A-Z2-7]{4}-[A-Z2-7]{4}", mail.text), "and no secret"
        assert "127.0.0.1" not in mail.text
        left = [one for one in await door.letters() if one.kind is MessageKind.SECURITY]
        assert {one.body_text for one in left} == {""}, "what is sent is not kept"


async def test_a_notice_outlives_what_a_thief_does_next(sqlite_db: Database) -> None:
    """Links that are good no more go with the next change; what its owner is told does not."""
    async with house_door(sqlite_db) as door:
        async with door.db.write() as conn:
            await accounts.set_email(conn, (await door.account("anna")).id, "anna@example.org")
        await _new_password(door)
        async with door.browser() as thief:
            await thief.log_in("anna", BETTER)
            await thief.post("/zugang/e-mail", email="thief@example.org", password_now=BETTER)
            await thief.post("/kennwort-vergessen", login="anna")
            await door.portal.errands.settle(10)
        told = [(mail.subject, mail.address) for mail in await posted(door)]
        assert {address for subject, address in told if "geändert" in subject} == {"anna@example.org"}
        assert len(told) == 3


async def test_who_has_no_address_and_who_was_never_here_is_told_nothing(sqlite_db: Database) -> None:
    async with house_door(sqlite_db) as door:
        await _new_password(door)
        async with door.browser("kunde") as kunde:
            await kunde.post("/portal/subaccounts", employee=door.house.erika)
        kinds = [one.kind for one in await door.letters()]
        assert kinds == [MessageKind.INVITATION]


def test_whatever_is_told_has_a_test_and_words() -> None:
    assert set(NOTICES) == TOLD
    for locale in ("de", "en"):
        assert all(words_of(locale).knows(f"account.{deed}") for deed in TOLD)
        assert all(words_of(locale).knows(f"account_subject.{deed}") for deed in TOLD)


@pytest.mark.parametrize("login", PEOPLE)
async def test_a_forced_second_factor_is_told_in_each_role(sqlite_db: Database, login: str) -> None:
    """Whoever is greeted by name has one; the others are greeted all the same."""
    async with house_door(sqlite_db, "required") as door, door.browser() as browser:
        async with door.db.write() as conn:
            await accounts.set_email(conn, (await door.account(login)).id, "post@example.org")
        if login in {"carla", "office"}:
            await set_up(door, browser, login)
        else:
            await browser.log_in(login)
            form = {"password_old": PASSWORD, "password_new": BETTER, "password_again": BETTER}
            await browser.post("/zugang/kennwort", **form)
        greeting = {"anna": " Anna Keller", "jens@example.org": " Jens Meier"}.get(login, "")
        (mail,) = await posted(door)
        assert mail.text.startswith(f"Guten Tag{greeting},\n")
