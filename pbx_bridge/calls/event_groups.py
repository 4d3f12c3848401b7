"""Which events say something of a call, and what only its arrival says."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pbx_bridge.calls import events as ev
from pbx_bridge.calls.message import Message
from pbx_bridge.calls.remembered_call import SeenAll

IDENTITY = ("channel", "line", "customer_id", "unassigned_reason", "caller", "called_by", "forwarded_from")
"""What only the arrival tells."""

CALL_EVENTS = (
    ev.QueueJoined, ev.QueueLeft, ev.QueueAbandoned, ev.QueueEnded, ev.CallOffered, ev.CallPicked,
    ev.PickOver, ev.OfferEnded,
    ev.CallAnswered, ev.AgentCompleted, ev.Bridged, ev.Unbridged, ev.HungUp, ev.HoldEnded, ev.AgentAlone,
)  # fmt: skip

TARGET_EVENTS = (ev.TargetAnswered, ev.TargetEnded, ev.TargetReleased, ev.TargetAccepted)
"""Events of an attempt."""

IGNORED: Mapping[type[Message], str] = MappingProxyType(
    {
        ev.QueueLeft: "why the caller left is told by another event, and only that one moves the call",
        ev.Unbridged: "whoever leaves a bridge comes into the next one, or hangs up; either is told",
        SeenAll: "ends the answer to a question of `ami.memory`, which waits for it",
    }
)
"""Events that move nothing, and why."""
