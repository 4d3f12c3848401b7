"""Connections that wait and ask nothing: not for ever, not too many, and never in the place of others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from pbx_bridge.settings import Settings
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.web.server import CROWD
from tests import databases
from tests.raw_http import Answer, Wire, ask, head, wire
from tests.until import PATIENCE, until
from tests.whole_site import WholeSite, whole_site

sqlite_url, sqlite_db = databases.sqlite_url, databases.sqlite_db

FORM = "Content-Type: application/x-www-form-urlencoded"
SOCKET = head(
    "GET", "/demo/socket", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==", "Origin: http://localhost:8080",
)  # fmt: skip
QUICK = {"head_seconds": 0.3, "body_seconds": 0.3, "send_seconds": 0.3}


@asynccontextmanager
async def house(db: Database, **changes: Any) -> AsyncIterator[WholeSite]:
    plain = Settings()
    async with whole_site(db, replace(plain, web=replace(plain.web, **changes))) as site:
        yield site


async def nothing(_: Wire) -> None:
    """Connects and says no word."""


async def half_a_head(one: Wire) -> None:
    await one.send(b"GET / HTTP/1.1\r\nHost: loc")


async def a_dripping_head(one: Wire) -> None:
    """A sign now and then: each shows that somebody is there, none ends."""
    await one.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
    for _ in range(200):
        await one.send(b"x")
        await asyncio.sleep(0.02)


async def half_a_body(one: Wire) -> None:
    await one.send(head("POST", "/login", FORM, "Content-Length: 40") + b"login=anna")


async def a_dripping_body(one: Wire) -> None:
    await one.send(head("POST", "/login", FORM, "Transfer-Encoding: chunked"))
    for _ in range(200):
        await one.send(b"1\r\nx\r\n")
        await asyncio.sleep(0.02)


async def a_body_that_nobody_reads(one: Wire) -> None:
    await one.send(head("POST", "/nowhere", "Content-Length: 40") + b"x")


async def one_request_and_no_more(one: Wire) -> None:
    await one.send(head("GET", "/healthz"))
    assert (await one.answer()).status == 200


async def half_a_second_head(one: Wire) -> None:
    await one_request_and_no_more(one)
    await half_a_head(one)


async def takes_no_answer(one: Wire) -> None:
    """Asks for some megabytes and reads none of them."""
    one.reader._transport.pause_reading()  # type: ignore[attr-defined]
    await one.send(head("GET", "/login") * 2_000)


SLOW: tuple[Callable[[Wire], Coroutine[Any, Any, None]], ...] = (
    nothing, half_a_head, a_dripping_head, half_a_body, a_dripping_body, a_body_that_nobody_reads,
    one_request_and_no_more, half_a_second_head,
)  # fmt: skip


@pytest.mark.parametrize("slow", SLOW, ids=lambda slow: slow.__name__)
async def test_nobody_waits_for_ever(
    sqlite_db: Database, slow: Callable[[Wire], Coroutine[Any, Any, None]]
) -> None:
    async with house(sqlite_db, **QUICK) as site, wire(site.port) as one:
        if "drip" in slow.__name__:
            dripping = asyncio.create_task(slow(one))
            await one.ended()
            dripping.cancel()
        else:
            await slow(one)
            await one.ended()
        await until(lambda: len(site.rooms.web[CROWD]) == 0, message="an empty house")


async def test_whoever_takes_no_answer_goes(sqlite_db: Database) -> None:
    async with house(sqlite_db, **QUICK) as site, wire(site.port) as one:
        await one_request_and_no_more(one)
        sending = asyncio.create_task(takes_no_answer(one))
        await until(lambda: len(site.rooms.web[CROWD]) == 0, message="an empty house")
        await sending


async def _fill(stack: AsyncExitStack, site: WholeSite, count: int, source: str = "") -> list[Wire]:
    return [await stack.enter_async_context(wire(site.port, source=source)) for _ in range(count)]


@pytest.mark.parametrize("slow", [nothing, half_a_head, half_a_body], ids=lambda slow: slow.__name__)
async def test_many_of_one_address_hold_up_nobody(
    sqlite_db: Database, slow: Callable[[Wire], Coroutine[Any, Any, None]]
) -> None:
    """Neither others, who stay, nor whoever comes from that very address."""
    async with house(sqlite_db, max_connections_per_address=5) as site, AsyncExitStack() as stack:
        (neighbour,) = await _fill(stack, site, 1, "127.0.0.2")
        (desk,) = await _fill(stack, site, 1)
        await desk.send(SOCKET)
        assert (await desk.answer()).status == 101
        for one in await _fill(stack, site, 30):
            await slow(one)
            assert len(site.rooms.web[CROWD]) <= 6
        assert (await ask(site.port, head("GET", "/healthz"))).status == 200
        await neighbour.send(head("GET", "/healthz"))
        assert (await neighbour.answer()).status == 200
        await desk.send(b"\x89\x80mask")
        assert (await desk.reader.readuntil(b"\x8a\x00"))[-2:] == b"\x8a\x00"  # the pong: still there


async def test_a_full_house_has_room_for_whoever_asks(sqlite_db: Database) -> None:
    async with house(sqlite_db, max_connections=20) as site, AsyncExitStack() as stack:
        for number in range(2, 12):
            await _fill(stack, site, 4, f"127.0.0.{number}")
        assert len(site.rooms.web[CROWD]) <= 20
        assert (await ask(site.port, head("GET", "/healthz"))).status == 200


async def test_where_everybody_is_at_work_nobody_else_comes_in(sqlite_db: Database) -> None:
    async with house(sqlite_db, max_connections_per_address=3) as site, AsyncExitStack() as stack:
        for desk in await _fill(stack, site, 3):
            await desk.send(SOCKET)
            assert (await desk.answer()).status == 101
        async with wire(site.port) as late:
            answer = await late.answer()
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")


PROXY = {"trusted_proxies": ("127.0.0.1",), "max_connections_per_address": 3}


async def test_a_proxy_is_not_one_stranger_and_keeps_its_connections(sqlite_db: Database) -> None:
    async with house(sqlite_db, **(QUICK | PROXY)) as site, AsyncExitStack() as stack:
        many = await _fill(stack, site, 30)
        (stranger,) = await _fill(stack, site, 1, "127.0.0.2")
        await stranger.ended()  # so long have the others waited, too
        for one in many:
            await one.send(head("GET", "/healthz", "X-Forwarded-For: 198.51.100.7"))
            assert (await one.answer()).status == 200
        assert len(site.rooms.web[CROWD]) == 30


async def test_behind_a_proxy_one_address_has_as_many_requests_under_way(sqlite_db: Database) -> None:
    sent = head("POST", "/login", FORM, "Content-Length: 40", "X-Forwarded-For: 198.51.100.7") + b"login="
    async with house(sqlite_db, **PROXY) as site, AsyncExitStack() as stack:
        for one in await _fill(stack, site, 3):
            await one.send(sent)

        async def asks(client: str) -> Answer:
            return await ask(site.port, head("GET", "/login", f"X-Forwarded-For: {client}"))

        async with asyncio.timeout(PATIENCE):
            while (answer := await asks("198.51.100.7")).status != 429:
                await asyncio.sleep(0.01)
        assert int(answer.headers["retry-after"]) > 0
        assert (await asks("198.51.100.8")).status == 200
