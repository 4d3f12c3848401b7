"""Fetch a calendar from an address that a customer typed: from the public Internet, and from nowhere else.

What is judged is the address that a connection is about to be made to, after all that turns a text into one:
NFKC, IDNA, names, old ways to write numbers, redirects.
"""

from __future__ import annotations

import asyncio
import socket
import zlib
from typing import Any
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from pbx_bridge.editing.calendar_address import normalised
from pbx_bridge.errors import Refused
from rules.access.public_address import is_public

MOST_BYTES = 2_000_000
"""Of a calendar, unpacked."""
SECONDS = 15.0
"""For all of it, redirects included."""
MOST_REDIRECTS = 5
HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; pbx-bridge calendar reader)",  # large providers refuse libraries
    "Accept": "text/calendar, text/plain;q=0.5, */*;q=0.1",
    "Accept-Encoding": "gzip",
}
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PACKED = {"gzip": 47, "x-gzip": 47, "deflate": 47, "": 0, "identity": 0}
"""Content-Encoding, and how zlib is told of it: 47 finds out by itself which of both."""


class PrivateAddressError(OSError):
    """The connection would lead into a network that is not public."""


class PublicResolver(AbstractResolver):
    """Finds addresses as usual and hands on only public ones."""

    def __init__(self, *, allow_loopback: bool) -> None:
        self._inner = ThreadedResolver()
        self._allow_loopback = allow_loopback

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        public = [one for one in found if is_public(one["host"], allow_loopback=self._allow_loopback)]
        if found and not public:
            raise PrivateAddressError(host)
        return public

    async def close(self) -> None:
        await self._inner.close()


class PublicSockets:
    """Makes the sockets, each for one address: the last place where it can be judged, and the only one that
    every connection passes. `refused`: one led into a network that is not public."""

    def __init__(self, *, allow_loopback: bool) -> None:
        self._allow_loopback = allow_loopback
        self.refused = False

    def __call__(self, wanted: Any) -> socket.socket:
        """`wanted`: as `socket.getaddrinfo` has it."""
        family, kind, protocol, _, peer = wanted
        if not is_public(str(peer[0]), allow_loopback=self._allow_loopback):
            self.refused = True
            raise PrivateAddressError(peer[0])
        return socket.socket(family, kind, protocol)


async def fetch(url: str, *, allow_loopback: bool = False) -> bytes | Refused:
    """The bytes at an address. Refused: bad_address private_address redirected too_large timeout
    answered (params: status) unreachable."""
    address = normalised(url, allow_loopback=allow_loopback)
    if address is None:
        return Refused("bad_address")
    sockets = PublicSockets(allow_loopback=allow_loopback)
    try:
        async with asyncio.timeout(SECONDS):
            return await _follow(address, sockets, allow_loopback=allow_loopback)
    except TimeoutError:
        return Refused("timeout")
    except (aiohttp.ClientError, OSError, ValueError, zlib.error) as error:
        cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
        private = sockets.refused or isinstance(cause, PrivateAddressError)
        return Refused("private_address" if private else "unreachable")


async def _follow(address: str, sockets: PublicSockets, *, allow_loopback: bool) -> bytes | Refused:
    """Redirects are followed as far as each step is an address that we fetch, and none leads from https back
    to http: the address is a secret."""
    for _ in range(MOST_REDIRECTS + 1):
        found = await _get(address, PublicResolver(allow_loopback=allow_loopback), sockets)
        if not isinstance(found, URL):
            return found
        following = normalised(str(found.with_fragment(None)), allow_loopback=allow_loopback)
        if following is None or (address.startswith("https:") and not following.startswith("https:")):
            break
        address = following
    return Refused("redirected")


async def _get(address: str, resolver: AbstractResolver, sockets: PublicSockets) -> bytes | URL | Refused:
    """One request, with nothing of the one before; where it leads, if it leads elsewhere."""
    connector = aiohttp.TCPConnector(
        resolver=resolver, use_dns_cache=False, force_close=True, socket_factory=sockets
    )
    options: dict[str, Any] = {"trust_env": False, "cookie_jar": aiohttp.DummyCookieJar()}
    async with (
        aiohttp.ClientSession(connector=connector, auto_decompress=False, **options) as session,
        session.get(address, allow_redirects=False, headers=HEADERS) as answer,
    ):
        if answer.status in REDIRECTS and "Location" in answer.headers:
            return URL(urljoin(address, answer.headers["Location"]))
        if answer.status != 200:
            return Refused("answered", {"status": str(answer.status)})
        return await _body(answer)


async def _body(answer: aiohttp.ClientResponse) -> bytes | Refused:
    """Unpacked as it comes, and never more than is allowed: a few packed bytes can be gigabytes."""
    how = _PACKED.get(answer.headers.get("Content-Encoding", "").strip().lower())
    if how is None:
        return Refused("unreachable")
    unpack = zlib.decompressobj(how) if how else None
    body = bytearray()
    async for chunk in answer.content.iter_chunked(65_536):
        room = MOST_BYTES + 1 - len(body)
        body += unpack.decompress(chunk, room) if unpack else chunk
        if len(body) > MOST_BYTES:
            return Refused("too_large")
    return bytes(body)
