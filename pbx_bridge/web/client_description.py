"""From which browser and network a request comes, as people read it."""

from __future__ import annotations

from aiohttp import web

from pbx_bridge.auth.throttle import network
from pbx_bridge.storage.access.sessions import Where
from pbx_bridge.web.origin import Proxies
from rules.access.browser import browser_words

PROXIES = web.AppKey("proxies", Proxies)


def whereabouts(request: web.Request) -> Where:
    """In words, and shortened."""
    address = request.config_dict[PROXIES].client(request)
    return Where(browser_words(request.headers.get("User-Agent", "")), network(address))
