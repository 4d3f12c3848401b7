"""Logs an agent out, of the queue and off the desk: never in the middle of a call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

import structlog

from pbx_bridge.calls.registry import Registry
from pbx_bridge.errors import Refused
from pbx_bridge.floor.desk_port import DeskPort
from pbx_bridge.storage.db.engine import StorageUnavailable
from pbx_bridge.telephony.agent_queue import AgentQueue
from rules.model import Agent

log = structlog.get_logger(__name__)

When = Literal["now", "after_call"]
BUSY = frozenset({"ringing", "talking", "wrap_up"})
"""States of the desk in which a call, or its note, is not done yet."""


class AgentLogout:
    """`end_sessions` ends the log-ins of an agent. Whoever is on a call leaves after it and its wrap-up.

    What was typed for a note stays stored, and is on the screen again after the next log-in.
    """

    def __init__(
        self,
        desks: DeskPort,
        registry: Registry,
        queue: AgentQueue,
        end_sessions: Callable[[str], Awaitable[None]],
    ) -> None:
        self._desks, self._registry, self._queue = desks, registry, queue
        self._end_sessions = end_sessions
        self._turn = asyncio.Lock()
        self.waiting: dict[str, Agent] = {}
        """Agents who leave as soon as they can, by id."""

    async def ask(self, agent: Agent) -> When | Refused:
        """Now, or after the call; refused when the PBX or the database does not take it."""
        self.waiting[agent.id] = agent
        async with self._turn:
            refusal = await self._leave(agent)
        if refusal is not None:
            self.waiting.pop(agent.id, None)
            return refusal
        return "after_call" if agent.id in self.waiting else "now"

    def stay(self, agent_id: str) -> None:
        """Whoever has not left yet stays."""
        self.waiting.pop(agent_id, None)

    async def moved(self) -> None:
        """Calls or agents moved: perhaps somebody can leave now. What fails is tried at the next move."""
        async with self._turn:
            for agent in tuple(self.waiting.values()):
                refusal = await self._leave(agent) if agent.id in self.waiting else None
                if refusal is not None:
                    log.warning("log_out_not_possible_yet", agent=agent.id, code=refusal.code)

    async def _leave(self, agent: Agent) -> Refused | None:
        """First the queue, so that no call comes to a desk that is closed; it may have come just before."""
        if self._busy(agent):
            return None
        if agent.interface in self._registry.agents:
            refusal = await self._queue.sign_out(agent.interface)
            if refusal is not None:
                return refusal
        if self._busy(agent):
            return None
        try:
            await self._end_sessions(agent.id)
        except StorageUnavailable:
            return Refused("storage_down")
        self.waiting.pop(agent.id, None)
        log.info("agent_logged_out", agent=agent.id)
        return None

    def _busy(self, agent: Agent) -> bool:
        if self._desks.shown(agent.id).state in BUSY:
            return True
        phones = (call.offered | {call.busy_agent} for call in self._registry.live.values())
        return any(agent.interface in phone for phone in phones)
