"""Phones of people who may not log in any more are in no queue: a locked desk must not ring on."""

from __future__ import annotations

from collections.abc import Collection

import structlog

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.registry import Registry
from pbx_bridge.transfers.queue_control import QueueControl

log = structlog.get_logger(__name__)


class QueueDoor:
    """Who is kept out is told by `keep_out`; a phone that comes in by itself is taken out again."""

    def __init__(self, registry: Registry, queue: QueueControl) -> None:
        self._registry, self._queue = registry, queue
        self._out: frozenset[str] = frozenset()

    async def keep_out(self, interfaces: Collection[str]) -> None:
        """From now on these phones, and no others."""
        self._out = frozenset(interfaces)
        await self.resynced(None)

    async def agent_changed(self, effect: fx.AgentChanged) -> None:
        """A phone moved, perhaps into the queue."""
        await self._look(effect.interface)

    async def resynced(self, _effect: object) -> None:
        """What the queue holds is known anew."""
        for interface in sorted(self._out & self._registry.agents.keys()):
            await self._look(interface)

    async def _look(self, interface: str) -> None:
        if interface not in self._out or interface not in self._registry.agents:
            return
        refusal = await self._queue.sign_out(interface)
        if refusal is None:
            log.info("locked_agent_signed_out", interface=interface)
        else:
            log.warning("locked_agent_in_queue", interface=interface, code=refusal.code)
