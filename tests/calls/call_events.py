"""A registry with the house cast, and words for what happens to one call."""

from __future__ import annotations

from datetime import UTC, datetime

from pbx_bridge.calls import events as ev
from pbx_bridge.calls.ids import CallNames
from pbx_bridge.calls.message import Message
from pbx_bridge.calls.registry import Registry, Resolved
from pbx_bridge.calls.state import CallState
from rules.calls.identify import Called, CalledBy
from rules.model import Caller

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CALL = "1795429654.114"
CALLER = "PJSIP/trunk-00000044"
ANNA, BEN = "PJSIP/anna", "PJSIP/ben"
LEG, CHANNEL = "1795429654.115", "PJSIP/anna-00000045"

ARRIVED = ev.CallArrived(CALL, CALLER, "493023125100", "491713920042", "Jens Müller")
QUEUED = ev.QueueJoined(CALL, "sec", 1)
OFFERED = ev.CallOffered(CALL, ANNA, LEG, CHANNEL)
OFFERED_BEN = ev.CallOffered(CALL, BEN, "1795429654.116", "PJSIP/ben-00000046")
SILENT = ev.OfferEnded(CALL, ANNA, LEG)
ANSWERED = ev.CallAnswered(CALL, ANNA, LEG, CHANNEL)
AGENT_IN = ev.Bridged(CALL, LEG, CHANNEL, "talk")
CALLER_IN = ev.Bridged(CALL, CALL, CALLER, "talk")
EMPLOYEE_IN = ev.Bridged(CALL, f"{CALL}-a1", "Local/491713920001@sec-target-1;1", "talk")
CALLER_HELD = ev.Bridged(CALL, CALL, CALLER, "hold", holding=True)
HOLD_ENDED = ev.HoldEnded(CALL)
LEFT = ev.AgentCompleted(CALL, ANNA, "agent")
AGENT_GONE = ev.HungUp(CALL, LEG, CHANNEL, 16)
CALLER_GONE = ev.HungUp(CALL, CALL, CALLER, 16)
ABANDONED = ev.QueueAbandoned(CALL, "sec")
GAVE_UP = ev.QueueEnded(CALL, "TIMEOUT")

TO_TALKING: tuple[ev.PbxEvent, ...] = (ARRIVED, QUEUED, OFFERED, ANSWERED, AGENT_IN, CALLER_IN)


def resolve(event: ev.CallArrived) -> Resolved:
    """Everybody calls the Mustermann AG."""
    called = Called("mustermann", CalledBy.LINE, f"+{event.dialled}")
    return Resolved(called, Caller(f"+{event.caller}", event.caller, display_name=event.caller_name))


def registry(*events: Message, now: datetime = NOW) -> Registry:
    """A registry, link up, that has seen `events`."""
    fresh = Registry(resolve, CallNames(), now)
    for event in (ev.LinkUp("22.10.1"), *events):
        fresh.apply(event, now)
    return fresh


def the_call(*events: Message) -> CallState:
    """The call after these events."""
    return registry(*events).calls[CALL]
