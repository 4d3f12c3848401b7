"""Where a call goes when something happens to it: one table.

Read RULES as sentences; docs/call-states.md is drawn from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.effects import OfferGoneReason, Phase
from pbx_bridge.calls.offering import explain, offer, pick, pick_over, withdraw
from pbx_bridge.calls.state import Bridge, CallState, Step, is_attempt


class Happening(StrEnum):
    """What an event means for this call, told from the event and from who talks to whom."""

    ARRIVED_AGAIN = "its arrival is told again"
    QUEUED = "the caller waits in the queue"
    PICKED = "an agent picks this caller"
    PICK_OVER = "who picked this caller does not answer"
    OFFERED = "an agent's phone rings"
    OFFER_OVER = "one of the phones stops ringing"
    LAST_OFFER_OVER = "the last phone stops ringing"
    EXPLAINED = "it is told why a phone stopped ringing"
    ANSWERED = "an agent picks up"
    WITH_AGENT = "caller and agent are in one bridge"
    ON_HOLD = "the caller hears music"
    WITH_EMPLOYEE = "caller and employee are in one bridge"
    AGENT_LEFT = "the agent's leg is over"
    HOLD_ENDED = "hold ends without the service"
    QUEUE_GAVE_UP = "the queue gives up"
    CALLER_GONE = "the caller's leg is over"


TransitionAction = Callable[[CallState, ev.PbxEvent, Phase, datetime], Step]
Row = tuple[Phase, TransitionAction]


def step(call: CallState, event: ev.PbxEvent, now: datetime) -> Step:
    """The call after `event`, and the effects.

    What fits no row changes nothing and is `Unexpected`; never raises.
    """
    call, happening = observe(call, event)
    if happening is None:
        return call, []
    row = TABLE.get((call.phase, happening))
    if row is None:
        return call, [fx.Unexpected("call", call.phase, happening.name.lower(), call.pbx_call)]
    phase, act = row
    return act(call, event, phase, now)


# ---- what an event means


def observe(call: CallState, event: ev.PbxEvent) -> tuple[CallState, Happening | None]:
    """Notes who is in which bridge and which legs are gone, and tells what that means; None when it means
    nothing.

    Leaving a bridge says nothing: every way out leads into another bridge or to a hang-up, and its news may
    come late.
    """
    match event:
        case ev.Bridged(leg=leg, bridge=bridge, holding=holding):
            seen = replace(call, bridges={**call.bridges, leg: Bridge(bridge, holding)})
            return seen, _company(seen)
        case ev.HungUp(leg=leg):
            return _hung_up(call, leg)
        case ev.QueueAbandoned():
            return call, None  # told at each timeout and pick, too; who really hangs up is HungUp
        case ev.CallAnswered(interface=interface) if call.picked not in {"", interface}:
            return call, None  # somebody picked up too late: the dial plan lets go of that leg
        case ev.CallPicked(result=result) if result != "OK":
            return call, None
        case ev.OfferEnded(leg=leg):
            return call, Happening.EXPLAINED if leg in call.silent else _offer_over(call, leg)
        case _:
            return call, MEANING.get(type(event))


def _company(call: CallState) -> Happening | None:
    """With whom the caller is; only a bridge proves it."""
    caller = call.pbx_call
    if caller not in call.bridges:
        return None
    if call.bridges[caller].holding:
        return Happening.ON_HOLD
    others = call.together(caller)
    if any(is_attempt(leg, caller) for leg in others):
        return Happening.WITH_EMPLOYEE
    return Happening.WITH_AGENT if others else None


def _hung_up(call: CallState, leg: str) -> tuple[CallState, Happening | None]:
    ringing = _offer_over(call, leg)
    call = replace(call, gone=call.gone | {leg})
    if leg == call.pbx_call:
        return call, Happening.CALLER_GONE
    if leg == call.agent_leg:
        return call, Happening.AGENT_LEFT
    return call, ringing


def _offer_over(call: CallState, leg: str) -> Happening | None:
    if leg not in call.offers:
        return None
    return Happening.OFFER_OVER if len(call.offers) > 1 else Happening.LAST_OFFER_OVER


MEANING: Mapping[type, Happening] = MappingProxyType(
    {
        ev.CallArrived: Happening.ARRIVED_AGAIN,
        ev.QueueJoined: Happening.QUEUED,
        ev.QueueEnded: Happening.QUEUE_GAVE_UP,
        ev.CallPicked: Happening.PICKED,
        ev.PickOver: Happening.PICK_OVER,
        ev.CallOffered: Happening.OFFERED,
        ev.CallAnswered: Happening.ANSWERED,
        ev.AgentCompleted: Happening.AGENT_LEFT,
        ev.HoldEnded: Happening.HOLD_ENDED,
    }
)
"""Events that always mean the same."""


# ---- what is done about it


def stay(call: CallState, _event: ev.PbxEvent, _phase: Phase, _now: datetime) -> Step:
    """Known already, or late."""
    return call, []


def move(call: CallState, _event: ev.PbxEvent, phase: Phase, now: datetime) -> Step:
    """Only the phase moves. Whoever talks to the agent again waits no longer and is put through no longer."""
    moved = call.moved(phase, now)
    if phase is Phase.TALKING:
        moved = replace(moved, employee_leg="", waiting_since=None)
    return moved, [] if moved == call else [fx.CallChanged(call.pbx_call)]


def meet(call: CallState, event: ev.PbxEvent, phase: Phase, now: datetime) -> Step:
    """Caller and agent talk. Told even if the phase was there first: only now can the agent do something."""
    met, _ = move(call, event, phase, now)
    return met, [fx.CallChanged(call.pbx_call)]


def join(call: CallState, event: ev.PbxEvent, phase: Phase, now: datetime) -> Step:
    """Put through."""
    attempt = next(leg for leg in call.together(call.pbx_call) if is_attempt(leg, call.pbx_call))
    return move(replace(call, employee_leg=attempt, waiting_since=None), event, phase, now)


def wait_on(call: CallState, event: ev.PbxEvent, _phase: Phase, _now: datetime) -> Step:
    """Waits already; in another queue now where more agents are offered the call."""
    assert isinstance(event, ev.QueueJoined)
    if event.queue == call.queue:
        return call, []
    return replace(call, queue=event.queue), [fx.WaitingChanged()]


def queue_up(call: CallState, event: ev.PbxEvent, phase: Phase, now: datetime) -> Step:
    """Into the waiting list, for the first time or once more; whoever had the call before is remembered.

    The caller is in no bridge now: else the next news of another leg would tell of company that is past.
    """
    others = {leg: bridge for leg, bridge in call.bridges.items() if leg != call.pbx_call}
    waits = replace(
        call.moved(phase, now), bridges=others, waiting_since=now, agent_leg="", agent_channel="",
        employee_leg="", left_by="", queue=event.queue if isinstance(event, ev.QueueJoined) else call.queue,
    )  # fmt: skip
    return waits, [fx.WaitingChanged(), fx.CallChanged(call.pbx_call)]


def answer(call: CallState, event: ev.PbxEvent, phase: Phase, now: datetime) -> Step:
    """This agent has the call; the other phones' pops go away.

    A late copy about somebody who left changes nothing.
    """
    assert isinstance(event, ev.CallAnswered)
    if event.leg == call.agent_leg or (event.leg in call.gone and call.agent):
        return call, []
    others = sorted(call.offered - {event.interface})
    answered = replace(
        call.moved(phase, now),
        agent=event.interface,
        agents=(*(other for other in call.agents if other != event.interface), event.interface),
        agent_leg=event.leg,
        agent_channel=event.channel,
        conversation=event.leg,
        answered_at=call.answered_at or now,
        waiting_since=None,
        picked="",
        offers={},
        silent={},
    )
    gone = [fx.OfferGone(call.pbx_call, other, OfferGoneReason.ANSWERED_ELSEWHERE) for other in others]
    return answered, [*gone, fx.Answered(call.pbx_call, event.interface), fx.WaitingChanged()]


def let_go(call: CallState, event: ev.PbxEvent, _phase: Phase, _now: datetime) -> Step:
    """The agent is free. The call itself ends, or waits again, by an event of its own."""
    if isinstance(event, ev.AgentCompleted):
        if event.interface != call.agent:
            return call, []
        call = replace(call, left_by=call.left_by or event.reason)
    return replace(call, agent_leg="", agent_channel=""), [fx.CallChanged(call.pbx_call)]


def give_up(call: CallState, _event: ev.PbxEvent, _phase: Phase, _now: datetime) -> Step:
    """The queue's time is over; the hang-up follows, perhaps after a voice message."""
    return replace(call, queue_gave_up=True), [fx.WaitingChanged()] if call.waiting else []


def end(call: CallState, _event: ev.PbxEvent, phase: Phase, now: datetime) -> Step:
    """Over, from anywhere."""
    ended = replace(call.moved(phase, now), ended_at=now, offers={}, silent={})
    gone = [fx.OfferGone(call.pbx_call, other, OfferGoneReason.CALLER_GONE) for other in sorted(call.offered)]
    waiting = [fx.WaitingChanged()] if call.waiting else []
    reason = ended.end_reason
    assert reason is not None
    return ended, [*gone, *waiting, fx.CallEnded(call.pbx_call, reason, now)]


# ---- the table

IN_QUEUE = (Phase.ARRIVED, Phase.WAITING, Phase.OFFERED)
WITH_US = (Phase.TALKING, Phase.PUTTING_THROUGH, Phase.JOINED)
LIVE = IN_QUEUE + WITH_US
SAME = None

# Two rules. Only a bridge proves who talks to whom: what queue and dial plan report may come late, twice or
# out of order, and is taken for what it says of the queue. And leaving a bridge means nothing: whoever
# leaves one comes into the next, or hangs up, and that is told.
#
# Why two machines. This one is what happens to a caller, whoever of us runs: each state can be read from a
# snapshot of the PBX, so that a service that starts in the middle of a call knows it at once. A put-through
# is what an agent wants of it: a plan, a next act and a deadline, which no snapshot holds. One machine
# would have the product of both, and most of its states could not be.
#
# What couples them: both get each message, this one first; the put-through reads the call and this one
# never reads the put-through. A bridge of caller and employee means WITH_EMPLOYEE here and
# CALLER_WITH_EMPLOYEE there.
#
# Outside of the table: whether news is believed at all (transfers.gate, which knows what was asked for),
# what it means (`observe`: that takes all bridges together), which phones ring (calls.offering: several at
# a time), and why a call ended (`CallState.end_reason`, from what is known then, so that no row can forget
# it).
RULES: tuple[tuple[tuple[Phase, ...], Happening, Phase | None, TransitionAction], ...] = (
    # in these phases                      when this happens          it goes to              and this is done
    ((Phase.ARRIVED,),                     Happening.QUEUED,          Phase.WAITING,          queue_up),
    ((Phase.PUTTING_THROUGH, Phase.JOINED), Happening.QUEUED,         Phase.WAITING,          queue_up),
    ((Phase.WAITING, Phase.OFFERED),       Happening.QUEUED,          SAME,                   wait_on),
    (IN_QUEUE,                             Happening.PICKED,          SAME,                   pick),
    (IN_QUEUE,                             Happening.PICK_OVER,       SAME,                   pick_over),
    (WITH_US,                              Happening.PICK_OVER,       SAME,                   stay),
    (IN_QUEUE,                             Happening.OFFERED,         Phase.OFFERED,          offer),
    ((Phase.OFFERED,),                     Happening.OFFER_OVER,      SAME,                   withdraw),
    ((Phase.OFFERED,),                     Happening.LAST_OFFER_OVER, Phase.WAITING,          withdraw),
    (LIVE,                                 Happening.EXPLAINED,       SAME,                   explain),
    (IN_QUEUE,                             Happening.ANSWERED,        Phase.TALKING,          answer),
    (WITH_US,                              Happening.ANSWERED,        SAME,                   answer),
    (LIVE,                                 Happening.WITH_AGENT,      Phase.TALKING,          meet),
    (LIVE,                                 Happening.ON_HOLD,         Phase.PUTTING_THROUGH,  move),
    (LIVE,                                 Happening.WITH_EMPLOYEE,   Phase.JOINED,           join),
    (WITH_US,                              Happening.AGENT_LEFT,      SAME,                   let_go),
    (IN_QUEUE,                             Happening.AGENT_LEFT,      SAME,                   stay),
    (LIVE,                                 Happening.HOLD_ENDED,      Phase.WAITING,          queue_up),
    (LIVE,                                 Happening.QUEUE_GAVE_UP,   SAME,                   give_up),
    (LIVE,                                 Happening.CALLER_GONE,     Phase.ENDED,            end),
    (LIVE,                                 Happening.ARRIVED_AGAIN,   SAME,                   stay),
    # after the end: what comes late may still tell why
    ((Phase.ENDED,),                       Happening.ANSWERED,        SAME,                   answer),
    ((Phase.ENDED,),                       Happening.AGENT_LEFT,      SAME,                   let_go),
    ((Phase.ENDED,),                       Happening.QUEUE_GAVE_UP,   SAME,                   give_up),
    ((Phase.ENDED,),                       Happening.WITH_EMPLOYEE,   SAME,                   join),
    *(((Phase.ENDED,), late, SAME, stay) for late in (
        Happening.ARRIVED_AGAIN, Happening.QUEUED, Happening.OFFERED, Happening.WITH_AGENT, Happening.ON_HOLD,
        Happening.HOLD_ENDED, Happening.CALLER_GONE, Happening.PICKED, Happening.PICK_OVER)),
)  # fmt: skip

TABLE: Mapping[tuple[Phase, Happening], Row] = MappingProxyType(
    {(phase, happening): (to or phase, does) for phases, happening, to, does in RULES for phase in phases}
)
