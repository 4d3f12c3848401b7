"""By which name the service may be called: another one leads here only from a page that means us harm.

A name of somebody else's that points to our address makes that somebody's pages our own to a browser.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from pbx_bridge.errors import BadHostError, BadRequestError
from pbx_bridge.settings.addresses import is_this_machine
from pbx_bridge.web.origin import host_name

ANY_NAME = frozenset({"healthz", "readyz"})
"""Whoever looks after machines asks by their address, or by none."""

_log = structlog.get_logger(__name__)


def names_of(public_url: str, others: Iterable[str]) -> frozenset[str]:
    """The names by which we are called: that of `public_url`, and `others`, with or without a port."""
    return frozenset({host_name(urlsplit(public_url).netloc), *map(host_name, others)} - {""})


def known_host(names: frozenset[str]) -> Middleware:
    """Refuse (421) a Host that is none of our `names` and not this machine; 400 where there is none."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.match_info.route.name not in ANY_NAME:
            said = request.headers.getall("Host", [])
            if len(said) != 1:
                raise BadRequestError
            name = host_name(said[0])
            if name not in names and not is_this_machine(name):
                _log.warning("host_not_ours", host=said[0], settings="web.public_url, web.allowed_hosts")
                raise BadHostError
        return await handler(request)

    return middleware
