"""Agents in and out of the queues, confirmed by `MemberChanged` and never assumed; callers up in it."""

from __future__ import annotations

from collections.abc import Callable, Collection
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


def in_no_other(_interface: str) -> Collection[str]:
    """Where there are no teams."""
    return ()


class AgentQueue:
    """Every method returns None when the PBX has taken it, else `pbx_down` or `pbx_refused`.

    All agents who take calls are in the queue of everybody, and only that says who is signed in and pauses;
    `also` names the numbered queues in which an agent is besides. A pause holds for all of them at once.
    """

    def __init__(
        self, link: QueueLink, queue: str = "sec", also: Callable[[str], Collection[str]] = in_no_other
    ) -> None:
        self._link, self._queue, self._also = link, queue, also

    async def ready(self, interface: str, name: str = "", *, signed_in: bool = False) -> Refused | None:
        """Sign in, or end a pause or the wrap-up."""
        if not signed_in:
            entered = await self._do(QueueAdd(self._queue, interface, name, state_interface=interface))
            if entered is not None:
                return entered
            for queue in self._also(interface):  # one that the PBX has not is no reason to keep anybody out
                await self._do(QueueAdd(queue, interface, name, state_interface=interface))
        return await self._do(QueuePause(interface, paused=False))

    async def pause(self, interface: str, reason: str) -> Refused | None:
        """`reason`: a code of the desk, e.g. "lunch"; shown to nobody outside."""
        return await self._do(QueuePause(interface, paused=True, reason=reason))

    async def wrap_up(self, interface: str) -> Refused | None:
        """No new call until the note is done."""
        return await self.pause(interface, WRAP_UP)

    async def sign_out(self, interface: str) -> Refused | None:
        """Leave the queues; a running call goes on."""
        for queue in self._also(interface):
            await self._do(QueueRemove(queue, interface))
        return await self._do(QueueRemove(self._queue, interface))

    async def prefer(self, channel: str, priority: int, queue: str = "") -> Refused | None:
        """A caller who waits in this queue goes before all there who have less."""
        return await self._do(QueueChangePriorityCaller(queue or self._queue, channel, priority))

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
