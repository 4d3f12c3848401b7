"""What a call's time goes on at this moment: as with the phase, only a bridge proves it."""

from __future__ import annotations

from datetime import datetime

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.effects import Phase
from pbx_bridge.calls.message import Effect
from pbx_bridge.calls.state import CallState, is_attempt
from rules.billing.terms import CallTime


def turned(old: CallState | None, new: CallState, now: datetime) -> list[Effect]:
    """Says when it goes on something else than before. The end of a call is told by itself."""
    before, after = goes_on(old) if old else None, goes_on(new)
    if after is before or not new.live:
        return []
    first_answer = after is CallTime.TALK and old is not None and old.answered_at is None
    return [] if first_answer else [fx.TimeTurned(new.pbx_call, after, now)]


def goes_on(call: CallState) -> CallTime | None:
    """None: nobody of us has the call. A colleague who is asked is no employee: the caller is on hold."""
    match call.phase:
        case Phase.TALKING:
            return CallTime.TALK
        case Phase.JOINED:
            return CallTime.PUT_THROUGH
        case Phase.PUTTING_THROUGH:
            return CallTime.CONSULTATION if _consults(call) else CallTime.HOLD
        case _:
            return None


def _consults(call: CallState) -> bool:
    if not call.agent_leg or call.agent_leg in call.gone:
        return False
    others = call.together(call.agent_leg) - call.gone
    return any(is_attempt(leg, call.pbx_call) for leg in others)
