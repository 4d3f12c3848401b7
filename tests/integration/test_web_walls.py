"""What stands between a browser and the rooms: permissions, forged requests, headers, files."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from yarl import URL

from pbx_bridge.auth import permissions
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.db.engine import Database
from tests import databases
from tests.web_server import Site, serve
from tests.whole_site import whole_site

sqlite_url, sqlite_db = databases.sqlite_url, databases.sqlite_db


async def _room(request: web.Request) -> web.Response:
    if request.query.get("stumble"):
        raise RuntimeError("geheimer Text +4930231250")
    return web.json_response({"login": request["account"].login, "csrf": request["csrf"]})


ROOMS = [
    web.get("/desk", _room, name="desk"),
    web.post("/desk/deed", _room, name="desk.deed"),
    web.get("/portal", _room, name="portal.dashboard"),
]


@pytest.fixture
async def site(sqlite_db: Database) -> AsyncIterator[Site]:
    async with serve(sqlite_db, ROOMS) as site:
        for role in Role:
            await site.add(role.value, role)
        yield site


async def test_every_route_and_every_role_as_the_table_says(site: Site) -> None:
    routes = [("GET", "/desk", "desk"), ("GET", "/portal", "portal.dashboard"), ("GET", "/home", "home.page")]
    for role in (*Role, None):
        async with site.browser(role.value if role else None, Accept="application/json") as browser:
            for method, path, name in routes:
                async with browser.request(method, path, allow_redirects=False) as answer:
                    expected = 401 if role is None else 200 if permissions.may(role, name) else 404
                    assert answer.status == expected, (role, name)


def test_the_table_itself() -> None:
    assert permissions.may(Role.AGENT, "desk.socket")
    assert not permissions.may(Role.CUSTOMER, "desk")
    assert not permissions.may(None, "desk")
    assert permissions.may(None, "login")
    assert not permissions.may(Role.OPERATOR, "unthought")
    assert not permissions.may(Role.OPERATOR, None)


async def test_each_line_of_the_table_is_asked_for_a_route(sqlite_db: Database) -> None:
    async with whole_site(sqlite_db) as house:
        names = {name for name, _, _ in house.routes}
    table = permissions.PERMISSIONS.keys()
    rooms = {f"{name.partition('.')[0]}.*" for name in names - table}
    assert table - names - rooms == set()


async def test_a_route_that_nobody_thought_of_keeps_the_house_closed(sqlite_db: Database) -> None:
    for stray in (web.get("/stray", _room, name="stray"), web.get("/nameless", _room)):
        with pytest.raises(RuntimeError, match=r"not in auth\.permissions"):
            async with serve(sqlite_db, [stray]):
                pass


async def test_a_foreign_object_looks_like_none(site: Site) -> None:
    async with (
        site.browser("customer", Accept="application/json") as browser,
        browser.get("/desk") as foreign,
        browser.get("/nothing") as missing,
    ):
        told, nothing = await foreign.json(), await missing.json()
    for one in (told, nothing):
        one.pop("request_id")
    assert told == nothing


@pytest.mark.parametrize(
    "headers,status",
    [
        ({}, 403),
        ({"X-CSRF-Token": "wrong"}, 403),
        ({"X-CSRF-Token": "MINE"}, 200),
        ({"X-CSRF-Token": "MINE", "Origin": "https://elsewhere.example"}, 403),
        ({"X-CSRF-Token": "MINE", "Origin": "null"}, 403),
        ({"X-CSRF-Token": "MINE", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"X-CSRF-Token": "MINE", "Origin": "SITE"}, 200),
        ({"X-CSRF-Token": "MINE", "Origin": "http://localhost:8080"}, 200),
    ],
)
async def test_a_forged_request_does_nothing(site: Site, headers: dict[str, str], status: int) -> None:
    async with site.browser("agent", Accept="application/json") as browser:
        async with browser.get("/desk") as page:
            mine = (await page.json())["csrf"]
        sent = {
            name: value.replace("MINE", mine).replace("SITE", site.url) for name, value in headers.items()
        }
        async with browser.post("/desk/deed", headers=sent) as answer:
            assert answer.status == status
        if status == 200:
            async with browser.post("/desk/deed", data={"csrf": mine}) as answer:
                assert answer.status == 200


async def test_another_site_cannot_log_somebody_in(site: Site) -> None:
    async with site.browser() as browser:
        elsewhere = {"Origin": "https://elsewhere.example"}
        async with browser.post(
            "/login", data={"login": "agent", "password": "x"}, headers=elsewhere
        ) as answer:
            assert answer.status == 403


@pytest.mark.parametrize(
    "path", ["/login", "/nothing", "/healthz", "/static/x/web/tokens.css", "/", "/desk?stumble=1"]
)
async def test_every_answer_has_the_headers(site: Site, path: str) -> None:
    async with site.browser("agent") as browser, browser.get(path, allow_redirects=False) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Server"] == "pbx-bridge"
        assert answer.headers["X-Request-Id"]


async def test_an_error_tells_its_number_and_nothing_else(site: Site) -> None:
    named = {"X-Request-Id": "abcdef-123456"}
    async with site.browser("agent", **named) as browser, browser.get("/desk?stumble=1") as answer:
        text = await answer.text()
    assert answer.status == 500
    assert "abcdef-123456" in text
    assert "geheim" not in text
    assert "Ein Fehler bei uns" in text


async def test_pages_speak_the_readers_language(site: Site) -> None:
    async with site.browser(**{"Accept-Language": "en"}) as browser, browser.get("/login") as page:
        text = await page.text()
    assert '<html lang="en">' in text
    assert "User name" in text


async def test_files_are_kept_for_ever_under_their_version(site: Site) -> None:
    async with site.browser() as browser:
        async with browser.get("/login") as page:
            text = await page.text()
        style = text.split('rel="stylesheet" href="')[1].split('"')[0]
        async with browser.get(style) as answer:
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert answer.content_type == "text/css"
        async with browser.get(style.replace(style.split("/")[2], "older")) as answer:
            assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize(
    "name", ["web/../server.py", "web/%2e%2e/server.py", "../pyproject.toml", "web/", "nowhere/x.css"]
)
async def test_nothing_but_static_files_is_served(site: Site, name: str) -> None:
    async with site.browser() as browser, browser.get(URL(f"/static/x/{name}", encoded=True)) as answer:
        assert answer.status == 404


async def test_readiness_names_its_reasons(site: Site) -> None:
    async with site.browser() as browser:
        async with browser.get("/readyz") as answer:
            assert (answer.status, await answer.json()) == (200, {"ready": True, "reasons": []})
        site.not_ready.append("pbx_down")
        async with browser.get("/readyz") as answer:
            assert (answer.status, await answer.json()) == (503, {"ready": False, "reasons": ["pbx_down"]})
        async with browser.get("/healthz") as answer:
            assert answer.status == 200


async def test_figures_are_for_this_machine_only(site: Site) -> None:
    async with site.browser() as browser:
        async with browser.get("/metrics") as answer:
            assert "pbx_live_calls" in await answer.text()
        async with browser.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}) as answer:
            assert answer.status == 404


async def test_too_large_a_body_is_refused(site: Site) -> None:
    form = {"login": "x" * 4_100_000, "password": "x"}
    async with site.browser() as browser, browser.post("/login", data=form) as answer:
        assert answer.status == 413
