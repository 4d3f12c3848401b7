"""A call as a snapshot shows it: who talks to whom, who rings, who is on hold.

Used after a lost link and after our own restart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.effects import OfferGoneReason, Phase
from pbx_bridge.calls.events import CallArrived, LiveLeg
from pbx_bridge.calls.message import Effect
from pbx_bridge.calls.state import (
    Bridge,
    CallState,
    Step,
    attempt_of,
    interface_of,
    is_attempt,
    is_colleague,
)

PICKED = "sec-fetch"
"""Where a caller whom an agent has picked waits for that agent's phone."""
AGENT_CONTEXTS = ("sec-consult", "sec-held", "sec-bye")
"""Contexts in which only an agent's leg can be."""


@dataclass(frozen=True, slots=True)
class CallLegs:
    """The legs of one call in a snapshot.

    `waits`: the caller stands in the queue. `agents`: names of the agents' phones.
    """

    legs: tuple[LiveLeg, ...]
    waits: bool
    agents: frozenset[str]

    @property
    def caller(self) -> LiveLeg | None:
        return next((leg for leg in self.legs if leg.leg == leg.call), None)

    @property
    def bridges(self) -> dict[str, Bridge]:
        """Whoever is fetched out of the music keeps the name of that application; alone, it is true."""
        where = [leg.bridge for leg in self.legs]
        return {
            leg.leg: Bridge(leg.bridge, leg.application == "BridgeWait" and where.count(leg.bridge) == 1)
            for leg in self.legs
            if leg.bridge
        }

    @property
    def ringing(self) -> dict[str, str]:
        """Legs of agents' phones that ring → interface."""
        asked = self.colleagues
        found = (
            (leg.leg, interface_of(leg.channel))
            for leg in self.legs
            if not leg.up and not attempt_of(leg.leg, leg.call)
        )
        return {leg: interface for leg, interface in found if interface in self.agents - asked}

    @property
    def colleagues(self) -> frozenset[str]:
        """Phones that another agent of this call has rung."""
        return frozenset(interface_of(leg.channel) for leg in self.legs if is_colleague(leg.leg, leg.call))

    @property
    def agent(self) -> LiveLeg | None:
        """The agent's leg: beside the caller, or where only agents are, or the phone of a queue member. A
        colleague who is only asked is none of these."""
        legs = [leg for leg in self.legs if leg.up and leg.leg != leg.call]
        tests = (self._is_beside, lambda leg: context(leg) in AGENT_CONTEXTS, self._is_phone)
        return next((leg for test in tests for leg in legs if self._may_be_agent(leg) and test(leg)), None)

    def _may_be_agent(self, leg: LiveLeg) -> bool:
        return is_colleague(leg.leg, leg.call) or not attempt_of(leg.leg, leg.call)

    def _is_beside(self, leg: LiveLeg) -> bool:
        return self.caller is not None and bool(leg.bridge) and leg.bridge == self.caller.bridge

    def _is_phone(self, leg: LiveLeg) -> bool:
        return interface_of(leg.channel) in self.agents - self.colleagues

    @property
    def picked(self) -> bool:
        """Whether an agent has picked this caller, and has not yet answered."""
        return self.caller is not None and context(self.caller) == PICKED and not self.caller.bridge

    @property
    def employee(self) -> LiveLeg | None:
        """The employee's leg beside the caller."""
        caller = self.caller
        if caller is None or not caller.bridge:
            return None
        return next(
            (leg for leg in self.legs if is_attempt(leg.leg, leg.call) and leg.bridge == caller.bridge), None
        )


def context(leg: LiveLeg) -> str:
    """ "sec-consult,over,3" → "sec-consult"."""
    return leg.where.partition(",")[0]


def reconcile(call: CallState, picture: CallLegs, now: datetime) -> Step:
    """The call as the snapshot has it, and what differs from what we believed."""
    if picture.caller is None:
        return lose(call, now)
    seen = _take_legs(call, picture)
    seen = seen.moved(_phase(seen, picture), now)
    if seen.waiting:
        seen = replace(
            seen, waiting_since=call.waiting_since or seen.arrived_at, agent_leg="", agent_channel=""
        )
    else:
        seen = replace(seen, waiting_since=None)
    picked = next(iter(seen.offers.values()), call.picked) if picture.picked else ""
    seen = replace(seen, channel=call.channel or picture.caller.channel, unseen=False, picked=picked)
    return seen, list(_differences(call, seen))


def lose(call: CallState, now: datetime) -> Step:
    """Ours, and not in the snapshot: the PBX has it no more."""
    if not call.live:
        return call, []
    lost = replace(call.moved(Phase.ENDED, now), ended_at=now, offers={}, silent={}, lost=True)
    gone = [fx.OfferGone(call.pbx_call, other, OfferGoneReason.CALLER_GONE) for other in sorted(call.offered)]
    remembered = [fx.Remembered(call.pbx_call)] if call.unseen else []
    ended = fx.CallEnded(call.pbx_call, fx.EndReason.LOST, now)
    return lost, [*gone, fx.WaitingChanged(), *remembered, ended]


@dataclass(frozen=True, slots=True)
class Recalled:
    """What an earlier run of this service stored of a call and the PBX may not show: who answered it, when.

    `agent`: their phone; `conversation`: as `CallState` has it.
    """

    arrived_at: datetime
    agent: str | None = None
    answered_at: datetime | None = None
    conversation: str = ""


def adopt(fresh: CallState, picture: CallLegs, now: datetime, recalled: Recalled | None = None) -> Step:
    """A call we did not know, taken up in mid-course. `fresh`: made from the caller's leg."""
    caller = picture.caller
    assert caller is not None
    started = now - timedelta(seconds=caller.seconds)
    fresh = replace(fresh, arrived_at=started, phase_since=started)
    call, effects = reconcile(take_up(fresh, recalled, now), picture, now)
    return call, [fx.Arrived(call.pbx_call, adopted=True), *effects]


def take_up(fresh: CallState, recalled: Recalled | None, now: datetime) -> CallState:
    """A call whose begin this run of the service did not see, with what an earlier one stored."""
    fresh = replace(fresh, adopted_at=now)
    if recalled is None:
        return fresh
    fresh = replace(fresh, arrived_at=recalled.arrived_at, phase_since=recalled.arrived_at)
    if recalled.answered_at is None:
        return fresh
    return replace(
        fresh,
        agent=recalled.agent,
        agents=(recalled.agent,) if recalled.agent else (),
        answered_at=recalled.answered_at,
        conversation=recalled.conversation,
    )


def arrival(leg: LiveLeg) -> CallArrived:
    """What the caller's channel still tells about its arrival."""
    return CallArrived(
        leg.call,
        leg.channel,
        leg.dialled,
        leg.caller,
        leg.caller_name,
        withheld=not leg.caller,
        diversion=leg.diversion,
        codec=leg.codec,
    )


def _take_legs(call: CallState, picture: CallLegs) -> CallState:
    agent, employee = picture.agent, picture.employee
    call = replace(
        call,
        bridges=picture.bridges,
        offers=picture.ringing,
        silent={},
        employee_leg=employee.leg if employee else "",
    )
    if agent is None:
        return replace(call, agent_leg="", agent_channel="")
    interface = interface_of(agent.channel)
    return replace(
        call,
        agent=interface,
        agents=(*(other for other in call.agents if other != interface), interface),
        agent_leg=agent.leg,
        agent_channel=agent.channel,
        conversation=agent.leg,
        answered_at=call.answered_at or call.phase_since,
    )


def _phase(call: CallState, picture: CallLegs) -> Phase:
    caller = picture.caller
    assert caller is not None
    if picture.employee:
        return Phase.JOINED
    alone = not call.together(caller.leg)
    if call.bridges.get(caller.leg, Bridge("")).holding or (alone and context(caller) == "sec-hold"):
        return Phase.PUTTING_THROUGH
    if picture.waits or picture.picked:
        return Phase.OFFERED if call.offers else Phase.WAITING
    if call.agent_leg and call.together(caller.leg):
        return Phase.TALKING
    return call.phase


def _differences(old: CallState, new: CallState) -> Mapping[Effect, None]:
    """Effects in order, each once."""
    found: list[Effect] = []
    if new.busy_agent and new.agent_leg != old.agent_leg:
        found += [fx.Answered(new.pbx_call, new.busy_agent)]
    elif old.unseen:
        found += [fx.Remembered(new.pbx_call)]
    answered = new.phase not in {Phase.ARRIVED, Phase.WAITING, Phase.OFFERED}
    reason = OfferGoneReason.ANSWERED_ELSEWHERE if answered else OfferGoneReason.NOT_ANSWERED
    found += [
        fx.OfferGone(new.pbx_call, other, reason) for other in sorted(old.offered - new.offered - {new.agent})
    ]
    found += [fx.Offered(new.pbx_call, other) for other in sorted(new.offered - old.offered)]
    if old.waiting != new.waiting or old.picked != new.picked:
        found += [fx.WaitingChanged()]
    if old != new:
        found += [fx.CallChanged(new.pbx_call)]
    return dict.fromkeys(found)
