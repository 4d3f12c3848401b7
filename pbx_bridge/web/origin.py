"""Where a request comes from: which page made it, and from which address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from aiohttp import web

from pbx_bridge.settings.addresses import Address, address_of, network_of

MOST_HOPS = 20
"""Proxies on the way that are looked at, the nearest ones."""
_FORWARDED = {"X-Forwarded-For", "Forwarded", "X-Real-IP"}
_PAIR = re.compile(r'[ \t]*([A-Za-z]+)=("(?:[^"\\]|\\.)*"|[^",;]*)[ \t]*(;|,|$)')
_HOST = re.compile(r"(\[[^\]]*\]|[^:]*)(?::\w*)?")


def is_own_page(request: web.Request, allowed: Iterable[str] = ()) -> bool:
    """Whether a page of ours made this request, as far as the browser tells; `allowed`: "https://host:port".

    Every browser sends Origin with unsafe methods and WebSockets; a client that sends none is no browser
    that somebody could
    have lured elsewhere.
    """
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    try:
        host = urlsplit(origin).netloc
    except ValueError:  # an IPv6 address without its end
        return False
    own = request.headers.get("Host", "").lower()
    return (host.lower() == own != "") or origin.lower().rstrip("/") in allowed


class Proxies:
    """Networks whose word about a client's address counts: "10.0.0.0/8", "2001:db8::/32", "127.0.0.1".

    Raises ValueError for what is no network.
    """

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = [network_of(text) for text in networks]

    def __contains__(self, address: Address) -> bool:
        return any(address in network for network in self._networks)

    def client(self, request: web.Request) -> str:
        """The nearest address that is none of ours, as the proxies tell in X-Forwarded-For or Forwarded.

        What stands left of it anybody may have written. A proxy writes one of the two headers and may pass on
        the other as it came; where they differ, neither is believed.
        """
        peer = address_of(request.remote or "")
        if peer is None or peer not in self:
            return str(peer or request.remote or "")
        told = {str(self._nearest(peer, hops)) for hops in (_listed(request), _forwarded(request)) if hops}
        return told.pop() if len(told) == 1 else str(peer)

    def _nearest(self, peer: Address, hops: Sequence[str]) -> Address:
        here = peer
        for hop in reversed(hops[-MOST_HOPS:]):
            before = address_of(hop) if here in self else None
            if before is None:
                break
            here = before
        return here


def is_loopback(request: web.Request) -> bool:
    """Whether it comes from this very machine and from no proxy on it."""
    address = address_of(request.remote or "")
    return address is not None and address.is_loopback and not _FORWARDED & request.headers.keys()


def host_name(header: str) -> str:
    """The name of a Host header or of an address, in lower case, without port, brackets and last dot."""
    found = _HOST.fullmatch(header.strip().lower())
    return found[1].strip("[]").rstrip(".") if found else ""


def _listed(request: web.Request) -> list[str]:
    """X-Forwarded-For; proxies may have added to a line, or a line."""
    lines = request.headers.getall("X-Forwarded-For", [])
    return [hop for line in lines for hop in line.split(",") if hop.strip()]


def _forwarded(request: web.Request) -> list[str]:
    """The clients that Forwarded tells (RFC 7239); "" for a hop that hides its own."""
    hops: list[str] = []
    for line in request.headers.getall("Forwarded", []):
        place, client = 0, ""
        while place < len(line):
            pair = _PAIR.match(line, place)
            if pair is None:
                return [*hops, ""]
            name, value, end = pair.groups()
            if name.lower() == "for":
                client = value.strip('"')
            if end != ";":
                hops.append(client)
                client = ""
            place = pair.end()
    return hops
