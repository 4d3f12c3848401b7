"""What became of employees who were rung unseen by this service, as the PBX remembers it; pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pbx_bridge.calls.events import TargetEnded
from pbx_bridge.calls.message import Effect
from pbx_bridge.calls.remembered_call import CallSeen
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.observe import close, over
from pbx_bridge.transfers.state import PutThroughState
from pbx_bridge.transfers.states import Result, TransferStep, result_of


def unknown(seen: CallSeen, now: datetime) -> list[Effect]:
    """Of a call whose put-through this run does not know: an earlier one may have stored its attempts."""
    ends = [(one.attempt, _said(one)) for one in seen.targets if one.attempt != seen.joined]
    joined = [(seen.joined, Result.JOINED)] if seen.joined else []
    at = seen.ended_at or now
    return [msg.AttemptRemembered(seen.call, name, result, at) for name, result in joined + ends]


def known(state: PutThroughState, seen: CallSeen, now: datetime) -> tuple[PutThroughState, list[Effect]]:
    """The put-through with what is certain; where it is now, the snapshot that follows will say."""
    at, before = seen.ended_at or now, state
    joined = state.attempt(seen.joined)
    if joined:
        state, _ = close(state, joined, Result.JOINED, at)
    for end in seen.targets:
        state, _ = over(state, end, at)
    effects: list[Effect] = [
        msg.AttemptRemembered(state.call, one.id, one.result, at)
        for one, was in zip(state.attempts, before.attempts, strict=True)
        if one.result and was.result is None
    ]
    if seen.ended_at:
        state = replace(
            state, step=TransferStep.ENDED, since=seen.ended_at, plan=(), deadline=None, looking=False
        )
    return state, effects


def _said(end: TargetEnded) -> Result:
    """Picked up, and no more than that."""
    return Result.ANSWERED if end.result == "ANSWER" else result_of(end.result, end.cause)
