"""Guesses of strangers: they wait, and the owner never does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import aiohttp
import pytest

from pbx_bridge.settings import Settings
from pbx_bridge.storage import tables
from pbx_bridge.storage.access import devices
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.db.engine import Database
from tests.web_server import PASSWORD, Site, serve

HERS, WRONG = "192.0.2.7", "falsch"
PROXIED = replace(Settings(), web=replace(Settings().web, trusted_proxies=("127.0.0.1",)))


@pytest.fixture
async def site(db: Database) -> AsyncIterator[Site]:
    async with serve(db, settings=PROXIED) as site:
        await site.add("anna", Role.AGENT)
        await site.add("ben", Role.AGENT)
        yield site


async def attempt(
    browser: aiohttp.ClientSession, address: str, login: str = "anna", password: str = WRONG
) -> aiohttp.ClientResponse:
    form, told = {"login": login, "password": password}, {"X-Forwarded-For": address}
    async with browser.post("/login", data=form, headers=told, allow_redirects=False) as answer:
        await answer.read()
        return answer


Guess = Callable[[int], tuple[str, str]]
STRANGERS: dict[str, Guess] = {
    "one network": lambda n: ("anna", "198.51.100.9"),
    "a network full of them": lambda n: ("anna", f"198.51.100.{n}"),
    "one network each": lambda n: ("anna", f"198.51.{n}.9"),
    "IPv6, one network each": lambda n: ("anna", f"2001:db8:{n:x}::1"),
    "who try every name": lambda n: (f"name-{n}", "198.51.100.9"),
}
NEIGHBOURS: dict[str, Guess] = {
    "her own address": lambda n: ("anna", HERS),
    "her own network": lambda n: ("anna", f"192.0.2.{n + 1}"),
    "who try every name in her network": lambda n: (f"name-{n}", HERS),
}


@pytest.mark.parametrize("guess", STRANGERS.values(), ids=STRANGERS)
async def test_strangers_elsewhere_keep_nobody_out(site: Site, guess: Guess) -> None:
    """Not even out of a browser that was never seen before."""
    async with site.browser() as stranger:
        for n in range(60):
            login, address = guess(n)
            assert (await attempt(stranger, address, login)).status in {401, 429}
            if n % 5 == 0:
                async with site.browser() as new:
                    assert (await attempt(new, HERS, password=PASSWORD)).status == 303
            site.clock.wind(seconds=1)


@pytest.mark.parametrize("guess", NEIGHBOURS.values(), ids=NEIGHBOURS)
async def test_not_even_neighbours_keep_a_known_browser_out(site: Site, guess: Guess) -> None:
    async with site.browser("anna") as hers, site.browser() as stranger:
        refused = 0
        for n in range(60):
            login, address = guess(n)
            refused += (await attempt(stranger, address, login)).status == 429
            if n % 5 == 0:
                assert (await attempt(hers, HERS, password=PASSWORD)).status == 303
            site.clock.wind(seconds=1)
        assert refused > 20


async def test_who_has_to_wait_is_told_how_long(site: Site) -> None:
    async with site.browser() as stranger:
        answers = [await attempt(stranger, HERS) for _ in range(6)]
        assert [answer.status for answer in answers] == [401] * 4 + [429] * 2
        assert [answer.headers.get("Retry-After") for answer in answers] == [None] * 4 + ["2", "2"]
        site.clock.wind(seconds=2)
        assert (await attempt(stranger, HERS, password=PASSWORD)).status == 303


async def test_a_browser_is_known_to_whom_it_knows(site: Site) -> None:
    """Ben's log-in in it opens no door to Anna's, and an invented one none at all."""
    async with site.browser("ben") as bens, site.browser() as stranger:
        for _ in range(5):
            await attempt(stranger, HERS)
        assert (await attempt(bens, HERS, password=PASSWORD)).status == 429
        stranger.cookie_jar.update_cookies({"device": "x" * 43})
        assert (await attempt(stranger, HERS, password=PASSWORD)).status == 429


async def test_a_known_browser_that_guesses_holds_up_itself(site: Site) -> None:
    async with site.browser("anna") as hers, site.browser() as new:
        answers = [(await attempt(hers, HERS)).status for _ in range(6)]
        assert answers == [401] * 4 + [429] * 2
        assert (await attempt(new, HERS, password=PASSWORD)).status == 303


async def test_a_browser_is_forgotten_in_time(site: Site) -> None:
    async with site.browser("anna") as hers, site.browser() as stranger:
        site.clock.wind(days=181)
        for _ in range(5):
            await attempt(stranger, HERS)
        assert (await attempt(hers, HERS, password=PASSWORD)).status == 429
        await site.sessions.sweep()
    async with site.db.read() as conn:
        assert (await conn.execute(tables.known_device.select())).all() == []


FEW = replace(PROXIED, auth=replace(PROXIED.auth, free_attempts=1))
"""Thirty tries for all strangers together."""


@pytest.mark.parametrize("login", ["anna", "niemand"])
async def test_from_everywhere_together_an_account_is_tried_so_often_only(db: Database, login: str) -> None:
    """A network each, as a botnet has them: in the end they wait, and the owner does not."""
    async with (
        serve(db, settings=FEW) as site,
        site.browser() as stranger,
        site.browser() as hers,
        site.browser() as new,
    ):
        await site.add("anna", Role.AGENT)
        await attempt(hers, "203.0.113.1", password=PASSWORD)
        answers = [(await attempt(stranger, f"198.51.{n}.9", login)).status for n in range(33)]
        assert answers == [401] * 31 + [429] * 2
        assert (await attempt(hers, "192.0.2.9", password=PASSWORD)).status == 303, "a known browser"
        if login == "anna":
            assert (await attempt(new, "192.0.99.9", password=PASSWORD)).status == 429, "a new one elsewhere"
        assert (await attempt(new, HERS, password=PASSWORD)).status == 303, "where she is logged in"
        assert (await attempt(stranger, "203.0.113.9", "ben")).status == 401, "others have their own"


COOKIES = {"http://localhost:8080": "device", "https://s.example": "__Host-device"}


@pytest.mark.parametrize("url", COOKIES)
async def test_the_cookie_is_for_no_script_and_no_other_site(sqlite_db: Database, url: str) -> None:
    settings = replace(PROXIED, web=replace(PROXIED.web, public_url=url))
    async with serve(sqlite_db, settings=settings) as site:
        await site.add("anna", Role.AGENT)
        async with site.browser() as browser:
            answer = await attempt(browser, HERS, password=PASSWORD)
    cookie = answer.cookies[COOKIES[url]]
    assert len(cookie.value) == 43
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == str(180 * 24 * 3600)
    assert bool(cookie["secure"]) == url.startswith("https:")


async def test_an_account_has_a_limited_number_of_known_browsers(db: Database, site: Site) -> None:
    account = await site.add("carla", Role.AGENT)
    async with db.write() as conn:
        for n in range(30):
            await devices.remember(conn, f"token-{n}", account.id, site.clock())
            site.clock.wind(minutes=1)
        known = [await devices.knows(conn, f"token-{n}", "carla", site.clock()) for n in range(30)]
    assert known == [False] * 10 + [True] * 20
