"""An agent's phone as the rules for colleagues want to know it."""

from __future__ import annotations

from pbx_bridge.calls.events import MemberStatus
from pbx_bridge.calls.state import AgentState
from pbx_bridge.telephony.agent_queue import PICKING, WRAP_UP
from rules.calls.colleagues import Phone


def phone_of(state: AgentState | None, *, awaited: bool = False) -> Phone:
    """`awaited`: somebody is on the way to them whom the queue does not send."""
    if state is None or not state.signed_in:
        return Phone(signed_in=False)
    paused, reason = state.paused, state.pause_reason
    return Phone(
        signed_in=True,
        reachable=state.status is not MemberStatus.UNAVAILABLE,
        in_call=state.call is not None or state.status is MemberStatus.IN_USE,
        rings=state.status is MemberStatus.RINGING or (paused and reason == PICKING),
        awaited=awaited,
        writes=paused and reason == WRAP_UP,
        pauses=paused,
    )
