"""A put-through as a snapshot shows it: after a look, a lost link, or our own restart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pbx_bridge.calls.effects import CallChanged, Phase
from pbx_bridge.calls.events import LiveLeg
from pbx_bridge.calls.message import Effect
from pbx_bridge.calls.state import CallState, interface_of, is_attempt, is_colleague, is_rung
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.observe import close
from pbx_bridge.transfers.state import Attempt, PutThroughState
from pbx_bridge.transfers.states import Result, TransferStep

LONGEST_RING = timedelta(seconds=75)
"""Of a phone whose ring time this run of the service does not know."""
AGAIN = timedelta(seconds=1)
"""Between two looks at a caller on hold without an agent: the dial plan may be about to help."""
ENOUGH_LOOKS = 2


@dataclass(frozen=True, slots=True)
class SnapshotView:
    """What the legs say. `alone`: the agent waits for nobody and wants the caller back. `left`: the caller is
    on hold and has no agent."""

    step: TransferStep
    leg: LiveLeg | None = None
    alone: bool = False
    left: bool = False


def see(call: CallState, legs: tuple[LiveLeg, ...]) -> SnapshotView:
    """The step that who-is-with-whom proves."""
    rung = (found for found in legs if is_rung(found.leg, call.pbx_call))
    leg = next((found for found in rung if found.leg != call.agent_leg), None)
    match call.phase:
        case Phase.JOINED:
            return SnapshotView(TransferStep.JOINED, leg)
        case Phase.TALKING:
            return SnapshotView(_while_talking(leg), leg)
        case Phase.PUTTING_THROUGH:
            return _on_hold(call, legs, leg)
        case _:
            return SnapshotView(TransferStep.ENDED)


def _while_talking(leg: LiveLeg | None) -> TransferStep:
    if leg is None:
        return TransferStep.TALKING
    return TransferStep.ANSWERED if leg.up and leg.bridge else TransferStep.RINGTALK


def _on_hold(call: CallState, legs: tuple[LiveLeg, ...], leg: LiveLeg | None) -> SnapshotView:
    agent = next((found for found in legs if found.leg == call.agent_leg), None)
    if agent is None:
        return SnapshotView(TransferStep.ENDED, leg, left=True)
    if leg and leg.bridge and leg.bridge == agent.bridge:
        return SnapshotView(TransferStep.CONSULTING, leg)
    if agent.where.startswith("sec-held"):
        return SnapshotView(TransferStep.HELD, leg)
    return SnapshotView(TransferStep.DIALING, leg, alone=leg is None)


def adopt(
    state: PutThroughState, call: CallState, sight: SnapshotView, now: datetime
) -> tuple[PutThroughState, list[Effect]]:
    """The put-through set to what was seen. Attempts that vanished unseen ended in a way nobody knows."""
    before, effects = state, []
    for attempt in state.attempts:
        if not attempt.over and (sight.leg is None or sight.leg.leg != attempt.id):
            handed = attempt.id == call.agent_leg
            state, told = close(state, attempt, Result.JOINED if handed else Result.UNKNOWN, now)
            effects += told
    if sight.leg and state.attempt(sight.leg.leg) is None:
        state = _take_up(state, sight.leg, now)
        at = now - timedelta(seconds=sight.leg.seconds)
        adopted = msg.AttemptAdopted(call.pbx_call, sight.leg.leg, _dialled(sight.leg.channel), at)
        effects += [adopted] if is_attempt(sight.leg.leg, call.pbx_call) else []
    if sight.leg and sight.step is TransferStep.JOINED:
        state, told = _join(state, sight.leg.leg, now)
        effects += told
    alone = state.alone + 1 if sight.left else 0
    state = replace(
        state,
        step=sight.step,
        since=state.since if sight.step is state.step else now,
        agent=call.agent or "",
        agent_channel=call.agent_channel or state.agent_channel,
        caller_channel=call.channel,
        hold_since=(state.hold_since or now) if call.phase is Phase.PUTTING_THROUGH else None,
        deadline=_next_look(sight, now),
        looking=False,
        retries=0,
        alone=alone,
    )
    if alone >= ENOUGH_LOOKS:
        effects.append(msg.Send(call.pbx_call, (msg.Requeue(call.channel),)))
    return state, [*effects, CallChanged(call.pbx_call)] if state != before else effects


def _next_look(sight: SnapshotView, now: datetime) -> datetime | None:
    if sight.left:
        return now + AGAIN
    return now + LONGEST_RING if sight.step in {TransferStep.DIALING, TransferStep.RINGTALK} else None


def _take_up(state: PutThroughState, leg: LiveLeg, now: datetime) -> PutThroughState:
    number = int(leg.leg.rpartition("-")[2][1:])
    started = now - timedelta(seconds=leg.seconds)
    talks = started if leg.up and leg.bridge else None
    colleague = interface_of(leg.channel) if is_colleague(leg.leg, leg.call) else ""
    known = Attempt(leg.leg, "", False, started, answered_at=talks, colleague=colleague)
    return replace(state, attempts=(*state.attempts, known), rung=max(state.rung, number))


def _join(state: PutThroughState, leg: str, now: datetime) -> tuple[PutThroughState, list[Effect]]:
    """Put through, and the news of it was lost with the link or with us."""
    attempt = state.attempt(leg)
    if attempt is None or attempt.result is not None:
        return state, []
    joined = replace(attempt, result=Result.JOINED, ended_at=now)
    return state.with_attempt(joined), [msg.AttemptEnded(state.call, leg, Result.JOINED, now)]


def _dialled(channel: str) -> str:
    """ "Local/493023125110@sec-target-00000003;1" → "493023125110"."""
    digits = channel.partition("/")[2].partition("@")[0]
    return digits if digits.isdecimal() else ""
