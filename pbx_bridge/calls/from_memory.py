"""A call as the PBX remembers it, for a service that did not see all of it; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.effects import OfferGoneReason, Phase
from pbx_bridge.calls.message import Effect
from pbx_bridge.calls.remembered_call import CallSeen
from pbx_bridge.calls.state import CallState, Step


def recall(call: CallState, seen: CallSeen) -> Step:
    """The call with what the memory knows better: who took it and when, and how it ended.

    One that lives is set as it seems to be; the snapshot that follows has the last word.
    """
    before, call = call, _answered(call, seen)
    if seen.ended_at is not None:
        ended = _ended(call, seen, seen.ended_at)
        return ended, list(_over(before, ended, seen.ended_at))
    if call.phase is not Phase.ARRIVED:
        return call, []
    if seen.waits_since or not seen.answers:
        return _waiting(call, seen), [fx.WaitingChanged()]
    return _talking(call, seen), []


def _over(before: CallState, call: CallState, at: datetime) -> Iterator[Effect]:
    for phone in sorted(before.offered):
        answered = call.answered_at is not None and call.agent != phone
        reason = OfferGoneReason.ANSWERED_ELSEWHERE if answered else OfferGoneReason.CALLER_GONE
        yield fx.OfferGone(call.pbx_call, phone, reason)
    if before.waiting:
        yield fx.WaitingChanged()
    if call.answered_at:
        yield fx.Remembered(call.pbx_call)
    reason_of_end = call.end_reason
    assert reason_of_end is not None
    yield fx.CallEnded(call.pbx_call, reason_of_end, at)


def _answered(call: CallState, seen: CallSeen) -> CallState:
    if not seen.answers:
        return call
    agents = dict.fromkeys((*call.agents, *(one.phone for one in seen.answers)))
    last = seen.answers[-1]
    return replace(
        call,
        agent=last.phone,
        agents=(*(other for other in agents if other != last.phone), last.phone),
        answered_at=call.answered_at or seen.answers[0].at,
        conversation=last.leg,
        unseen=call.unseen or call.conversation != last.leg,
    )


def _ended(call: CallState, seen: CallSeen, at: datetime) -> CallState:
    return replace(
        call,
        phase=Phase.ENDED,
        phase_since=at,
        ended_at=at,
        waiting_since=_waits(seen),
        employee_leg=seen.joined,
        agent_leg="",
        agent_channel="",
        offers={},
        silent={},
    )


def _waiting(call: CallState, seen: CallSeen) -> CallState:
    since = _waits(seen) or seen.arrived_at
    return replace(call, phase=Phase.WAITING, phase_since=since, waiting_since=since)


def _talking(call: CallState, seen: CallSeen) -> CallState:
    return replace(call, phase=Phase.TALKING, phase_since=seen.answers[-1].at)


def _waits(seen: CallSeen) -> datetime | None:
    """Since when the caller waits for an agent, if they do."""
    return seen.waits_since if seen.answers else seen.arrived_at
