"""Whoever does not speak HTTP hears so in a word, costs a line, and holds up nobody."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from pbx_bridge import log
from pbx_bridge.log.limiter import BURST
from pbx_bridge.storage.db.engine import Database
from tests import databases
from tests.raw_http import Answer, ask, head, wire
from tests.sample_company import SampleCompany
from tests.unit.log.test_lines import lines as log_lines
from tests.whole_site import WholeSite, whole_site

sqlite_url, sqlite_db, furnished = databases.sqlite_url, databases.sqlite_db, databases.furnished
__all__ = ["log_lines"]

FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.fixture
async def site(sqlite_db: Database, furnished: SampleCompany) -> AsyncIterator[WholeSite]:
    async with whole_site(sqlite_db) as site:
        await ask(site.port, head("GET", "/login"))  # a template is read once
        yield site


@pytest.fixture
def lines(log_lines: io.StringIO) -> Iterator[io.StringIO]:
    yield log_lines
    logging.getLogger().handlers[:] = []
    log.configure("error", "json", io.StringIO())


BAD_HEADS = {
    "no HTTP": b"x" * 8_000 + b"\r\n\r\n",
    "TLS": bytes.fromhex("16030100f1010000ed0303") + b"\xff" * 4_000 + b"\r\n\r\n",
    "SSH": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "a long method": b"G" * 8_000 + b" / HTTP/1.1\r\n\r\n",
    "a long path": b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a long value": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a@" * 4_500 + b"\r\n\r\n",
    "a long name": b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"a" * 9_000 + b": x\r\n\r\n",
    "a name with a space": b"GET / HTTP/1.1\r\nHost: localhost\r\nBad Name " + b"0 1(" * 1_900 + b"\r\n\r\n",
    "numbers": b"+1" * 4_000 + b"\r\n\r\n",
    "addresses": b"GET " + b"a@" * 4_000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"a: b\r\n" * 5_000 + b"\r\n",
    "another version": b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "NUL": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: \0\r\n\r\n",
    "a bare CR": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n",
    "two lengths": head("POST", "/login", "Content-Length: 1", "Content-Length: 2") + b"x",
    "length and chunks": head("POST", "/login", "Content-Length: 4", "Transfer-Encoding: chunked")
    + b"0\r\n\r\n",
    "a length that is none": head("POST", "/login", "Content-Length: 1_0") + b"x" * 10,
    "a negative length": head("POST", "/login", "Content-Length: -1"),
    "an endless length": head("POST", "/login", "Content-Length: " + "9" * 400),
    "unknown coding": head("POST", "/login", "Transfer-Encoding: xchunked"),
    "no name": head("GET", "/", host=""),
}


@pytest.mark.parametrize("request_head", BAD_HEADS.values(), ids=BAD_HEADS)
async def test_a_bad_head_is_answered_in_a_word(
    site: WholeSite, lines: io.StringIO, request_head: bytes
) -> None:
    answers = await asyncio.gather(*(ask(site.port, request_head) for _ in range(40)))
    assert {answer.status for answer in answers} <= {400, 413, 0}
    assert all("aiohttp" not in str(answer) for answer in answers)
    written = lines.getvalue()
    assert "Traceback" not in written
    assert max(map(len, written.splitlines()), default=0) < 300
    assert len(written.splitlines()) <= BURST
    assert {json.loads(line)["event"] for line in written.splitlines()} <= {"request_unreadable"}


ODD = (
    "\udcff" * 100,
    "a@" * 4_000,
    "0 1(" * 2_000,
    '"' * 8_000,
    ";" * 8_000,
    "," * 8_000,
    "=" * 8_000,
    "\\" * 8_000,
)
HEADERS = (
    "Cookie", "Accept-Language", "Origin", "Accept", "X-Request-Id", "Sec-Fetch-Site", "X-Forwarded-For",
    "Forwarded", "X-CSRF-Token", "Range", "If-None-Match", "If-Modified-Since", "Connection", "Upgrade",
    "Referer", "X",
)  # fmt: skip
NAMED = {
    "Cookie": ('session="' + "\\1" * 3_000, "session=" + "a" * 8_000, "a=b; " * 1_600, "session=\udcff"),
    "Origin": ("http://[", "http://[::1", "http://a:b:c", "null", "http://\udcff", "https://x:999999"),
    "Accept-Language": ("de;q=" + "9" * 8_000, "de;q=1e999", "de;q=nan, en", ",".join(["de"] * 2_000)),
    "Expect": ("100-continue", "x" * 8_000),
    "Upgrade": ("websocket", "h2c"),
    "Accept": ("text/html",),
}  # fmt: skip


@pytest.mark.parametrize("name", [*HEADERS, "Expect"])
async def test_no_header_is_too_odd(site: WholeSite, lines: io.StringIO, name: str) -> None:
    """For whoever opens a page, sends a form, or wants a WebSocket."""
    socket = (
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: x",
    )
    failed: list[tuple[str, Answer]] = []
    for value in (*ODD, *NAMED.get(name, ())):
        for request in (
            head("GET", "/", f"{name}: {value}"),
            head("POST", "/login", f"{name}: {value}", FORM, "Content-Length: 3") + b"a=b",
            head("GET", "/demo/socket", f"{name}: {value}", *socket),
        ):
            answer = await ask(site.port, request)
            failed += [(value[:20], answer)] if answer.status >= 500 else []
    assert failed == []
    assert "Traceback" not in lines.getvalue()


PATHS = (
    "/%00", "/%ff", "/%C3%28", "/static/%00/%00", "/static/x/" + "a/" * 3_000, "/einladung/%00",
    "/einladung/%ff", "/einladung/" + "x" * 7_000, "/hooks/sms/%00?type=1", "/hooks/sms/%ff?type=1",
    "/kalender/%00.ics", "/?" + "&" * 7_000, "/login?next=%00", "/login?next=%ff", "/login?" + "a=b&" * 1_900,
    "//", "/\\", "*", "http://evil.example/login", "http://[", "/login#x", "/%2e%2e/%2e%2e/etc/passwd",
    "/demo/mailbox/mails/" + "9" * 5_000, "/%u0041", "/login%",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:20])
async def test_no_path_is_too_odd(site: WholeSite, lines: io.StringIO, path: str) -> None:
    for method in ("GET", "HEAD", "POST", "PUT", "OPTIONS", "TRACE", "CONNECT", "X"):
        answer = await ask(site.port, head(method, path, "Accept: text/html"))
        assert answer.status < 500, (method, answer)
    assert "Traceback" not in lines.getvalue()


async def test_whoever_leaves_in_the_middle_leaves_no_traceback(site: WholeSite, lines: io.StringIO) -> None:
    for sent in (
        b"",
        b"GET / HT",
        head("POST", "/login", FORM, "Content-Length: 40") + b"login=",
        head("GET", "/login"),
    ):
        async with wire(site.port) as one:
            await one.send(sent)
    assert (await ask(site.port, head("GET", "/healthz"))).status == 200
    assert "Traceback" not in lines.getvalue()


async def test_a_stranger_learns_nothing_of_what_we_are_made_of(site: WholeSite) -> None:
    for request in (*BAD_HEADS.values(), head("GET", "/"), head("GET", "/healthz"), head("X", "/")):
        answer = await ask(site.port, request)
        assert answer.headers.get("server", "pbx-bridge") == "pbx-bridge"
