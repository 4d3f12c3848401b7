"""Which events say something of a call, and what only its arrival says."""

from __future__ import annotations

from pbx_bridge.calls import events as ev

IDENTITY = ("channel", "line", "customer_id", "unassigned_reason", "caller")
"""What only the arrival tells."""

CALL_EVENTS = (
    ev.QueueJoined, ev.QueueLeft, ev.QueueAbandoned, ev.QueueEnded, ev.CallOffered, ev.OfferEnded,
    ev.CallAnswered, ev.AgentCompleted, ev.Bridged, ev.Unbridged, ev.HungUp, ev.HoldEnded,
)  # fmt: skip

FIRST_SIGNS = (ev.QueueJoined, ev.CallOffered, ev.CallAnswered, ev.Bridged, ev.HoldEnded)
"""Events that make an unknown call known, when the news of its arrival was lost."""
