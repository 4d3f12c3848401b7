"""Asks the PBX what it remembers of calls while nobody listened, with each connect."""

from __future__ import annotations

import asyncio
from itertools import count

import structlog

from pbx_bridge.ami.actions import Getvar, Originate
from pbx_bridge.ami.resync import Ask, take_snapshot
from pbx_bridge.calls.events import PbxEvent, Snapshot
from pbx_bridge.calls.remembered_call import CallSeen, SeenAll

log = structlog.get_logger()

QUIET_SECONDS = 2.0
"""So long without a word, and nothing more will come; the PBX tells a thousand calls in less than one."""


class RememberedByPbx:
    """Of one session. `take` gets every event and keeps what answers `ask`."""

    def __init__(self, name: str) -> None:
        self._names = (f"{name}-memory-{number}" for number in count(1))
        self._told: list[CallSeen] | None = None
        self._asked = ""
        self._all, self._more = asyncio.Event(), asyncio.Event()

    def take(self, event: PbxEvent) -> bool:
        """True: it was for us, and is nobody else's news."""
        if isinstance(event, SeenAll):
            if event.asked == self._asked:
                self._all.set()
                self._more.set()
            return True
        if not isinstance(event, CallSeen):
            return False
        if self._told is not None:
            self._told.append(event)
            self._more.set()
        return True

    async def ask(self, ask: Ask) -> dict[str, CallSeen]:
        """All that is remembered, by call. A dial plan that is older than this remembers nothing.

        Raises LinkGone, ActionTimeout.
        """
        (known,) = await ask(Getvar("DIALPLAN_EXISTS(sec-memory,00,1)"))
        if known.get("Value") != "1":
            log.warning("pbx_has_no_memory", remedy="copy secretariat.conf and queues.conf")
            return {}
        self._asked, self._told = next(self._names), []
        self._all.clear()
        told = self._told
        try:
            await ask(_question(self._asked))
            await self._listen()
        finally:
            self._told = None
        return {one.call: one for one in told}

    async def _listen(self) -> None:
        while not self._all.is_set():
            self._more.clear()
            try:
                async with asyncio.timeout(QUIET_SECONDS):
                    await self._more.wait()
            except TimeoutError:
                log.warning("pbx_memory_incomplete")
                return


async def remember(ask: Ask, memory: RememberedByPbx, queue: str) -> tuple[list[CallSeen], Snapshot]:
    """The calls that the PBX remembers, oldest first, and after them what is true now.

    Asked before and after the snapshot: the later word counts, so that nothing that lived in between is
    taken for lost; what arrived since the first one is told by events. Raises like `take_snapshot`.
    """
    before = await memory.ask(ask)
    snapshot = await take_snapshot(ask, queue)
    known = before.keys() | {leg.call for leg in snapshot.legs}
    seen = await memory.ask(ask)
    return sorted(
        (one for one in seen.values() if one.call in known), key=lambda one: one.arrived_at
    ), snapshot


def _question(name: str) -> Originate:
    return Originate(
        attempt=name,
        channel="Local/00@sec-memory/n",
        context="sec-line",
        exten="done",
        variables=(("__SEC_ASK", name),),
    )
