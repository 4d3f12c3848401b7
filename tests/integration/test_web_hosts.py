"""By which name we are called, who a proxy says is asking, and when whoever is sent away may come again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest

from pbx_bridge.settings import AuthSettings, Settings
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.db.engine import Database
from tests import databases
from tests.raw_http import Answer, ask, head
from tests.web_server import PASSWORD, Site, serve
from tests.whole_site import whole_site

sqlite_url, sqlite_db = databases.sqlite_url, databases.sqlite_db

FORM = "Content-Type: application/x-www-form-urlencoded"


def web(**changes: Any) -> Settings:
    plain = Settings()
    return replace(plain, web=replace(plain.web, **changes))


OURS = web(public_url="https://Sekretariat.example.org", allowed_hosts=("secretariat", "10.1.2.3:8080"))


@pytest.mark.parametrize(
    "host,status",
    [
        ("sekretariat.example.org", 200),
        ("SEKRETARIAT.example.org", 200),
        ("sekretariat.example.org.", 200),
        ("sekretariat.example.org:443", 200),
        ("sekretariat.example.org:8443", 200),
        ("secretariat:8080", 200),
        ("10.1.2.3", 200),
        ("localhost", 200),
        ("localhost:8080", 200),
        ("127.0.0.1:8080", 200),
        ("127.8.8.8", 200),
        ("[::1]:8080", 200),
        ("evil.example", 421),
        ("evil.example:8080", 421),
        ("sekretariat.example.org.evil.example", 421),
        ("evil-sekretariat.example.org", 421),
        ("localhost.evil.example", 421),
        ("10.1.2.4", 421),
        ("192.168.1.1", 421),
        ("[::2]", 421),
        ("sekretariat.example.org@evil.example", 421),
        ("evil.example@sekretariat.example.org", 421),
        ("sekretariat.example.org evil.example", 421),
        ("[::1", 421),
        (":8080", 421),
    ],
)
async def test_only_by_our_own_name(sqlite_db: Database, host: str, status: int) -> None:
    async with whole_site(sqlite_db, OURS) as site:
        answers = {
            path: await ask(site.port, head("GET", path, host=host))
            for path in ("/login", "/metrics", "/healthz")
        }
    assert {path: answer.status for path, answer in answers.items()} == {
        "/login": status,
        "/metrics": status,
        "/healthz": 200,
    }


async def test_whoever_knows_no_name_is_told_whether_we_live_and_no_more(sqlite_db: Database) -> None:
    """HTTP/1.0, as load balancers ask; and without looking for our own name, which can take seconds."""
    async with whole_site(sqlite_db, OURS) as site:
        for path, status in (("/healthz", 200), ("/readyz", 503), ("/login", 400), ("/metrics", 400)):
            assert (await ask(site.port, f"GET {path} HTTP/1.0\r\n\r\n".encode())).status == status


async def test_no_route_answers_to_another_name(sqlite_db: Database) -> None:
    async with whole_site(sqlite_db, OURS) as site:
        for name, method, path in site.routes:
            wrong = await ask(site.port, head(method, path, host="evil.example"))
            twice = await ask(site.port, head(method, path, "Host: localhost"))
            if name not in {"healthz", "readyz"}:
                assert (wrong.status, twice.status) == (421, 400), path


@asynccontextmanager
async def proxy(port: int, header: str = "X-Forwarded-For: {told}") -> AsyncIterator[int]:
    """A small one: passes each request on with a line of its own below the client's; yields its port.

    Who the client is, it takes from the first line that it is sent: everybody here is on one machine.
    """

    async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            told = (await reader.readline()).decode().strip()
            request = await reader.readuntil(b"\r\n\r\n")
            length = int(request.partition(b"Content-Length: ")[2].partition(b"\r\n")[0] or 0)
            request = (
                request[:-2]
                + header.format(told=told).encode()
                + b"\r\n\r\n"
                + await reader.readexactly(length)
            )
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", port)
            up_writer.write(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
            writer.write(await up_reader.read(-1))
            await writer.drain()
            up_writer.close()
        writer.close()

    server = await asyncio.start_server(serve_one, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def log_in(port: int, client: str, password: str, login: str, *headers: str) -> Answer:
    """Through the proxy, from this address."""
    form = f"login={login}&password={password}"
    request = head("POST", "/login", FORM, f"Content-Length: {len(form)}", *headers) + form.encode()
    return await ask(port, f"{client}\r\n".encode() + request)


@asynccontextmanager
async def behind(db: Database, *trusted: str) -> AsyncIterator[tuple[Site, int]]:
    settings = replace(web(trusted_proxies=trusted), auth=AuthSettings(argon2_time_cost=1, free_attempts=1))
    async with serve(db, settings=settings) as site:
        await site.add("anna", Role.AGENT)
        yield site, int(site.url.rpartition(":")[2])


HEADERS = ("X-Forwarded-For: {told}", "Forwarded: for={told};proto=https", "X-Forwarded-For: 1.2.3.4, {told}")


@pytest.mark.parametrize(
    "header,trusted", list(zip(HEADERS, ["127.0.0.0/8", "127.0.0.1", "::ffff:127.0.0.1"], strict=True))
)
async def test_forty_guesses_from_forty_addresses_lock_out_nobody_else(
    sqlite_db: Database, header: str, trusted: str
) -> None:
    async with behind(sqlite_db, trusted) as (_, port), proxy(port, header) as through:
        for number in range(40):
            guess = await log_in(through, f"203.0.{number}.7", "falsch", f"login{number}")
            assert guess.status == 401
        right = await log_in(through, "198.51.100.7", PASSWORD, "anna")
    assert right.status == 303


@pytest.mark.parametrize("header", HEADERS)
async def test_whoever_writes_the_header_too_gains_nothing(sqlite_db: Database, header: str) -> None:
    """One stranger who is somebody else with each guess, as far as he can write it."""
    name = header.partition(":")[0]
    other = {"X-Forwarded-For": "Forwarded: for=", "Forwarded": "X-Forwarded-For: "}[name]
    async with behind(sqlite_db, "127.0.0.1") as (_, port), proxy(port, header) as through:
        for own in (f"{name}: {'for=' if name == 'Forwarded' else ''}", other):
            statuses = [
                (await log_in(through, "203.0.113.9", "falsch", f"l{number}", f"{own}10.{number}.0.1")).status
                for number in range(12)
            ]
            assert statuses[-1] == 429, own


async def test_a_stranger_without_a_proxy_is_not_believed(sqlite_db: Database) -> None:
    async with behind(sqlite_db, "10.0.0.0/8") as (_, port):
        for number in range(12):
            form = f"login=l{number}&password=x"
            told = f"X-Forwarded-For: 203.0.{number}.7"
            sent = head("POST", "/login", FORM, told, f"Content-Length: {len(form)}") + form.encode()
            last = await ask(port, sent)
    assert last.status == 429


async def test_whoever_is_sent_away_hears_when_to_come_again(sqlite_db: Database) -> None:
    async with behind(sqlite_db) as (site, port):
        form = "login=anna&password=falsch"
        sent = head("POST", "/login", FORM, f"Content-Length: {len(form)}") + form.encode()
        answers = [await ask(port, sent) for _ in range(6)]
        assert [answer.status for answer in answers] == [401] * 2 + [429] * 4
        assert [answer.headers.get("retry-after") for answer in answers] == [None] * 2 + ["2"] * 4
        site.not_ready.append("pbx_down")
        ready = await ask(port, head("GET", "/readyz"))
        assert (ready.status, ready.headers["retry-after"]) == (503, "5")
    gone = Database("postgresql://nobody@127.0.0.1:1/none")
    async with serve(gone) as down:
        answer = await ask(int(down.url.rpartition(":")[2]), head("GET", "/home", "Cookie: session=x"))
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
