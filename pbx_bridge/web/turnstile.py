"""Whoever is not known yet comes in a few at a time, address by address, so that those inside feel no crowd.

A page takes a millisecond or two. A thousand strangers who ask at once would make every step of everybody
else's work wait for a thousand pages.
"""

from __future__ import annotations

import asyncio
from collections import deque

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from pbx_bridge.errors import BusyError
from pbx_bridge.web.origin import Proxies

AT_ONCE = 4
PATIENCE_SECONDS = 10.0
"""Whoever has waited so long is sent away, and may come again."""
STRAIGHT_IN = frozenset({"static", "healthz", "readyz"})
"""Cheap, or asked by whoever looks after us."""


class Turnstile:
    """`at_once` at the same time, and in one turn of the loop; of those who wait, each address in turn."""

    def __init__(self, at_once: int = AT_ONCE, patience: float = PATIENCE_SECONDS) -> None:
        self._free, self._patience = at_once, patience
        self._lines: dict[str, deque[asyncio.Future[None]]] = {}

    async def enter(self, address: str) -> None:
        """Wait for one's turn; raises BusyError when it does not come in time."""
        if self._free:
            self._free -= 1
            return
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._lines.setdefault(address, deque()).append(mine)
        try:
            async with asyncio.timeout(self._patience):
                await mine
        except BaseException as error:
            if mine.done() and not mine.cancelled():
                self.leave()
            mine.cancel()
            if isinstance(error, TimeoutError):
                raise BusyError from None
            raise

    def leave(self) -> None:
        """The next one may come in, when everybody inside has had a turn of the loop: a page is often made
        without a pause, and a place that is free at once again would be no limit."""
        asyncio.get_running_loop().call_soon(self._pass_on)

    def _pass_on(self) -> None:
        while self._lines:
            address = next(iter(self._lines))
            line = self._lines.pop(address)
            first = line.popleft()
            if line:
                self._lines[address] = line  # behind the others
            if not first.done():
                first.set_result(None)
                return
        self._free += 1


class Turn:
    """Of one request: over early for whoever turns out to be known, and pauses while a body comes in."""

    def __init__(self, turnstile: Turnstile, address: str) -> None:
        self._turnstile, self._address, self.held = turnstile, address, False

    async def begin(self) -> None:
        """Raises BusyError."""
        await self._turnstile.enter(self._address)
        self.held = True

    def over(self) -> None:
        """Harmless when it is over."""
        if self.held:
            self.held = False
            self._turnstile.leave()


def turns(proxies: Proxies) -> Middleware:
    """Put a `turn` on each request; raises BusyError (503) for whoever does not get one."""
    turnstile = Turnstile()

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        route = request.match_info.route.name or ""
        if route in STRAIGHT_IN or route.startswith("demo"):
            return await handler(request)
        turn = request["turn"] = Turn(turnstile, proxies.client(request))
        await turn.begin()
        try:
            return await handler(request)
        finally:
            turn.over()

    return middleware
