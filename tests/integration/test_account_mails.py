"""Whoever's log-in is changed hears of it, in their language and by name, without a secret."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest

from pbx_bridge.outbox.composing.catalogue import words_of
from pbx_bridge.outbox.transports.transport import Outgoing, Sent
from pbx_bridge.outbox.worker import Worker
from pbx_bridge.settings import DeliverySettings
from pbx_bridge.storage import tables
from pbx_bridge.storage.access import accounts
from pbx_bridge.storage.access.access_log import TOLD, AccessEvent
from pbx_bridge.storage.access.sessions import NOWHERE
from pbx_bridge.storage.db.engine import Database
from rules.model import Channel, MessageKind
from tests.house_door import BETTER, PASSWORD, PEOPLE, Door, house_door
from tests.integration.test_second_factor import code, secret_in, set_up
from tests.until import until


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
    await until(lambda: len(box.got) >= len(waiting), message="all that waits is sent")
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


async def _forgotten(door: Door) -> None:
    async with door.browser() as jens:
        await jens.post("/kennwort-vergessen", login="jens@example.org")


async def _invited(door: Door) -> None:
    """Whose company has a name that looks like a link, and like more."""
    name = "https://example.org/ <b>Mustermann</b> AG"
    async with door.db.write() as conn:
        await conn.execute(tables.customer.update().values(name=name))
    async with door.browser("kunde") as kunde:
        await kunde.post("/portal/subaccounts", employee=door.house.erika)


NOTICES: Mapping[AccessEvent, Deeds] = {
    AccessEvent.PASSWORD_CHANGED: _new_password,
    AccessEvent.PASSWORD_BY_LINK: _by_link,
    AccessEvent.EMAIL_CHANGED: _new_address,
    AccessEvent.FACTOR_SET_UP: _factor_set_up,
    AccessEvent.FACTOR_REMOVED: _factor_reset,
    AccessEvent.RECOVERY_USED: _recovery,
    AccessEvent.RECOVERY_RENEWED: _renewed,
}


def _said(html: str) -> list[str]:
    """The words on the page, without its title."""
    body = re.sub(r"<[^>]*>", " ", html.partition("<body")[2].partition(">")[2])
    return unescape(body).split()


KEYED: Mapping[str, Deeds] = {"forgotten": _forgotten, "invitation": _invited}


@pytest.mark.parametrize("kind", KEYED)
async def test_a_link_to_a_password_is_one_to_press(sqlite_db: Database, kind: str) -> None:
    async with house_door(sqlite_db) as door:
        await KEYED[kind](door)
        await door.portal.background.settle(10)
        (mail,) = await posted(door)
        (link,) = re.findall(r"^https?://\S+$", mail.text, re.MULTILINE)
        assert re.findall('<a href="([^"]*)"', mail.html) == [link]
        assert _said(mail.html) == mail.text.split()
        async with door.db.read() as conn:
            rows = (await conn.execute(tables.notification.select())).all()
        assert [(row.body_text, row.body_html) for row in rows] == [("", "")], "the key is kept nowhere"


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("deed", NOTICES)
async def test_the_owner_is_told(sqlite_db: Database, deed: AccessEvent, locale: str) -> None:
    async with house_door(sqlite_db) as door:
        anna = await door.account("anna")
        async with door.db.write() as conn:
            await accounts.set_email(conn, anna.id, "anna@example.org")
            await accounts.set_locale(conn, anna.id, locale)
        await NOTICES[deed](door)
        await door.portal.background.settle(10)
        mails = await posted(door)
        words = words_of(locale)
        mail = mails[-1]
        assert mail.subject == words(f"account_subject.{deed}")
        assert mail.address == "anna@example.org", "of before"
        greeting = {"de": "Guten Tag Anna Keller,", "en": "Hello Anna Keller,"}[locale]
        assert mail.text.startswith(greeting + "\n\n")
        assert _said(mail.html) == mail.text.split(), "in the look of all mails, and the same"
        assert "<a " not in mail.html, "nobody learns to follow a link in such a mail"
        when = {"de": "Wann: Montag, 23.11.2026, ", "en": "When: Monday, 23 Nov 2026, "}[locale]
        assert when in mail.text
        not_you = {"de": "Wenn Sie das nicht waren:", "en": "If it was not you:"}[locale]
        assert not_you in mail.text
        house = {"de": "Von: Betreiber", "en": "By: the operator"}[locale]
        assert (house in mail.text) == (deed is AccessEvent.FACTOR_REMOVED)
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
            await door.portal.background.settle(10)
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
