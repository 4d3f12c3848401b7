"""Lets the PBX forget the calls that are stored, and has those shown that somebody answered unseen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from itertools import islice

import structlog

from pbx_bridge.ami.actions import Originate
from pbx_bridge.ami.errors import ActionFailed, ActionTimeout, LinkGone, Unsendable
from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.journal import Journal
from pbx_bridge.storage.db.engine import StorageUnavailable
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.telephony.astdb.read_back import AstdbLink

log = structlog.get_logger(__name__)

GATHER_SECONDS = 1.0
"""What ends within this time is forgotten together."""
AGAIN_SECONDS = 2.0
NAMES = 20
"""So many calls fit into one line of the manager interface, long names of PBXs included."""


class RememberedCalls:
    """Handlers for the effects of calls; `show` puts a call onto the screen of whoever answered it.

    The PBX is told only of what the database has. What it could not be told it tells again after the next
    connect, which does no harm: a call has the same id after a restart.
    """

    def __init__(self, link: AstdbLink, journal: Journal, show: Callable[[str], Awaitable[None]]) -> None:
        self._link, self._journal, self._show = link, journal, show
        self._over: dict[str, None] = {}
        self._unseen: dict[str, None] = {}
        self._work = asyncio.Event()

    def over(self, effect: fx.CallEnded | fx.TurnedAway | fx.Forgettable) -> None:
        """This call is being written down as ended."""
        self._over[effect.call] = None
        self._work.set()

    def remembered(self, effect: fx.Remembered) -> None:
        """Its note is still to be written, unless it was written before a restart."""
        self._unseen[effect.call] = None
        self._work.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._work.wait()
            self._work.clear()
            try:
                await self._turn()
            except StorageUnavailable as error:
                log.warning("memory_waits", reason=error.reason)
                await asyncio.sleep(AGAIN_SECONDS)
                self._work.set()

    async def _turn(self) -> None:
        """First those who wait for a screen; `_over` as it was before all of it was stored."""
        over = list(self._over)
        await self._journal.settled()
        for call in list(self._unseen):
            await self._show(call)
            del self._unseen[call]
        await asyncio.sleep(GATHER_SECONDS)
        for some in _batches(over):
            await self._forget(some)
            for call in some:
                self._over.pop(call, None)

    async def _forget(self, calls: list[str]) -> None:
        action = Originate(
            attempt=f"forget-{new_id()}",
            channel="Local/00@sec-forget/n",
            context="sec-line",
            exten="done",
            variables=(("__SEC_STORED", "|".join(calls)),),
        )
        try:
            await self._link.send(action)
        except (LinkGone, ActionTimeout, ActionFailed, Unsendable) as error:
            log.info("memory_kept", reason=type(error).__name__, calls=len(calls))


def _batches(calls: Iterable[str]) -> Iterator[list[str]]:
    left = iter(calls)
    while some := list(islice(left, NAMES)):
        yield some
