"""No body holds up the house: what we do not read is refused unread, what we read is bounded.

That no step takes long is watched in every test (tests.loop_watch).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from pbx_bridge.settings import Settings
from pbx_bridge.storage.access.accounts import Role
from pbx_bridge.storage.db.engine import Database
from tests import databases
from tests.hostile import FOREIGN, KINDS, spellings
from tests.raw_http import Answer, ask, head, wire
from tests.sample_company import SampleCompany
from tests.whole_site import WholeSite, whole_site

sqlite_url, sqlite_db, furnished = databases.sqlite_url, databases.sqlite_db, databases.furnished

FORM, FILES = (
    "Content-Type: application/x-www-form-urlencoded",
    "Content-Type: multipart/form-data; boundary=x",
)
SMALL, MEDIUM, LARGE = 64_000, 256_000, 4_000_000
HOSTILE = (
    *(f"application/x-www-form-urlencoded; charset={charset}" for charset in FOREIGN),
    *(said for kind in KINDS for said in spellings(kind, "punycode")),
    *(f"{kind}; charset=utf-16" for kind in ("application/json", "text/csv", "application/octet-stream")),
    "multipart/mixed; boundary=x",
    "multipart/form-data",
    "x" * 8_000,
    "a/b" + ";" * 8_000,
)
ROUTES = ("/login", "/desk/language", "/portal/mitarbeiter/import")


@pytest.fixture
async def site(sqlite_db: Database, furnished: SampleCompany) -> AsyncIterator[WholeSite]:
    async with whole_site(sqlite_db) as site:
        await ask(site.port, head("GET", "/login"))  # a template is read once
        yield site


async def test_no_route_reads_another_charset(site: WholeSite) -> None:
    """Refused by the head alone: not one byte of the body was sent."""
    free = asyncio.Semaphore(8)
    accepted: list[str] = []

    async def refuses(method: str, path: str, said: str) -> None:
        async with free:
            answer = await ask(site.port, head(method, path, f"Content-Type: {said}", "Content-Length: 9999"))
        if answer.status != 415:
            accepted.append(f"{method} {path} takes {said[:60]}: {answer.status}")

    tries = [(method, path, said) for _, method, path in site.routes for said in HOSTILE[::7]]
    tries += [("POST", path, said) for path in ROUTES for said in HOSTILE]
    await asyncio.gather(*(refuses(*one) for one in tries))
    assert accepted == []
    assert len(site.routes) > 80


@pytest.mark.parametrize(
    "header", ["gzip", "deflate", "br", "zstd", "GZIP", "gzip, gzip", "identity, gzip", "x"]
)
async def test_nothing_is_unpacked(site: WholeSite, header: str) -> None:
    answer = await ask(
        site.port, head("POST", "/login", FORM, f"Content-Encoding: {header}", "Content-Length: 9")
    )
    assert answer.status == 415


async def test_files_are_taken_where_files_are_expected_and_nowhere_else(site: WholeSite) -> None:
    for name, method, path in site.routes:
        if method not in {"POST", "PUT", "DELETE"}:
            continue
        answer = await ask(site.port, head(method, path, FILES, "Content-Length: 9999"))
        assert answer.status == (401 if name.endswith(".file") else 415), path
    assert sum(name.endswith(".file") for name, _, _ in site.routes) >= 4


@pytest.mark.parametrize(
    "path,kind,most",
    [("/login", FORM, SMALL), ("/desk/language", FORM, MEDIUM), ("/portal/mitarbeiter/import", FILES, LARGE)],
)
async def test_too_much_is_refused_whether_it_is_announced_or_not(
    site: WholeSite, furnished: SampleCompany, path: str, kind: str, most: int
) -> None:
    mine = await site.log_in(Role.AGENT if "desk" in path else Role.CUSTOMER, furnished.customer_id)
    said = await ask(site.port, head("POST", path, mine, kind, f"Content-Length: {most + 1}"))
    assert said.status == 413
    async with wire(site.port) as one:
        await one.send(head("POST", path, mine, kind, "Transfer-Encoding: chunked"))
        for _ in range(most // 8_000 + 1):
            await one.send(b"1f40\r\n" + b"x" * 8_000 + b"\r\n")
        assert (await one.answer()).status == 413


def _form(most: int) -> dict[str, bytes]:
    """Bodies of this size that are dear to take apart."""
    return {
        "escapes": b"login=" + b"%C3%BC" * (most // 6 - 1),
        "half escapes": b"login=" + b"%4" * (most // 2 - 3),
        "signs": b"&" * most,
        "names": b"a=b&" * (most // 4),
        "deep names": b"a" + b"[b]" * (most // 3 - 1) + b"=c",
        "pluses": b"login=" + b"+" * (most - 6),
        "no UTF-8": b"login=" + b"\xff" * (most - 6),
        "a waiting form": b"kept=" + b"[" * (most - 5),
        "as many fields as may be": b"&".join(
            b"a%02d=%s" % (n, b"%41" * (most // 300 - 3)) for n in range(100)
        ),
    }


def _files(most: int) -> dict[str, bytes]:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
    return {
        "no edge": b"x" * most,
        "edges": b"--x\r\n" * (most // 5),
        "half edges": b"\r\n--" * (most // 4),
        "parts": (part + b"\r\n") * (most // len(part + b"\r\n")),
        "one long line": b"--" + b"x" * (most - 2),
        "long heads": (b"--x\r\n" + b"X: " + b"y" * 1_900 + b"\r\n\r\n") * (most // 1_920),
        "parameters": b'--x\r\nContent-Disposition: form-data; name="a'
        + b'\\"' * 900
        + b"; a" * 300
        + b"\r\n\r\n--x--",
        "a file": part.replace(b'"a"', b'"file"; filename="a.csv"')
        + b"Name\n"
        + b"\xfc" * (most - 200)
        + b"\r\n--x--",
    }


BODIES = [
    *(("/login", FORM, name, body) for name, body in _form(SMALL).items()),
    *(("/desk/language", FORM, name, body) for name, body in _form(MEDIUM).items()),
    *(("/portal/mitarbeiter/import", FILES, name, body) for name, body in _files(LARGE).items()),
]


@pytest.mark.parametrize("path,kind,name,body", BODIES, ids=[f"{path} {name}" for path, _, name, _ in BODIES])
async def test_no_body_holds_up_the_others(
    site: WholeSite, furnished: SampleCompany, path: str, kind: str, name: str, body: bytes
) -> None:
    mine = await site.log_in(Role.AGENT if "desk" in path else Role.CUSTOMER, furnished.customer_id)
    answer = await ask(site.port, head("POST", path, mine, kind, f"Content-Length: {len(body)}") + body)
    assert answer.status in {303, 400, 401, 413, 422, 429}, name


async def test_a_body_in_the_smallest_chunks_holds_up_nobody(site: WholeSite) -> None:
    body = b"6\r\nlogin=\r\n" + b"1\r\nx\r\n" * (SMALL - 6) + b"0\r\n\r\n"
    sent = head("POST", "/login", FORM, "Transfer-Encoding: chunked") + body
    assert (await ask(site.port, sent)).status == 401


@pytest.mark.parametrize(
    "body",
    [b"zz\r\n", b"-1\r\n", b"5\r\nhello!\r\n", b"5;x\r\nhello\r\n0\r\nx\r\n\r\n", b"f" * 400 + b"\r\n"],
)
async def test_bad_chunks_are_the_clients_mistake(site: WholeSite, body: bytes) -> None:
    assert (
        await ask(site.port, head("POST", "/login", FORM, "Transfer-Encoding: chunked") + body)
    ).status == 400


async def test_a_form_that_does_not_come_is_not_waited_for(sqlite_db: Database) -> None:
    plain = Settings()
    async with (
        whole_site(sqlite_db, replace(plain, web=replace(plain.web, body_seconds=0.2))) as site,
        wire(site.port) as one,
    ):
        await one.send(head("POST", "/login", FORM, "Content-Length: 40") + b"login=anna")
        assert (await one.answer()).status == 408
        await one.ended()


async def _login(site: WholeSite, body: bytes) -> Answer:
    return await ask(
        site.port, head("POST", "/login", FORM, "Accept: text/html", f"Content-Length: {len(body)}") + body
    )


async def test_a_waiting_form_that_nobody_of_us_wrote_is_passed_over(site: WholeSite) -> None:
    for waiting in (b"[" * 60_000, b'["/a",' + b'["b",' * 9_000, b'["/a", {"b": 1}]', b"1" * 60_000):
        assert (await _login(site, b"login=a&password=b&kept=" + waiting)).status in {401, 429}
