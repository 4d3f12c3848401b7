"""Logging in and out over real HTTP."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from pbx_bridge.settings import Settings
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.db.engine import Database
from tests import databases
from tests.web_server import PASSWORD, Site, serve

sqlite_url, sqlite_db = databases.sqlite_url, databases.sqlite_db

CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@pytest.fixture
async def site(sqlite_db: Database) -> AsyncIterator[Site]:
    async with serve(sqlite_db) as site:
        await site.add("anna", Role.AGENT)
        await site.add("leitung", Role.OPERATOR, locale="en")
        yield site


async def _try(site: Site, login: str, password: str, **form: str) -> tuple[int, str, str]:
    """Status, where it leads, and what the page says in its notice."""
    async with (
        site.browser() as browser,
        browser.post(
            "/login", data={"login": login, "password": password} | form, allow_redirects=False
        ) as answer,
    ):
        notice = re.search(r'role="alert" id="message">([^<]*)<', await answer.text())
        return answer.status, answer.headers.get("Location", ""), notice[1] if notice else ""


async def test_everybody_lands_at_home_and_nobody_without_a_password(site: Site) -> None:
    assert await _try(site, " Anna ", PASSWORD) == (303, "/desk", "")
    assert await _try(site, "leitung", PASSWORD) == (303, "/admin", "")
    assert await _try(site, "anna", "falsch") == (401, "", "Benutzername und Kennwort passen nicht zusammen.")


async def test_an_unknown_login_looks_like_a_wrong_password(site: Site) -> None:
    async def answer(login: str) -> str:
        form = {"login": login, "password": "falsch"}
        async with site.browser() as browser, browser.post("/login", data=form) as page:
            return (await page.text()).replace(login, "")

    assert await answer("anna") == await answer("otto")


@pytest.mark.parametrize("login", ["anna", "otto"])
async def test_failures_slow_down_whoever_it_is(site: Site, login: str) -> None:
    answers = [await _try(site, login, "falsch") for _ in range(5)]

    assert [status for status, _, _ in answers] == [401, 401, 401, 401, 429]
    assert answers[-1][2] == "Zu viele Versuche. Bitte warten Sie 2 Sekunden."
    assert (await _try(site, "anna", PASSWORD))[0] == (429 if login == "anna" else 303)
    site.clock.wind(seconds=2)
    assert (await _try(site, "anna", PASSWORD))[0] == 303


@pytest.mark.parametrize(
    "asked,led",
    [
        ("/desk?x=1", "/desk?x=1"),
        ("//elsewhere.example", "/desk"),
        ("/\\elsewhere.example", "/desk"),
        ("https://elsewhere.example", "/desk"),
        ("/logout", "/desk"),
        ("/a\r\nSet-Cookie: x=1", "/desk"),
    ],
)
async def test_the_way_back_stays_in_the_house(site: Site, asked: str, led: str) -> None:
    assert (await _try(site, "anna", PASSWORD, next=asked))[1] == led


async def test_a_closed_page_asks_to_log_in_and_remembers_the_way(site: Site) -> None:
    async with site.browser() as browser, browser.get("/home?x=1", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/login?next=/home%3Fx%3D1")
    async with site.browser(Accept="application/json") as browser, browser.get("/home") as answer:
        assert answer.status == 401
        assert (await answer.json())["code"] == "not_logged_in"


async def test_logging_out_ends_the_session_on_the_server(site: Site) -> None:
    ended: list[str] = []
    site.sessions.on_ended(ended.append)
    async with site.browser("leitung") as browser:
        cookie = next(iter(browser.cookie_jar))
        async with browser.get("/home") as page:
            text = await page.text()
        assert "Logged in as leitung (" in text
        found = CSRF.search(text)
        assert found
        async with browser.post("/logout", data={"csrf": found[1]}, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/login")
        async with browser.get(
            "/home", headers={"Cookie": f"session={cookie.value}"}, allow_redirects=False
        ) as page:
            assert page.status == 303
    assert len(ended) == 1


async def test_a_new_login_gets_a_new_session_and_the_old_one_ends(site: Site) -> None:
    async with site.browser("anna") as browser:
        first = next(iter(browser.cookie_jar)).value
        async with browser.post(
            "/login", data={"login": "anna", "password": PASSWORD}, allow_redirects=False
        ):
            second = next(iter(browser.cookie_jar)).value
    assert first != second
    assert await site.sessions.find(first) is None
    assert await site.sessions.find(second)


@pytest.mark.parametrize(
    "url,name", [("http://localhost:8080", "session"), ("https://x.example", "__Host-session")]
)
async def test_the_cookie_is_for_no_script_and_no_other_site(
    sqlite_db: Database, url: str, name: str
) -> None:
    settings = replace(Settings(), web=replace(Settings().web, public_url=url))
    async with serve(sqlite_db, settings=settings) as site:
        await site.add("anna", Role.AGENT)
        async with site.browser() as browser:
            form = {"login": "anna", "password": PASSWORD}
            async with browser.post("/login", data=form, allow_redirects=False) as answer:
                cookie = answer.cookies[name]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (
        True,
        "Lax",
        "/",
        "",
    )
    assert bool(cookie["secure"]) is url.startswith("https")


async def test_a_database_that_is_gone_is_said_plainly() -> None:
    async with serve(Database("postgresql://nobody@127.0.0.1:1/none")) as site, site.browser() as browser:
        async with browser.get("/readyz") as ready:
            assert (ready.status, await ready.json()) == (503, {"ready": False, "reasons": ["storage_down"]})
        async with browser.get("/login") as page:
            assert page.status == 200
        for asked in (browser.get("/home", headers={"Cookie": "session=x"}), browser.post("/login")):
            async with asked as page:
                assert page.status == 503
                assert "Telefonate laufen weiter" in await page.text()
