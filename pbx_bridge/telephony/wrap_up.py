"""Nobody is offered a call while the last note is being written: paused at the answer, released after."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.message import Effect
from pbx_bridge.calls.registry import Registry
from pbx_bridge.telephony.agent_queue import NO_WISH, PICKING, WRAP_UP, AgentQueue

PICK_LONGEST = timedelta(seconds=90)
"""Longer than any phone rings for a caller who was picked."""

Talk = tuple[str, str]
"""Id of the call, and which conversation of it."""
Told = Callable[[str, Talk | None, datetime, int], None]
"""Phone, what was wrapped up (None: it was before this run of the service), since when, seconds."""

log = structlog.get_logger(__name__)


class WrapUp:
    """Lives by what the queue says, so that it goes on after a restart: a pause with our reason and without a
    call ends."""

    def __init__(
        self,
        queue: AgentQueue,
        registry: Registry,
        seconds: float,
        clock: Callable[[], datetime],
        told: Told,
    ) -> None:
        """`told` hears of each wrap-up that is over, and how long it took, in seconds."""
        self._queue, self._registry, self._clock, self._told = queue, registry, clock, told
        self._length = timedelta(seconds=seconds)
        self._until: dict[str, datetime] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._noted: set[str] = set()
        self._talks: dict[str, Talk] = {}
        self._began: dict[str, datetime] = {}

    def until(self, interface: str) -> datetime | None:
        """When this agent is offered calls again by itself; None when no wrap-up runs."""
        return self._until.get(interface)

    async def answered(self, effect: fx.Answered) -> None:
        """From now on no further offer; the pause of an agent who paused meanwhile stays theirs."""
        interface = effect.interface
        self._noted.discard(interface)
        call = self._registry.calls.get(effect.call)
        if call is not None and call.agent == interface:
            self._talks[interface] = (call.id, call.conversation)
        state = self._registry.agents.get(interface)
        if state and not state.paused and self._registry.link.up:
            refusal = await self._queue.wrap_up(interface)
            if refusal is not None:
                log.warning("wrap_up_pause_refused", interface=interface, code=refusal.code)

    def agent_changed(self, effect: fx.AgentChanged) -> None:
        """The agent's phone or queue membership moved: begin, or stop, the time that remains for the note."""
        self._observe(effect.interface)

    def resynced(self, _effect: Effect) -> None:
        """A snapshot has been taken in: whoever is in the queue, or was a moment ago, may stand otherwise."""
        for interface in {*self._registry.agents, *self._tasks}:
            self._observe(interface)

    def _observe(self, interface: str) -> None:
        state = self._registry.agents.get(interface)
        waits = state is not None and state.paused and state.pause_reason in NO_WISH and state.call is None
        self._measure(interface, wraps_up=waits and state is not None and state.pause_reason == WRAP_UP)
        if waits and interface not in self._tasks:
            rest = self._rest(interface, state.pause_reason if state else "")
            self._until[interface] = self._clock() + rest
            self._tasks[interface] = asyncio.create_task(self._release(interface, rest))
        elif not waits and interface in self._tasks:
            self._stop(interface)

    def _measure(self, interface: str, *, wraps_up: bool) -> None:
        """From when the call has left the agent until the queue says that it is over, and not longer than it
        may take: nobody pays for a PBX that does not answer."""
        if wraps_up:
            self._began.setdefault(interface, self._clock())
        elif began := self._began.pop(interface, None):
            took = min(self._clock() - began, self._length)
            self._told(interface, self._talks.pop(interface, None), began, int(took.total_seconds()))

    def _rest(self, interface: str, reason: str) -> timedelta:
        """The dial plan ends the pause for a pick by itself, unless the PBX dies with it."""
        if reason == PICKING:
            return PICK_LONGEST
        return timedelta() if interface in self._noted else self._length

    async def phone_refuses(self, effect: fx.PhoneRefuses) -> None:
        """Offers that the agent never sees would keep callers waiting: a pause until the agent ends it."""
        interface, how = effect.interface, effect.how
        state = self._registry.agents.get(interface)
        if state is None or state.paused:
            return
        log.warning("phone_refuses", interface=interface, how=how)
        refusal = await self._queue.pause(interface, how)
        if refusal is not None:
            log.warning("phone_refuses_no_pause", interface=interface, code=refusal.code)

    def note_saved(self, interface: str) -> None:
        """Nothing is left to do for this call: release at once, or as soon as the agent's leg is over."""
        self._noted.add(interface)
        if interface in self._tasks:
            self._stop(interface)
            self._observe(interface)

    def call_lost(self, interface: str) -> None:
        """A colleague has the call now, and its note: nothing is left to write here but for another call."""
        state = self._registry.agents.get(interface)
        if state and state.call is None:
            self.note_saved(interface)

    def close(self) -> None:
        """Stop all timers; the pauses stay in the queue and are taken up after a restart."""
        for interface in list(self._tasks):
            self._stop(interface)

    async def _release(self, interface: str, rest: timedelta) -> None:
        await asyncio.sleep(rest.total_seconds())
        refusal = await self._queue.ready(interface, signed_in=True)
        if refusal is not None:
            log.warning("wrap_up_not_ended", interface=interface, code=refusal.code)
        self._until.pop(interface, None)
        self._tasks.pop(interface, None)

    def _stop(self, interface: str) -> None:
        self._tasks.pop(interface).cancel()
        self._until.pop(interface, None)
