"""Where a request comes from: which page made it, and from which address."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from aiohttp import web


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
    return urlsplit(origin).netloc.lower() == request.host.lower() or origin.lower().rstrip("/") in allowed


def client_address(request: web.Request, trusted: Iterable[str]) -> str:
    """The client's address; X-Forwarded-For counts only when, and as far as, trusted proxies wrote it."""
    trusted = frozenset(trusted)
    address = request.remote or ""
    forwarded = [
        part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()
    ]
    while address in trusted and forwarded:
        address = forwarded.pop()
    return address


def is_loopback(request: web.Request) -> bool:
    """Whether it comes from this very machine and from no proxy on it."""
    try:
        local = ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False
    return local and not {"X-Forwarded-For", "Forwarded", "X-Real-IP"} & request.headers.keys()
