"""Phones of people who may not log in any more, and of nobody, are in no queue: nobody is to ring there."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import structlog

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.message import Effect
from pbx_bridge.calls.registry import Registry
from pbx_bridge.directory.staff import Staff
from pbx_bridge.telephony.agent_queue import AgentQueue

log = structlog.get_logger(__name__)


class QueueAccess:
    """Who is kept out is told by `keep_out`; a phone that comes in by itself is taken out again. Whoever was
    deleted while this service was away is not known to it: a phone that belongs to nobody goes when what the
    queue holds is looked at anew."""

    def __init__(self, registry: Registry, queue: AgentQueue, staff: Staff) -> None:
        self._registry, self._queue, self._staff = registry, queue, staff
        self._out: frozenset[str] = frozenset()
        self._look_again = asyncio.Event()

    def keep_out(self, interfaces: Collection[str]) -> None:
        """From now on these phones, and no others. Whoever says so does not wait for the PBX."""
        self._out = frozenset(interfaces)
        self._look_again.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._look_again.wait()
            self._look_again.clear()
            await self.resynced(None)

    async def agent_changed(self, effect: fx.AgentChanged) -> None:
        """A phone moved, perhaps into the queue."""
        await self._look(effect.interface)

    async def resynced(self, _effect: Effect | None) -> None:
        """What the queue holds is known anew."""
        for interface in sorted(self._registry.agents):
            await self._look(interface, nobodys=bool(self._staff.all()) and self._staff.at(interface) is None)

    async def _look(self, interface: str, *, nobodys: bool = False) -> None:
        if not (nobodys or interface in self._out) or interface not in self._registry.agents:
            return
        refusal, of = await self._queue.sign_out(interface), "locked" if interface in self._out else "nobody"
        if refusal is None:
            log.info("phone_signed_out", interface=interface, of=of)
        else:
            log.warning("phone_stays_in_queue", interface=interface, of=of, code=refusal.code)
