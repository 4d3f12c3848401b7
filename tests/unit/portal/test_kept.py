"""A session that ends while somebody types: what was typed is sent after the log-in, by one click."""

from __future__ import annotations

import html
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import ClientSession

from pbx_bridge.auth.passwords import Passwords
from pbx_bridge.settings import Settings
from pbx_bridge.storage.access import accounts, sessions
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.web import resubmit
from tests.unit.portal.conftest import jar
from tests.unit.portal.serving import Served

PATH = "/portal/unternehmen"
LOGIN, PASSWORD = "customer-de-2", "ein Satz, den nur ich kenne"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
GREETING = 'Guten Tag,\r\nhier ist [Vorname] <bei> "Mustermann".'


@pytest.fixture
async def browser(served: Served) -> AsyncIterator[ClientSession]:
    """Somebody of Mustermann AG who knows the password and opened the page long ago."""
    cookie = await served.cookie(Role.CUSTOMER)
    phrase = Passwords(Settings().auth).hash(PASSWORD)
    async with served.db.write() as conn:
        found = await accounts.by_login(conn, LOGIN)
        assert found is not None
        await sessions.rehash(conn, found[0].id, phrase)  # another password would end the session
    headers = {"Accept": "text/html"}
    async with ClientSession(
        served.address, headers=headers, cookies={"session": cookie}, cookie_jar=jar()
    ) as one:
        yield one


def hidden(text: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in HIDDEN.findall(text)}


async def open_form(browser: ClientSession) -> dict[str, str]:
    async with browser.get(PATH) as page:
        return hidden(await page.text()) | {"greeting": GREETING}


async def test_nothing_typed_is_lost(served: Served, browser: ClientSession) -> None:
    form = await open_form(browser)
    served.now += timedelta(days=30)

    async with browser.post(PATH, data=form) as answer:
        login = await answer.text()
    assert answer.status == 401
    assert "Ihre Eingaben sind nach dem Anmelden noch da." in login
    assert (await served.company()).greeting != GREETING

    wrong = hidden(login) | {"login": "otto", "password": "falsch"}
    async with browser.post("/login", data=wrong) as answer:
        again = hidden(await answer.text())
    async with browser.post("/login", data=again | {"login": LOGIN, "password": PASSWORD}) as answer:
        page = await answer.text()
    assert "Gespeichert ist noch nichts" in page

    async with browser.post(PATH, data=hidden(page)) as answer:
        assert "said=company_saved" in answer.url.path_qs
    assert (await served.company()).greeting == GREETING.replace("\r\n", "\n")


async def test_a_page_from_an_earlier_login_is_sent_by_one_more_click(
    served: Served, browser: ClientSession
) -> None:
    form = await open_form(browser) | {"csrf": "an earlier one"}
    async with browser.post(PATH, data=form) as answer:
        page = await answer.text()
    assert (answer.status, "Ihre Eingaben sind noch da" in page) == (403, True)
    async with browser.post(PATH, data=hidden(page)) as answer:
        assert "said=company_saved" in answer.url.path_qs


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Accept": "*/*"}]
)
async def test_what_a_foreign_page_sends_is_not_kept(
    served: Served, browser: ClientSession, headers: dict[str, str]
) -> None:
    browser.cookie_jar.clear()
    async with browser.post(
        PATH, data={"greeting": GREETING}, headers=headers, allow_redirects=False
    ) as answer:
        assert "Mustermann" not in await answer.text()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "[]",
        '["/a"]',
        "[1, 2]",
        '["//evil.example", []]',
        '["https://evil.example", []]',
        '["/\\\\evil", []]',
    ],
)
def test_what_nobody_of_us_wrote_is_not_read(text: str) -> None:
    assert resubmit.read(text) is None


def test_what_is_written_is_read() -> None:
    form = resubmit.Resubmission("/portal/faq/neu?x=1", (("question", "Wo?"), ("answer", "„Hier“\n")))
    assert resubmit.read(form.written()) == form
    assert json.loads(form.written())[0] == form.path
