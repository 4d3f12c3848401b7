"""An employee is invited, sets a password, and sees nothing but what is theirs."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import ClientSession, CookieJar
from sqlalchemy import select

from pbx_bridge.outbox.transports.transport import Failed, Outcome, Outgoing, Sent
from pbx_bridge.outbox.worker import Worker
from pbx_bridge.settings import DeliverySettings
from pbx_bridge.storage import tables
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.maintenance import retention
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox.notifications import Notification, State
from rules.model import Channel
from tests.unit.portal.conftest import Client
from tests.unit.portal.serving import serving
from tests.until import PATIENCE

PATH = "/portal/subaccounts"
PASSWORD = "ein Satz den nur Erika kennt"


class Post:
    """A mail server that takes everything, or nothing."""

    def __init__(self) -> None:
        self.letters: list[Outgoing] = []
        self.outcome: Outcome = Sent()

    async def send(self, message: Outgoing) -> Outcome:
        self.letters.append(message)
        return self.outcome

    async def check(self) -> None:
        """It is there."""


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
async def invited(sqlite_db: Database, post: Post) -> AsyncIterator[Client]:
    """The customer, with the outbox and its worker."""
    workers: list[Worker] = []

    def wake() -> None:
        for worker in workers:
            worker.wake()

    async with serving(sqlite_db, lambda portal: replace(portal, wake=wake)) as served:
        worker = Worker(
            sqlite_db,
            {Channel.EMAIL: post},
            DeliverySettings(workers=1, poll_seconds=0.05),
            lambda: served.now,
        )
        workers.append(worker)
        running = asyncio.create_task(worker.run())
        cookies = {"session": await served.cookie()}
        async with ClientSession(cookies=cookies, cookie_jar=CookieJar(unsafe=True)) as session:
            yield Client(served, session)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def mails(db: Database) -> list[Notification]:
    """The invitations in the outbox."""
    async with db.read() as conn:
        ids = (await conn.execute(select(tables.notification.c.id))).scalars().all()
        return [one for one in [await notifications.by_id(conn, name) for name in ids] if one]


async def comes_to(client: Client, state: State) -> Notification:
    """Wait until the one invitation is in this state."""
    found: list[Notification] = []

    async def look() -> bool:
        found[:] = await mails(client.served.db)
        return [one.state for one in found] == [state]

    async with asyncio.timeout(PATIENCE):
        while not await look():
            await asyncio.sleep(0.02)
    return found[0]


async def invite(client: Client) -> str:
    await client.get(PATH)
    return (await client.post(PATH, {"employee": client.served.house.erika})).text


async def try_in(client: Client, password: str) -> tuple[int, str]:
    fields = {"login": "erika@example.org", "password": password}
    async with (
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as session,
        session.post(f"{client.served.address}/login", data=fields) as answer,
    ):
        return answer.status, answer.url.path


async def choose(client: Client, link: str, password: str, again: str = "") -> tuple[int, str]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        fields = {"password": password, "again": again or password}
        async with session.post(client.served.address + link, data=fields) as answer:
            return answer.status, await answer.text()


async def test_the_invitation_comes_by_mail_and_leads_to_an_own_password(invited: Client, post: Post) -> None:
    assert "Die Einladung ist unterwegs." in await invite(invited)
    await comes_to(invited, State.SENT)
    (letter,) = post.letters
    assert letter.address == "erika@example.org"
    link = re.search(r"/einladung/\S+", letter.text)
    assert link
    assert (await try_in(invited, "!"))[0] == (await try_in(invited, "nobody has this password"))[0] == 401

    assert "zu kurz" in (await choose(invited, link[0], "kurz"))[1]
    assert "verschieden" in (await choose(invited, link[0], PASSWORD, PASSWORD + "!"))[1]
    assert (await choose(invited, link[0], PASSWORD))[0] == 200

    invited.served.now += timedelta(minutes=5)
    assert (await try_in(invited, PASSWORD)) == (200, "/portal/abwesend")
    assert (await choose(invited, link[0], PASSWORD))[0] == 404, "good once"
    assert "aktiv" in (await invited.get(PATH)).text


async def test_the_invitation_greets_the_person_and_names_the_company(invited: Client, post: Post) -> None:
    async with invited.served.db.write() as conn:
        await conn.execute(
            tables.employee.update()
            .where(tables.employee.c.id == invited.served.house.erika)
            .values(name="Weiß, Dr.-Ing. Jörg", given_name="Jörg", family_name="Weiß")
        )
        await data_version.touch(conn, invited.served.house.customer_id, invited.served.now)
    await invite(invited)
    await comes_to(invited, State.SENT)
    (letter,) = post.letters
    assert letter.subject == "Ihr Zugang zur Sekretariatsverwaltung: Mustermann AG"
    assert letter.text.startswith("Guten Tag Dr.-Ing. Jörg Weiß,\n\nfür Mustermann AG können Sie")


async def test_an_invitation_that_is_sent_leaves_no_key_behind(invited: Client, post: Post) -> None:
    await invite(invited)
    mail = await comes_to(invited, State.SENT)
    assert (mail.body_text, mail.note_id) == ("", None)
    assert "eingeladen, gilt bis Mo 30.11.2026" in (await invited.get(PATH)).text
    link = re.search(r"/einladung/\S+", post.letters[0].text)
    assert link
    await choose(invited, link[0], PASSWORD)
    assert await mails(invited.served.db) == []


async def test_a_mail_server_that_is_away_is_asked_again(invited: Client, post: Post) -> None:
    post.outcome = Failed("mail_server_unreachable", permanent=False)
    await invite(invited)
    await comes_to(invited, State.WAITING)
    async with asyncio.timeout(PATIENCE):
        while not (await mails(invited.served.db))[0].attempts:
            await asyncio.sleep(0.02)
    await comes_to(invited, State.WAITING)
    assert "Wir versuchen es wieder" in (await invited.get(PATH)).text

    post.outcome = Sent()
    invited.served.now += timedelta(minutes=2)
    await comes_to(invited, State.SENT)
    assert post.letters[0].text == post.letters[1].text
    assert post.letters[0].message_id == post.letters[1].message_id


async def test_a_mail_that_is_stuck_is_seen_can_be_sent_again_and_passed_on(
    invited: Client, post: Post
) -> None:
    post.outcome = Failed("smtp_550", permanent=True)
    await invite(invited)
    await comes_to(invited, State.FAILED)
    page = (await invited.get(PATH)).text
    assert "Die Einladung kam nicht an." in page
    assert "Noch einmal senden" in page
    link = re.search(r"/einladung/[\w-]+", page)
    assert link
    assert (await invited.get(link[0])).status == 200

    post.outcome = Sent()
    await invite(invited)
    await comes_to(invited, State.SENT)
    assert (await invited.get(link[0])).status == 404, "the new one closes the old one"


async def test_a_new_invitation_closes_the_old_one_and_both_end_after_a_week(
    invited: Client, post: Post
) -> None:
    await invite(invited)
    await comes_to(invited, State.SENT)
    await invite(invited)
    await comes_to(invited, State.SENT)
    old, new = (re.search(r"/einladung/\S+", letter.text) for letter in post.letters)
    assert old
    assert new
    assert [(await invited.get(link[0])).status for link in (old, new)] == [404, 200]
    invited.served.now += timedelta(days=7, seconds=1)
    assert (await invited.get(new[0])).status == 404
    async with invited.served.db.write() as conn:
        await conn.execute(tables.session.update().values(expires_at=invited.served.now + timedelta(days=1)))
        await conn.execute(tables.session.update().values(seen_at=invited.served.now))
    assert "Die Einladung ist abgelaufen." in (await invited.get(PATH)).text


async def test_an_expired_invitation_leaves_no_mail_behind(invited: Client, post: Post) -> None:
    post.outcome = Failed("smtp_550", permanent=True)
    await invite(invited)
    await comes_to(invited, State.FAILED)
    for ahead, left in ((timedelta(days=7, seconds=-1), 1), (timedelta(days=7), 0)):
        async with invited.served.db.write() as conn:
            await retention.forget_invitations(conn, invited.served.now + ahead)
        assert len(await mails(invited.served.db)) == left


async def test_who_has_no_address_cannot_be_invited(invited: Client) -> None:
    await invited.get(PATH)
    answer = await invited.post(PATH, {"employee": invited.served.house.jens})
    assert answer.status == 422
    assert "brauchen wir die E-Mail-Adresse" in answer.text


async def test_a_subaccount_can_be_taken_away(invited: Client) -> None:
    page = await invite(invited)
    path = re.search(rf"{PATH}/[\w-]+/loeschen", page)
    assert path
    await invited.get(PATH)
    done = await invited.post(path[0])
    assert done.path == f"{PATH}?said=subaccount_deleted", "it does not come back with its old password"
    assert "Der Zugang ist gelöscht." in done.text
    assert "Rückgängig" not in done.text
    assert "Zugang löschen" not in done.text
