"""Which events say something of a call, and what only its arrival says."""

from __future__ import annotations

from pbx_bridge.calls import events as ev

IDENTITY = ("channel", "line", "customer_id", "unassigned_reason", "caller")
"""What only the arrival tells."""

CALL_EVENTS = (
    ev.QueueJoined, ev.QueueLeft, ev.QueueAbandoned, ev.QueueEnded, ev.CallOffered, ev.CallPicked,
    ev.PickOver, ev.OfferEnded,
    ev.CallAnswered, ev.AgentCompleted, ev.Bridged, ev.Unbridged, ev.HungUp, ev.HoldEnded, ev.AgentAlone,
)  # fmt: skip

TARGET_EVENTS = (ev.TargetAnswered, ev.TargetEnded, ev.TargetReleased, ev.TargetAccepted)
"""Events of an attempt."""
