"""Whoever is not known yet comes in a few at a time, address by address, so that those inside feel no crowd.

A page takes a millisecond or two. A thousand strangers who ask at once would make every step of everybody
else's work wait for a thousand pages.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

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


@dataclass(frozen=True, slots=True)
class Gates:
    """`known` for whoever shows a session, until it is looked up; `strangers` for all others, until they have
    their answer: a log-in that waits for the database is no reason to keep anybody else waiting."""

    known: Turnstile = field(default_factory=Turnstile)
    strangers: Turnstile = field(default_factory=Turnstile)


class Turn:
    """Of one request: over early for whoever turns out to be known, and pauses while a body comes in."""

    def __init__(self, gates: Gates, address: str, *, named: bool) -> None:
        self._gates, self._address, self.held = gates, address, False
        self._gate = gates.known if named else gates.strangers

    async def begin(self) -> None:
        """Raises BusyError."""
        await self._gate.enter(self._address)
        self.held = True

    def over(self) -> None:
        """Harmless when it is over."""
        if self.held:
            self.held = False
            self._gate.leave()

    async def stranger(self) -> None:
        """The session is none of ours. Raises BusyError."""
        if self._gate is not self._gates.strangers:
            self.over()
            self._gate = self._gates.strangers
            await self.begin()


def turns(proxies: Proxies, shows: Callable[[web.Request], str]) -> Middleware:
    """Put a `turn` on each request; raises BusyError (503) for whoever does not get one. `shows`: the
    session that a request names, or ""."""
    gates = Gates()

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        route = request.match_info.route.name or ""
        if route in STRAIGHT_IN or route.startswith("demo"):
            return await handler(request)
        turn = request["turn"] = Turn(gates, proxies.client(request), named=bool(shows(request)))
        await turn.begin()
        try:
            return await handler(request)
        finally:
            turn.over()

    return middleware
