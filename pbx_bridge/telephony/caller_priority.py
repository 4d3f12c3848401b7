"""A caller who is a VIP of the company that was called waits before all who are not."""

from __future__ import annotations

import structlog

from pbx_bridge.calls.effects import WaitingChanged
from pbx_bridge.calls.registry import Registry
from pbx_bridge.tasks import BackgroundTasks
from pbx_bridge.telephony.agent_queue import AgentQueue
from rules.calls.call_backs import is_ring_back

log = structlog.get_logger(__name__)

PRIORITY = 50
"""Before new callers, who have 0; behind whoever fell back from an agent, or was promised a call back: the
dial plan gives them 100."""


class CallerPriority:
    """Each is moved up once in each queue. Without this service, or on an Asterisk that cannot do it, all
    wait alike.

    The number decides over the place in the queue and over nothing else: it is a hint, never proof.
    """

    def __init__(self, registry: Registry, queue: AgentQueue) -> None:
        self._registry, self._queue = registry, queue
        self._moved: dict[str, str] = {}  # call → the queue in which it was moved up
        self._background = BackgroundTasks()

    def waiting_changed(self, _effect: WaitingChanged) -> None:
        """Somebody may have joined the queue. A slow PBX keeps nobody's screen waiting."""
        waiting = self._registry.waiting
        there = {call.pbx_call for call in waiting}
        self._moved = {call: queue for call, queue in self._moved.items() if call in there}
        new = [call for call in waiting if call.caller.vip and call.channel and not call.agents]
        for call in new:
            if is_ring_back(call.pbx_call):
                continue  # the dial plan has moved it up already, and further
            if self._moved.get(call.pbx_call) != call.queue:
                self._moved[call.pbx_call] = call.queue
                self._background.start(self._move_up(call.channel, call.queue))

    async def _move_up(self, channel: str, queue: str) -> None:
        refused = await self._queue.prefer(channel, PRIORITY, queue)
        if refused is not None:
            log.info("vip_not_moved_up", code=refused.code)
