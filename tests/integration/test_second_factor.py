"""A second factor: set up at the first log-in by whoever needs one, then asked for, and each code once."""

from __future__ import annotations

import asyncio
import base64
import html
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
import segno

from pbx_bridge.auth import commands
from pbx_bridge.settings import Settings
from pbx_bridge.storage.access import accounts
from pbx_bridge.storage.db.engine import Database
from rules.access import one_time
from tests.house_door import PASSWORD, PEOPLE, Browser, Door, Seen, house_door

SECRET = re.compile(r'class="secret">([A-Z2-7 ]+)<')
RECOVERY = re.compile(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}")
FORCED = {"carla": "/floor", "office": "/admin"}


@pytest.fixture
async def door(db: Database) -> AsyncIterator[Door]:
    async with house_door(db, "required") as door:
        yield door


def secret_in(seen: Seen) -> bytes:
    found = SECRET.search(seen.text)
    assert found, seen.text
    return base64.b32decode(found[1].replace(" ", ""))


def code(door: Door, secret: bytes, ahead: int = 0) -> str:
    return one_time.code_at(secret, one_time.step_of(door.clock().timestamp()) + ahead)


async def password(browser: Browser, login: str, **more: str) -> Seen:
    return await browser.post("/login", login=login, password=PASSWORD, **more)


async def set_up(door: Door, browser: Browser, login: str = "carla") -> tuple[bytes, list[str]]:
    """Log in for the first time: the secret and the recovery codes."""
    secret = secret_in(await password(browser, login))
    seen = await browser.post("/login/einrichten", code=code(door, secret))
    await browser.get("/zugang")
    door.clock.wind(seconds=60)
    return secret, RECOVERY.findall(seen.text)


@pytest.mark.parametrize("login", PEOPLE)
async def test_who_reaches_the_data_of_many_sets_one_up(door: Door, login: str) -> None:
    async with door.browser() as browser:
        seen = await password(browser, login)
        assert ("Zweiten Faktor einrichten" in seen.text) == (login in FORCED)
        assert await browser.is_in() == (login not in FORCED)


@pytest.mark.parametrize("login", PEOPLE)
async def test_where_it_is_offered_nobody_has_to(sqlite_db: Database, login: str) -> None:
    async with house_door(sqlite_db) as door, door.browser(login) as browser:
        assert await browser.is_in()


@pytest.mark.parametrize("login", FORCED)
async def test_it_is_set_up_and_asked_for_from_then_on(door: Door, login: str) -> None:
    async with door.browser() as browser, door.browser() as later:
        secret, recovery = await set_up(door, browser, login)
        assert len(set(recovery)) == 10
        assert await browser.is_in()
        seen = await password(later, login)
        assert "sechsstelligen Code" in seen.text
        assert not await later.is_in(), "the password alone"
        assert (await later.post("/login/code", code="000000")).status == 401
        assert (await later.post("/login/code", code=code(door, secret))).path == FORCED[login]
        assert await later.is_in()
        assert await browser.is_in()
    assert [deed for deed, _ in await door.deeds(login)][:2] == ["factor_set_up", "log_in"]


def picture_in(text: str) -> list[list[int]]:
    """The dark modules of the picture on a page, row by row, without the white around."""
    text = text.partition('role="img"')[2]
    size = int(re.findall(r'viewBox="0 0 (\d+)', text)[0]) - 8
    rows = [[0] * size for _ in range(size)]
    drawn = re.search(r'd="(M4 4\.5[^"]*)"', text)
    assert drawn, text
    x = y = 0.0
    for what, numbers in re.findall(r"([Mmh])([-0-9. ]+)", drawn[1]):
        found = [float(one) for one in re.findall(r"-?[0-9.]+", numbers)]
        if what == "h":
            for column in range(int(x), int(x + found[0])):
                rows[int(y) - 4][column - 4] = 1
            x += found[0]
        else:
            x, y = (found[0], found[1]) if what == "M" else (x + found[0], y + found[1])
    return rows


async def test_the_key_is_a_picture_too_and_no_rule_of_the_page_is_loosened(door: Door) -> None:
    async with door.browser() as carla, door.browser("anna", locale="de") as anna:
        for seen in (
            await password(carla, "carla"),
            await carla.get("/login/einrichten"),
            await anna.post("/zugang/zweiter-faktor", password_now=PASSWORD),
        ):
            address = html.unescape(re.findall(r'href="(otpauth:[^"]+)"', seen.text)[0])
            code = segno.make_qr(address, error="m")
            assert picture_in(seen.text) == [list(row) for row in code.matrix]
            assert ' aria-label="QR-Code' in seen.text
            assert not re.search(r"style=|<style|<script(?! type=.module. src)", seen.text)
            policy = seen.headers["Content-Security-Policy"]
            assert "style-src 'self';" in policy
            assert "unsafe" not in policy
            key = base64.b32encode(secret_in(seen)).decode()
            assert f"secret={key}&" in address


async def test_a_client_of_the_desk_logs_in_as_the_protocol_page_says(door: Door) -> None:
    async with (
        door.browser() as browser,
        aiohttp.ClientSession(
            door.url, cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"Origin": "http://localhost:8080"}
        ) as client,
    ):
        secret, _ = await set_up(door, browser)
        form = {"login": "carla", "password": PASSWORD}
        async with client.post("/login", data=form, allow_redirects=False) as answer:
            assert answer.status == 200
            assert "session" in answer.cookies
        async with client.get("/zugang", allow_redirects=False) as answer:
            assert answer.status == 401, "it is good for nothing else"
        for typed, status in (("000000", 401), (code(door, secret), 303)):
            async with client.post("/login/code", data={"code": typed}, allow_redirects=False) as answer:
                assert answer.status == status
        async with client.get("/zugang") as answer:
            assert answer.status == 200


async def test_a_code_is_taken_once(door: Door) -> None:
    async with door.browser() as browser, door.browser() as other:
        secret, _ = await set_up(door, browser)
        await password(browser, "carla")
        await password(other, "carla")
        used = code(door, secret)
        first, second = await asyncio.gather(
            browser.post("/login/code", code=used), other.post("/login/code", code=used)
        )
        assert sorted([first.status == 401, second.status == 401]) == [False, True]


async def test_a_recovery_code_is_taken_once(door: Door) -> None:
    async with door.browser() as browser, door.browser() as later:
        _, recovery = await set_up(door, browser)
        for used in recovery[:2]:
            await password(later, "carla")
            assert (await later.post("/login/code", code=used.lower().replace("-", " "))).path == "/floor"
        await password(later, "carla")
        assert (await later.post("/login/code", code=recovery[0])).status == 401
        assert "8 Ersatzcodes" in (await browser.get("/zugang/zweiter-faktor")).text
    assert ("recovery_used", "carla") in await door.deeds()


async def test_guesses_at_codes_have_to_wait(door: Door) -> None:
    async with door.browser() as browser, door.browser() as thief:
        secret, _ = await set_up(door, browser)
        await password(thief, "carla")
        answers = [await thief.post("/login/code", code="000000") for _ in range(6)]
        assert [seen.status for seen in answers] == [401] * 4 + [429] * 2
        assert answers[-1].headers["Retry-After"] == "2"
        assert (await thief.post("/login/code", code=code(door, secret))).status == 429
        await password(browser, "carla")
        assert (await browser.post("/login/code", code=code(door, secret))).path == "/floor", (
            "a known browser"
        )


async def test_half_a_log_in_opens_nothing(door: Door) -> None:
    async with door.browser() as browser:
        assert (await browser.get("/login/code")).path == "/login"
        assert (await browser.post("/login/einrichten", code="123456")).path == "/login"
        await password(browser, "office")
        for path in ("/zugang", "/zugaenge", "/anmeldeprotokoll", "/home", "/zugang/zweiter-faktor"):
            assert (await browser.get(path)).path == "/login", path
        assert (await browser.post("/zugang/kennwort", password_old=PASSWORD)).path == "/login"
        assert (await browser.post("/login/code", code="123456")).path == "/login", "that is the other step"
        door.clock.wind(minutes=16)
        assert (await browser.get("/login/einrichten")).path == "/login", "its time is over"
        assert await door.portal.sessions.of_account((await door.account("office")).id) == ()


async def test_the_way_and_what_was_typed_are_not_lost(door: Door) -> None:
    async with door.browser() as browser, door.browser() as later:
        secret, _ = await set_up(door, browser)
        seen = await password(later, "carla", next="/zugang?x=1", kept='["/zugang/e-mail",[["email","a"]]]')
        waiting = dict(re.findall(r'name="(next|kept)" value="([^"]*)"', seen.text))
        assert waiting["next"] == "/zugang?x=1"
        waiting["kept"] = waiting["kept"].replace("&#34;", '"')
        again = await later.post("/login/code", code=code(door, secret), **waiting)
        assert "Ihre Eingaben sind noch da" in again.text
        assert 'action="/zugang/e-mail"' in again.text
        assert await later.is_in()


async def test_a_page_that_is_loaded_again_shows_the_same_secret(door: Door) -> None:
    async with door.browser() as browser:
        secret = secret_in(await password(browser, "carla"))
        assert secret_in(await browser.get("/login/einrichten")) == secret
        assert secret_in(await browser.post("/login/einrichten", code="000000")) == secret


async def test_whoever_wants_one_has_one(door: Door) -> None:
    path = "/zugang/zweiter-faktor"
    async with door.browser("anna") as browser, door.browser("anna") as there, door.browser() as later:
        assert (await browser.post(path, password_now="falsch")).status == 422
        secret = secret_in(await browser.post(path, password_now=PASSWORD))
        assert (await browser.post(path, code="000000")).status == 422
        seen = await browser.post(path, code=code(door, secret))
        assert len(set(RECOVERY.findall(seen.text))) == 10
        assert not await there.is_in(), "other sessions end"
        assert "sechsstelligen" in (await password(later, "anna")).text
        renewed = await browser.post(f"{path}/ersatzcodes", password_now=PASSWORD)
        assert not set(RECOVERY.findall(renewed.text)) & set(RECOVERY.findall(seen.text))
        assert (await browser.post(f"{path}/entfernen", password_now="falsch")).status == 422
        assert "ist entfernt" in (await browser.post(f"{path}/entfernen", password_now=PASSWORD)).text
        assert (await later.log_in("anna")).status == 303
        assert await later.is_in()


async def test_who_must_have_one_keeps_it(door: Door) -> None:
    async with door.browser() as browser, door.browser() as later:
        await set_up(door, browser)
        refused = await browser.post("/zugang/zweiter-faktor/entfernen", password_now=PASSWORD)
        assert (refused.status, "vorgeschrieben" in refused.text) == (422, True)
        assert "sechsstelligen" in (await password(later, "carla")).text


async def test_a_lost_phone_is_forgotten_by_the_operator(door: Door) -> None:
    async with door.browser() as office, door.browser() as carla:
        await set_up(door, office, "office")
        await set_up(door, carla, "carla")
        assert "mit zweitem Faktor" in (await office.get("/zugaenge?q=carla")).text
        account = await door.account("carla")
        assert "zurückgesetzt" in (await office.post(f"/zugaenge/{account.id}/zweiter-faktor")).text
        assert not await carla.is_in()
        assert "einrichten" in (await password(carla, "carla")).text
    removed = [one for one in await door.deeds("carla") if one[0] == "factor_removed"]
    assert len(removed) == 1


async def test_a_lost_phone_is_forgotten_by_the_command_line(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    async with house_door(db, "required") as door, door.browser() as office:
        await set_up(door, office, "office")
        here = replace(Settings(), database=replace(Settings().database, url=sqlite_url))
        assert await commands.reset_factor(here, "nobody") == 2
        assert await commands.reset_factor(here, "office") == 0
        assert not await office.is_in()
        assert "einrichten" in (await password(office, "office")).text
    await db.close()


async def test_a_link_for_a_forgotten_password_opens_no_way_around_it(door: Door) -> None:
    async with door.browser() as browser, door.browser() as later:
        await set_up(door, browser)
        async with door.db.write() as conn:
            await accounts.set_email(conn, (await door.account("carla")).id, "carla@example.org")
        await later.post("/kennwort-vergessen", login="carla")
        link = await door.link()
        await later.post(link, password=PASSWORD, again=PASSWORD)
        assert "sechsstelligen" in (await password(later, "carla")).text
