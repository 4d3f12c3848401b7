"""What a message means for a put-through; attempts are noted here, the steps are the table's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pbx_bridge.calls import events as ev
from pbx_bridge.calls.message import Effect, Message
from pbx_bridge.calls.state import CallState, is_colleague
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.state import Attempt, PutThroughState
from pbx_bridge.transfers.states import Result, TransferHappening, TransferStep, result_of

Seen = tuple[PutThroughState, TransferHappening | None, list[Effect]]
"""The state with its attempts brought up to date, what happened, and effects that come first."""

ASKS: dict[type, TransferHappening] = {
    msg.AskHold: TransferHappening.ASK_HOLD,
    msg.AskColleague: TransferHappening.ASK_COLLEAGUE,
    msg.AskSwitch: TransferHappening.ASK_SWITCH,
    msg.AskConnect: TransferHappening.ASK_CONNECT,
    msg.AskBack: TransferHappening.ASK_BACK,
    msg.AskCancel: TransferHappening.ASK_CANCEL,
    msg.AskHangUp: TransferHappening.ASK_HANG_UP,
}


def asked(state: PutThroughState, ask: msg.Ask) -> TransferHappening:
    """What the agent wants. Whoever has the caller on hold already rings hold first, whatever the mode."""
    if isinstance(ask, msg.AskRing):
        talk = ask.mode == "talk" and state.step is TransferStep.TALKING
        return TransferHappening.ASK_RING_TALK if talk else TransferHappening.ASK_RING
    return ASKS[type(ask)]


def observe(state: PutThroughState, call: CallState, message: Message, now: datetime) -> Seen:
    """What `message` means. `call` is the call after this message: its bridges are the proof."""
    match message:
        case ev.TargetEnded():
            return _leg_over(state, message, now)
        case ev.AgentAlone():
            return _agent_alone(state, now)
        case msg.ActionRefused(attempt=attempt):
            return _action_failed(state, attempt, now)
        case ev.TargetAnswered(attempt=attempt):
            return _picked_up(state, attempt)
        case ev.TargetReleased(attempt=attempt):
            return _released(state, attempt)
        case _:
            return state, _plain(state, call, message), []


def _plain(state: PutThroughState, call: CallState, message: Message) -> TransferHappening | None:
    """Events that say just one thing."""
    match message:
        case ev.Bridged(leg=leg):
            return proof(state, call, leg)
        case ev.TargetAccepted(attempt=attempt, accepted=accepted) if _is_current(state, attempt):
            return TransferHappening.ACCEPTED if accepted else TransferHappening.DECLINED
        case ev.HungUp(leg=leg) if leg == call.pbx_call:
            return TransferHappening.CALLER_GONE
        case ev.AgentCompleted(interface=interface, reason="agent") if interface == state.agent:
            return TransferHappening.AGENT_LEAVING
        case ev.HungUp(channel=channel) if channel == state.agent_channel:
            return TransferHappening.AGENT_GONE
        case ev.HoldEnded():
            return TransferHappening.HOLD_ENDED
        case ev.CallAnswered(leg=leg) if is_colleague(leg, call.pbx_call) and call.agent_leg == leg:
            known = state.attempt(leg)
            return TransferHappening.HANDED if known and not known.over else None
        case _:
            return None


def proof(state: PutThroughState, call: CallState, leg: str) -> TransferHappening | None:
    """What it proves that this leg has come into its bridge."""
    caller, agent = call.pbx_call, call.agent_leg
    others = call.together(leg)
    pair = {leg, *others}
    employee = next((known.id for known in state.attempts if known.id in pair - {agent}), None)
    if caller in pair and employee:
        return TransferHappening.CALLER_WITH_EMPLOYEE
    if agent in pair and employee:
        return TransferHappening.AGENT_WITH_EMPLOYEE
    if caller in pair and agent in pair:
        return TransferHappening.CALLER_WITH_AGENT
    if leg == caller and call.bridges[caller].holding:
        return TransferHappening.CALLER_HELD
    return None


def close(
    state: PutThroughState, attempt: Attempt, result: Result, now: datetime
) -> tuple[PutThroughState, list[Effect]]:
    """The leg is over; its result counts unless there is one already (put through)."""
    if attempt.over:
        return state, []
    closed = replace(attempt, over=True, result=attempt.result or result, ended_at=attempt.ended_at or now)
    told: list[Effect] = []
    if attempt.colleague and attempt.result is None:
        talked = attempt.answered_at is not None
        told = [msg.ColleagueOver(state.call, state.agent, attempt.colleague, result, talked)]
    elif attempt.result is None:
        told = [msg.AttemptEnded(state.call, attempt.id, result, now)]
    return state.with_attempt(closed), told


def _is_current(state: PutThroughState, attempt: str) -> bool:
    return state.current is not None and state.current.id == attempt


def _picked_up(state: PutThroughState, attempt: str) -> Seen:
    """Somebody who is no longer wanted picked up: hang up at once."""
    if _is_current(state, attempt):
        return state, TransferHappening.PICKED_UP, []
    return state, None, [msg.Send(state.call, (msg.Drop(attempt),))]


def _released(state: PutThroughState, attempt: str) -> Seen:
    """Nobody fetched them in time: the agent's doing, not the employee's."""
    current = state.current
    if current and current.id == attempt and current.result is None:
        return replace(state, stopped=True), None, []
    return state, None, []


def over(
    state: PutThroughState, event: ev.TargetEnded, now: datetime
) -> tuple[PutThroughState, list[Effect]]:
    """The leg is over, with what came of it."""
    attempt = state.attempt(event.attempt)
    return close(state, attempt, _result(state, attempt, event), now) if attempt else (state, [])


def _leg_over(state: PutThroughState, event: ev.TargetEnded, now: datetime) -> Seen:
    attempt = state.attempt(event.attempt)
    if attempt is None:
        return state, None, []
    was_current = _is_current(state, attempt.id)
    state, told = over(state, event, now)
    if not was_current:
        return state, None, told
    if attempt.left:
        return _free_agent(state, told)
    if event.result == "TWICE" and state.step is TransferStep.DIALING:
        return _free_agent(state, told)  # no SecOver follows
    if state.step is TransferStep.RINGTALK and state.next_due:
        return state, TransferHappening.NEXT_DUE, told
    return state, TransferHappening.LEG_OVER, told


def _result(state: PutThroughState, attempt: Attempt, event: ev.TargetEnded) -> Result:
    if attempt.waved_off:
        return Result.DECLINED
    if attempt.answered_at or event.result == "ANSWER":
        if state.step is TransferStep.ENDED or (state.stopped and state.step is TransferStep.ANSWERED):
            return Result.CANCELLED
        return Result.ANSWERED if state.stopped else Result.DECLINED
    return Result.CANCELLED if state.stopped else result_of(event.result, event.cause)


def _agent_alone(state: PutThroughState, now: datetime) -> Seen:
    """While a phone rings this is a late copy; the dial plan says it again when it is true.

    Nobody else is rung before the leg of whoever declined is over: its end would call the agent back.
    """
    current = state.current
    if current and current.waved_off:
        return state.with_attempt(replace(current, left=True)), None, []
    if current and state.step is TransferStep.DIALING:
        return state, None, []
    return _free_agent(state, [])


def _free_agent(state: PutThroughState, told: list[Effect]) -> Seen:
    return state, TransferHappening.NEXT_DUE if state.next_due else TransferHappening.AGENT_ALONE, told


def _action_failed(state: PutThroughState, attempt: str, now: datetime) -> Seen:
    """An Originate that certainly does not ring is a failed attempt; all else is worth a look."""
    known = state.attempt(attempt)
    if known is None or known.over:
        return state, TransferHappening.ACTION_FAILED, []
    state, told = close(state, known, Result.UNREACHABLE, now)
    if state.step is TransferStep.RINGTALK:
        return state, TransferHappening.NEXT_DUE if state.next_due else TransferHappening.LEG_OVER, told
    return _free_agent(state, told)
