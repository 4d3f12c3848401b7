"""Agents in and out of the queue, confirmed by `MemberChanged` and never assumed; callers up in it."""

from __future__ import annotations

from typing import Protocol

from pbx_bridge.ami.actions import (
    Action,
    QueueAdd,
    QueueChangePriorityCaller,
    QueuePause,
    QueueRemove,
    Response,
)
from pbx_bridge.ami.errors import ActionFailed, ActionTimeout, LinkGone
from rules.decision import Refused

WRAP_UP = "wrap_up"
"""The pause reason between two calls; the desk ends it."""
PICKING = "pick"
"""The pause reason while a caller whom the agent has picked is on the way; the dial plan sets and ends it."""
NO_WISH = frozenset({WRAP_UP, PICKING})
"""Pauses that the agent has not asked for."""
FINE = ("already there", "not there")
"""What Asterisk says when things are as wanted already."""


class QueueLink(Protocol):
    """What is needed of `pbx_bridge.ami.AmiLink`."""

    async def send(self, action: Action) -> Response: ...


class AgentQueue:
    """Every method returns None when the PBX has taken it, else `pbx_down` or `pbx_refused`."""

    def __init__(self, link: QueueLink, queue: str = "sec") -> None:
        self._link, self._queue = link, queue

    async def ready(self, interface: str, name: str = "", *, signed_in: bool = False) -> Refused | None:
        """Sign in, or end a pause or the wrap-up."""
        if not signed_in:
            entered = await self._do(QueueAdd(self._queue, interface, name, state_interface=interface))
            if entered is not None:
                return entered
        return await self._do(QueuePause(interface, paused=False, queue=self._queue))

    async def pause(self, interface: str, reason: str) -> Refused | None:
        """`reason`: a code of the desk, e.g. "lunch"; shown to nobody outside."""
        return await self._do(QueuePause(interface, paused=True, reason=reason, queue=self._queue))

    async def wrap_up(self, interface: str) -> Refused | None:
        """No new call until the note is done."""
        return await self.pause(interface, WRAP_UP)

    async def sign_out(self, interface: str) -> Refused | None:
        """Leave the queue; a running call goes on."""
        return await self._do(QueueRemove(self._queue, interface))

    async def prefer(self, channel: str, priority: int) -> Refused | None:
        """A waiting caller goes before all who have less."""
        return await self._do(QueueChangePriorityCaller(self._queue, channel, priority))

    async def _do(self, action: Action) -> Refused | None:
        try:
            await self._link.send(action)
        except (LinkGone, ActionTimeout):
            return Refused("pbx_down")
        except ActionFailed as failed:
            if any(word in failed.message.lower() for word in FINE):
                return None
            return Refused("pbx_refused", {"action": action.name})
        return None
