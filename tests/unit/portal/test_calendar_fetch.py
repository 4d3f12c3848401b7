"""Calendar addresses that customers type: what a connection is made to is judged, not what was typed."""

from __future__ import annotations

import gzip
import socket
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from multidict import CIMultiDictProxy
from yarl import URL

from pbx_bridge.editing import calendar_address
from pbx_bridge.editing.calendar_address import normalised
from pbx_bridge.errors import Refused
from pbx_bridge.portal.calendar import fetch as calendar_fetch
from pbx_bridge.portal.calendar.fetch import MOST_BYTES, MOST_REDIRECTS, PublicResolver, fetch

BODY = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@dataclass
class Elsewhere:
    """`leads`: path → where it redirects to; `asked`: path and headers of what came."""

    port: int = 0
    leads: dict[str, tuple[int, str]] = field(default_factory=dict)
    packed: tuple[str, bytes] | None = None
    asked: list[tuple[str, CIMultiDictProxy[str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path, request.headers))
        if request.path in self.leads:
            status, location = self.leads[request.path]
            headers = {"Location": location, "Set-Cookie": "who=me; Path=/"}
            return web.Response(status=status, headers=headers)
        if any(word in request.headers.get("User-Agent", "").lower() for word in ("python", "aiohttp")):
            return web.Response(status=403)
        if self.packed is None:
            return web.Response(body=BODY, content_type="text/calendar")
        how, body = self.packed
        return web.Response(body=body, headers={"Content-Encoding": how})


@pytest.fixture
async def elsewhere(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Elsewhere]:
    """A calendar server on this machine; its port counts as a usual one."""
    server, app = Elsewhere(), web.Application()
    app.router.add_get("/{path:.*}", server.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.port = runner.addresses[0][1]
    monkeypatch.setattr(calendar_address, "PORTS", frozenset({None, 80, 443, server.port}))
    yield server
    await runner.cleanup()


def code(answer: bytes | Refused) -> str:
    return str(answer.code) if isinstance(answer, Refused) else "read"


HERE = [
    "127.0.0.1",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "１２７.0.0.1",
    "127。0。0。1",
    "127．0．0．1",
    "①②⑦.0.0.1",
    "①②⑦。⓪。⓪。①",
    "ｌｏｃａｌｈｏｓｔ",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
    "127.1",
    "127.0.1",
    "0x7f.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:7f00:0001]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[::127.0.0.1]",
    "0",
    "0.0.0.0",  # noqa: S104 - asked for, not bound
]


@pytest.mark.parametrize("host", HERE)
async def test_this_machine_is_never_asked_whatever_it_is_called(elsewhere: Elsewhere, host: str) -> None:
    answer = await fetch(f"http://{host}:{elsewhere.port}/a.ics")
    assert code(answer) in ("private_address", "bad_address", "unreachable")
    assert elsewhere.asked == []


@pytest.mark.parametrize(
    "host",
    ["10.0.0.1", "１０.0.0.1", "169.254.169.254", "192.168.0.1", "100.64.0.1", "[fe80::1]", "[fd00::1]"],
)
async def test_nor_is_a_private_network(host: str) -> None:
    assert code(await fetch(f"http://{host}/a.ics")) == "private_address"


async def test_a_name_that_is_public_when_asked_and_private_when_used_is_refused(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever answers for the name may say one thing to the judge and another to the connection."""

    async def lies(*_: Any, **__: Any) -> list[Any]:
        one = {"hostname": "calendar.example", "host": "127.0.0.1", "port": elsewhere.port}
        return [one | {"family": socket.AF_INET, "proto": 0, "flags": socket.AI_NUMERICHOST}]

    monkeypatch.setattr(PublicResolver, "resolve", lies)
    answer = await fetch(f"http://calendar.example:{elsewhere.port}/a.ics")
    assert code(answer) == "private_address"
    assert elsewhere.asked == []


async def test_our_user_agent_is_one_that_providers_take(elsewhere: Elsewhere) -> None:
    assert await fetch(elsewhere.url + "/a.ics", allow_loopback=True) == BODY


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed(elsewhere: Elsewhere, status: int) -> None:
    elsewhere.leads = {
        "/a": (status, "/b"),
        "/b": (status, elsewhere.url + "/c#part"),
        "/c": (status, "d.ics"),
    }
    assert await fetch(elsewhere.url + "/a", allow_loopback=True) == BODY
    assert [path for path, _ in elsewhere.asked] == ["/a", "/b", "/c", "/d.ics"]


async def test_nothing_is_carried_from_one_step_to_the_next(elsewhere: Elsewhere) -> None:
    elsewhere.leads = {"/a": (302, "/b")}
    await fetch(elsewhere.url + "/a", allow_loopback=True)
    for _, headers in elsewhere.asked:
        assert not {"Cookie", "Authorization", "Referer", "Proxy-Authorization"} & {*headers}


@pytest.mark.parametrize("length", [MOST_REDIRECTS, MOST_REDIRECTS + 1])
async def test_redirects_have_an_end(elsewhere: Elsewhere, length: int) -> None:
    elsewhere.leads = {f"/{step}": (302, f"/{step + 1}") for step in range(length)}
    answer = await fetch(elsewhere.url + "/0", allow_loopback=True)
    assert code(answer) == ("read" if length == MOST_REDIRECTS else "redirected")
    assert len(elsewhere.asked) == MOST_REDIRECTS + 1


async def test_a_circle_has_one_too(elsewhere: Elsewhere) -> None:
    elsewhere.leads = {"/a": (302, "/a")}
    assert code(await fetch(elsewhere.url + "/a", allow_loopback=True)) == "redirected"


@pytest.mark.parametrize(
    "location,expected",
    [
        ("http://10.0.0.1/a.ics", "private_address"),
        ("http://１０.0.0.1/a.ics", "private_address"),
        ("http://169.254.169.254/latest/meta-data/", "private_address"),
        ("//192.168.0.1/a.ics", "private_address"),
        ("http://[::ffff:10.0.0.1]/", "private_address"),
        ("file:" + "//localhost/a.ics", "redirected"),
        ("ftp://calendar.example/a.ics", "redirected"),
        ("http://user:secret@127.0.0.1/a.ics", "redirected"),
        ("http://" + "x" * 3000 + ".example/", "redirected"),
        ("javascript:alert(1)", "redirected"),
    ],
)
async def test_each_step_is_judged_like_the_first(elsewhere: Elsewhere, location: str, expected: str) -> None:
    elsewhere.leads = {"/a": (302, location)}
    assert code(await fetch(elsewhere.url + "/a", allow_loopback=True)) == expected
    assert [path for path, _ in elsewhere.asked] == ["/a"]


async def test_a_secret_address_does_not_leave_encryption(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    async def leads(address: str, *_: Any) -> Any:
        asked.append(address)
        return URL("http://calendar.example/b.ics")

    monkeypatch.setattr(calendar_fetch, "_get", leads)
    assert code(await fetch("https://calendar.example/a.ics")) == "redirected"
    assert asked == ["https://calendar.example/a.ics"]


@pytest.mark.parametrize(
    "how,body,expected",
    [
        ("gzip", gzip.compress(BODY), BODY),
        ("x-gzip", gzip.compress(BODY), BODY),
        ("deflate", zlib.compress(BODY), BODY),
        ("identity", BODY, BODY),
        ("gzip", gzip.compress(b"x" * MOST_BYTES), b"x" * MOST_BYTES),
        ("gzip", gzip.compress(b"x" * (MOST_BYTES + 1)), "too_large"),
        ("gzip", gzip.compress(bytes(300_000_000), 1), "too_large"),
        ("gzip", b"no gzip at all", "unreachable"),
        ("br", b"whatever", "unreachable"),
    ],
    ids=["gzip", "x-gzip", "deflate", "not at all", "just fits", "just not", "a bomb", "a lie", "unknown"],
)
async def test_what_is_packed_is_unpacked_within_limits(
    elsewhere: Elsewhere, how: str, body: bytes, expected: bytes | str
) -> None:
    elsewhere.packed = (how, body)
    answer = await fetch(elsewhere.url + "/a.ics", allow_loopback=True)
    assert (answer if isinstance(expected, bytes) else code(answer)) == expected


@pytest.mark.parametrize(
    "raw",
    [
        "http://user@calendar.example/",
        "http://user:pw@calendar.example/",
        "http://:pw@calendar.example/",
        "http://calendar.example:22/",
        "http://calendar.example:8080/",
        "http://calendar.example:４４３４/",
        "http://calendar.example\\@10.0.0.1/",
        "http://",
        "https:///a.ics",
        "gopher://calendar.example/",
        "http://calendar.example/\x00",
        "http://cal\u200bendar.example/\u202e",
        "http://[::1",
    ],
    ids=ascii,
)
def test_what_is_no_address_of_a_calendar(raw: str) -> None:
    assert normalised(raw) is None
