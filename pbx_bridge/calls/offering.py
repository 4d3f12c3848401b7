"""What is done about a call while phones ring for it: the actions of `calls.machine` on offers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.effects import OfferGoneReason, Phase
from pbx_bridge.calls.state import CallState, Step


def offer(call: CallState, event: ev.PbxEvent, phase: Phase, now: datetime) -> Step:
    """This phone rings: show the pop.

    A leg that is over already rings no more, whatever order the news come in.
    """
    assert isinstance(event, ev.CallOffered)
    if event.leg in call.gone or event.leg in call.offers:
        return call, []
    silent = {leg: other for leg, other in call.silent.items() if other != event.interface}
    offers = {**call.offers, event.leg: event.interface}
    call = replace(call.moved(phase, now), offers=offers, silent=silent)
    return call, [fx.Offered(call.pbx_call, event.interface)]


def pick(call: CallState, event: ev.PbxEvent, _phase: Phase, _now: datetime) -> Step:
    """This agent's phone is next, and no other rings: those that ring now stop, and are told why."""
    assert isinstance(event, ev.CallPicked)
    mine = event.interface
    others = sorted(call.offered - {mine})
    picked = replace(
        call,
        picked=mine,
        offers={leg: interface for leg, interface in call.offers.items() if interface == mine},
        silent={leg: interface for leg, interface in call.silent.items() if interface == mine},
    )
    gone = [fx.OfferGone(call.pbx_call, other, OfferGoneReason.PICKED) for other in others]
    return picked, [*gone, fx.WaitingChanged(), fx.CallChanged(call.pbx_call)]


def pick_over(call: CallState, _event: ev.PbxEvent, _phase: Phase, _now: datetime) -> Step:
    """The caller waits for whoever is free first, as before."""
    return replace(call, picked=""), [fx.WaitingChanged()] if call.picked else []


def withdraw(call: CallState, event: ev.PbxEvent, phase: Phase, now: datetime) -> Step:
    """This phone rings no more.

    The queue says so when nobody picked it up. A mere hang-up comes before the news that another phone was
    faster, and before the caller's own when they give up: why, the next event tells.
    """
    assert isinstance(event, ev.OfferEnded | ev.HungUp)
    interface = call.offers[event.leg]
    offers = {leg: other for leg, other in call.offers.items() if leg != event.leg}
    call = replace(call.moved(phase, now), offers=offers)
    if isinstance(event, ev.OfferEnded):
        return call, [fx.OfferGone(call.pbx_call, interface, OfferGoneReason.NOT_ANSWERED)]
    return replace(call, silent={**call.silent, event.leg: interface}), [fx.CallChanged(call.pbx_call)]


def explain(call: CallState, event: ev.PbxEvent, _phase: Phase, _now: datetime) -> Step:
    """A phone that hung up before the queue said that nobody had picked it up."""
    assert isinstance(event, ev.OfferEnded)
    return unanswered(call, event.leg)


def unanswered(call: CallState, leg: str) -> Step:
    """Nobody picked up this phone, which rings no more."""
    silent = {other: interface for other, interface in call.silent.items() if other != leg}
    gone = fx.OfferGone(call.pbx_call, call.silent[leg], OfferGoneReason.NOT_ANSWERED)
    return replace(call, silent=silent), [gone]
