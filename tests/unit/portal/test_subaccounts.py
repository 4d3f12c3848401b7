"""An employee is invited, sets a password, and sees nothing but what is theirs."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import ClientSession, CookieJar

from pbx_bridge.delivery.transport import Failed, Outcome, Outgoing, Sent
from pbx_bridge.storage.engine import Database
from tests.unit.portal.conftest import Client
from tests.unit.portal.serving import serving

PATH = "/portal/subaccounts"
PASSWORD = "ein Satz den nur Erika kennt"


class Post:
    """A mail server that takes everything, or nothing."""

    def __init__(self) -> None:
        self.letters: list[Outgoing] = []
        self.outcome: Outcome = Sent()

    async def __call__(self, letter: Outgoing) -> Outcome:
        self.letters.append(letter)
        return self.outcome


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
async def invited(sqlite_db: Database, post: Post) -> AsyncIterator[Client]:
    """The customer, after inviting Erika."""
    async with serving(sqlite_db, lambda portal: replace(portal, mail=post)) as served:
        cookies = {"session": await served.cookie()}
        async with ClientSession(cookies=cookies, cookie_jar=CookieJar(unsafe=True)) as session:
            yield Client(served, session)


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


async def test_when_the_mail_does_not_go_out_the_link_is_shown(invited: Client, post: Post) -> None:
    post.outcome = Failed("unreachable", permanent=False)
    text = await invite(invited)
    link = re.search(r"/einladung/[\w-]+", text)
    assert link
    assert (await invited.get(link[0])).status == 200


async def test_a_new_invitation_closes_the_old_one_and_both_end_after_a_week(
    invited: Client, post: Post
) -> None:
    await invite(invited)
    await invite(invited)
    old, new = (re.search(r"/einladung/\S+", letter.text) for letter in post.letters)
    assert old
    assert new
    assert [(await invited.get(link[0])).status for link in (old, new)] == [404, 200]
    invited.served.now += timedelta(days=7, seconds=1)
    assert (await invited.get(new[0])).status == 404


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
    assert "said=subaccount_deleted" in (await invited.post(path[0])).path
    assert "Zugang löschen" not in (await invited.get(PATH)).text
