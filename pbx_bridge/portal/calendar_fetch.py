"""Fetch a calendar from an address that a customer typed: from the public Internet, and from nowhere else."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from pbx_bridge.errors import Refused

MOST_BYTES = 2_000_000
SECONDS = 15.0
LONGEST_ADDRESS = 2000
PORTS = frozenset({None, 80, 443})

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class PrivateAddressError(OSError):
    """The name leads into a network that is not public."""


class PublicResolver(AbstractResolver):
    """Finds addresses as usual and hands on only public ones; the connection then goes to just these."""

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


def is_public(host: str, *, allow_loopback: bool = False) -> bool:
    """Whether an IP address belongs to the public Internet, also when wrapped into an IPv6 one."""
    address: Address = ipaddress.ip_address(host.partition("%")[0])
    if allow_loopback and address.is_loopback:
        return True
    return all(one.is_global and not one.is_multicast for one in _meant(address))


def _meant(address: Address) -> list[Address]:
    """The address, and the IPv4 address that it may carry: mapped, 6to4, Teredo, NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    carried: list[Address] = [one for one in (address.ipv4_mapped, address.sixtofour) if one]
    carried += address.teredo or ()
    if address in ipaddress.ip_network("64:ff9b::/96"):
        carried.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [*carried] if address.ipv4_mapped else [address, *carried]


def normalised(raw: str, *, allow_loopback: bool = False) -> str | None:
    """The address as it is fetched (webcal is https), or None when it is not one that we fetch."""
    text = raw.strip()
    scheme, _, rest = text.partition("://")
    text = f"https://{rest}" if scheme.lower() in ("webcal", "webcals") else text
    if len(text) > LONGEST_ADDRESS or any(char.isspace() for char in text):
        return None
    try:
        parts = urlsplit(text)
        usual = parts.port in PORTS or allow_loopback
    except ValueError:
        return None
    fine = parts.scheme in ("https", "http") and parts.hostname and not parts.username and usual
    return text if fine else None


async def fetch(url: str, *, allow_loopback: bool = False) -> bytes | Refused:
    """The bytes at an address. Refused: bad_address private_address redirected too_large timeout
    answered (params: status) unreachable."""
    address = normalised(url, allow_loopback=allow_loopback)
    if address is None:
        return Refused("bad_address")
    host = urlsplit(address).hostname or ""
    if _is_literal(host) and not is_public(host, allow_loopback=allow_loopback):
        return Refused("private_address")
    try:
        async with asyncio.timeout(SECONDS):
            return await _get(address, PublicResolver(allow_loopback=allow_loopback))
    except TimeoutError:
        return Refused("timeout")
    except aiohttp.ClientConnectorError as error:
        private = isinstance(error.os_error, PrivateAddressError)
        return Refused("private_address" if private else "unreachable")
    except (aiohttp.ClientError, OSError, ValueError):
        return Refused("unreachable")


async def _get(address: str, resolver: AbstractResolver) -> bytes | Refused:
    connector = aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, force_close=True)
    options: dict[str, Any] = {"trust_env": False, "cookie_jar": aiohttp.DummyCookieJar()}
    async with (
        aiohttp.ClientSession(connector=connector, **options) as session,
        session.get(address, allow_redirects=False, headers={"Accept": "text/calendar"}) as answer,
    ):
        if 300 <= answer.status < 400:
            return Refused("redirected")
        if answer.status != 200:
            return Refused("answered", {"status": str(answer.status)})
        body = b""
        async for chunk in answer.content.iter_chunked(65_536):
            body += chunk
            if len(body) > MOST_BYTES:
                return Refused("too_large")
        return body


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
