"""Which news of the PBX are believed: those that our dial plan can have told of this call, as it is now.

Somebody who found a way to write into the manager's stream could end calls, move them and sign agents out.
What does not fit changes nothing, is counted as `Unexpected`, and is a reason to look: a snapshot tells the
truth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from pbx_bridge.calls import events as ev
from pbx_bridge.calls.effects import Look, Phase, Unexpected
from pbx_bridge.calls.event_groups import CALL_EVENTS, TARGET_EVENTS
from pbx_bridge.calls.machine import IN_QUEUE
from pbx_bridge.calls.message import Effect, Message
from pbx_bridge.calls.registry import Registry
from pbx_bridge.calls.state import CallState, attempt_of, interface_of, is_colleague
from pbx_bridge.telephony.picks import Picks
from pbx_bridge.transfers.machine import APART
from pbx_bridge.transfers.reducer import PutThroughs
from pbx_bridge.transfers.states import TransferStep

LOOK_EVERY = timedelta(seconds=1)
"""However much does not fit: so often we ask at most."""
PROOF_WITHIN = timedelta(seconds=5)
"""A call that arrives is in the queue within a second; of one that is not, a look tells whether it lives."""
NEWS = (ev.CallArrived, ev.CallBlocked, *CALL_EVENTS, *TARGET_EVENTS)
LOOK_AT = (ev.HoldEnded, ev.CallPicked)
"""What comes too late to be believed may be true all the same: the caller may be in the queue."""
MANY_LEGS = 200
"""More legs than any call has; their hang-ups need not be remembered."""
MANY_CALLS = 100
"""So many calls that are over may be remembered here for nothing."""


class Gate:
    """Before all reducers, and one of them for the sake of its deadlines."""

    def __init__(self, registry: Registry, transfers: PutThroughs, picks: Picks | None = None) -> None:
        self._registry, self._transfers, self._picks = registry, transfers, picks
        self._unproven: dict[str, datetime] = {}  # call → when it must have reached the queue
        self._channels: dict[str, dict[str, str]] = {}  # call → leg → channel: a pair is one for life
        self._look_at: datetime | None = None
        self._looked: datetime | None = None

    def refuses(self, message: Message, now: datetime) -> list[Effect] | None:
        """None if it is believed; else what is done instead of all that it would have done."""
        match message:
            case ev.LinkDown():
                self._look_at = None
                return None
            case ev.Snapshot(legs=legs):
                self._look_at = None
                for leg in (leg for leg in legs if leg.call):
                    self._learn(leg.call, leg.leg, leg.channel)
                return None
            case ev.MemberRemoved():
                self._doubt(now)  # the queue itself tells who is in it
                return []
            case ev.CallBlocked(arrival=arrival):
                return None if self._can_arrive(arrival) else self._unexpected(message, arrival.call, now)
            case ev.CallArrived(call=call):
                if not self._can_arrive(message):
                    return self._unexpected(message, call, now)
                self._unproven[call] = now + PROOF_WITHIN
                self._learn(call, call, message.channel)
                return None
            case _ if isinstance(message, NEWS):
                return self._of_a_call(message, now)
        return None

    # ---- reducer

    def apply(self, _message: Message, _now: datetime) -> list[Effect]:
        """Keeps nothing of its own but what it doubts."""
        return []

    def deadline(self) -> datetime | None:
        """When to look, or when an arrival must be proved."""
        found = (self._look_at, next(iter(self._unproven.values()), None))
        return min((at for at in found if at), default=None)

    def tick(self, now: datetime) -> list[Effect]:
        """Asks for a snapshot if there is a doubt."""
        for name in [name for name, at in self._unproven.items() if at <= now]:
            del self._unproven[name]
            call = self._registry.calls.get(name)
            if call and call.phase is Phase.ARRIVED:
                self._doubt(now)
        if self._look_at is None or self._look_at > now:
            return []
        self._look_at, self._looked = None, now
        return [Look("")]

    # ---- pairs

    def _learn(self, call: str, leg: str, channel: str) -> None:
        if len(self._channels) > len(self._registry.calls) + MANY_CALLS:
            kept = self._registry.calls
            self._channels = {name: known for name, known in self._channels.items() if name in kept}
        known = self._channels.setdefault(call, {})
        if len(known) < MANY_LEGS:
            known[leg] = channel

    # ---- doubts

    def _doubt(self, now: datetime) -> None:
        if self._look_at is None:
            self._look_at = max(now, self._looked + LOOK_EVERY) if self._looked else now

    def _unexpected(self, message: Message, call: str, now: datetime) -> list[Effect]:
        self._doubt(now)
        state = self._registry.calls.get(call)
        return [Unexpected("gate", state.phase if state else "unknown", type(message).__name__, call)]

    # ---- what fits

    def _can_arrive(self, event: ev.CallArrived) -> bool:
        known = self._registry.calls.get(event.call)
        return known is None or known.channel in {"", event.channel}

    def _of_a_call(self, event: Message, now: datetime) -> list[Effect] | None:
        name = event.of_call
        if not name:
            return []  # a foreign channel
        call = self._registry.calls.get(name)
        if isinstance(event, TARGET_EVENTS):
            known = self._transfers.knows(name, event.attempt)
            return None if known else self._unexpected(event, name, now)
        if call is None:
            return [] if self._registry.is_gone(name) else self._unexpected(event, name, now)
        test = FITS.get(type(event))
        verdict = True if test is None else test(self, event, call)
        if verdict and isinstance(event, ev.CallOffered | ev.CallAnswered):
            self._learn(name, event.leg, event.channel)
        if verdict is None:
            if isinstance(event, LOOK_AT):
                self._doubt(now)
            return []
        return None if verdict else self._unexpected(event, name, now)

    def apart(self, call: CallState) -> bool:
        """Caller and agent are being moved: the caller may be in the queue again before they were apart."""
        view = self._transfers.views.get(call.pbx_call)
        return view is not None and view.step in APART

    def is_back(self, call: CallState) -> bool:
        """The agent has the caller again after a hold, and nobody is rung."""
        view = self._transfers.views.get(call.pbx_call)
        return view is not None and view.step is TransferStep.TALKING

    def has_put_through(self, call: CallState) -> bool:
        """Whether there is, or was, one."""
        return call.pbx_call in self._transfers.views

    def is_asked(self, call: CallState, leg: str, interface: str) -> bool:
        """Whether this leg is a colleague's whom the agent has rung, at this phone."""
        asked = is_colleague(leg, call.pbx_call)
        return asked and self._transfers.colleague(call.pbx_call, leg) == interface

    def awaits_pick(self, call: str, interface: str) -> bool:
        """Whether this agent has asked for this caller, and the PBX has not answered yet."""
        return self._picks is not None and self._picks.awaits(call, interface)

    def known_leg(self, call: CallState, leg: str, channel: str) -> bool | None:
        """Whether this leg of the call has this channel; None for legs of which we know nothing."""
        known = self._channels.get(call.pbx_call, {})
        if leg in known:
            return known[leg] == channel
        attempt = attempt_of(leg, call.pbx_call)
        if attempt:
            return self._transfers.knows(call.pbx_call, attempt)
        return False if leg == call.pbx_call or channel in known.values() else None


Verdict = bool | None
"""None: it may be true, and changes nothing; `LOOK_AT`: but what it tells of may have changed."""


def _bridged(gate: Gate, event: ev.Bridged, call: CallState) -> Verdict:
    waits = event.holding and event.leg == call.pbx_call and call.phase in IN_QUEUE
    return False if waits else gate.known_leg(call, event.leg, event.channel)


def _hung_up(gate: Gate, event: ev.HungUp, call: CallState) -> Verdict:
    """Of a leg that we do not know it may come before the news that it rings."""
    known = gate.known_leg(call, event.leg, event.channel)
    return len(call.gone) < MANY_LEGS or None if known is None else known


def _hold_ended(gate: Gate, _event: ev.HoldEnded, call: CallState) -> Verdict:
    """The agent may have hung up in the moment of going back: a look tells who has the caller. Who is back
    in the queue may have been sent there twice, by the dial plan and by us."""
    fits = call.phase in {Phase.PUTTING_THROUGH, Phase.JOINED, Phase.ENDED} or gate.apart(call)
    known = call.phase in IN_QUEUE and gate.has_put_through(call)
    return fits or (None if known or gate.is_back(call) else False)


def _queued(gate: Gate, _event: ev.QueueJoined, call: CallState) -> Verdict:
    return call.phase is not Phase.TALKING or gate.apart(call)


def _queue_over(_gate: Gate, _event: ev.QueueAbandoned | ev.QueueEnded, call: CallState) -> Verdict:
    return call.phase in {*IN_QUEUE, Phase.ENDED}


def _offered(gate: Gate, event: ev.CallOffered, call: CallState) -> Verdict:
    pair = gate.known_leg(call, event.leg, event.channel)
    rings = call.phase in {*IN_QUEUE, Phase.ENDED}
    return rings and pair is not False and interface_of(event.channel) == event.interface


def _picked(gate: Gate, event: ev.CallPicked, call: CallState) -> Verdict:
    """Only what somebody has asked for; an earlier run of this service may have, then a look tells."""
    if event.result == "OK" and call.phase not in {*IN_QUEUE, Phase.ENDED}:
        return False
    return True if gate.awaits_pick(event.call, event.interface) else None


def _pick_over(_gate: Gate, event: ev.PickOver, call: CallState) -> Verdict:
    return True if call.picked == event.interface else None


def _offer_ended(_gate: Gate, event: ev.OfferEnded, call: CallState) -> Verdict:
    return event.leg in call.offers or event.leg in call.silent or event.leg in call.gone


def _answered(gate: Gate, event: ev.CallAnswered, call: CallState) -> Verdict:
    if is_colleague(event.leg, event.call):  # the agent has handed the call over
        return gate.is_asked(call, event.leg, event.interface)
    late = event.leg in call.gone or event.leg in {call.agent_leg, call.conversation}
    return late or call.offers.get(event.leg) == event.interface


def _completed(_gate: Gate, event: ev.AgentCompleted, call: CallState) -> Verdict:
    return event.interface in call.agents


def _agent_alone(gate: Gate, _event: ev.AgentAlone, call: CallState) -> Verdict:
    return gate.has_put_through(call)


FITS: Mapping[type, Callable[[Gate, Any, CallState], Verdict]] = MappingProxyType(
    {
        ev.Bridged: _bridged,
        ev.HungUp: _hung_up,
        ev.HoldEnded: _hold_ended,
        ev.QueueJoined: _queued,
        ev.QueueAbandoned: _queue_over,
        ev.QueueEnded: _queue_over,
        ev.CallOffered: _offered,
        ev.CallPicked: _picked,
        ev.PickOver: _pick_over,
        ev.OfferEnded: _offer_ended,
        ev.CallAnswered: _answered,
        ev.AgentCompleted: _completed,
        ev.AgentAlone: _agent_alone,
    }
)
"""What must hold of a live or ended call, so that it can be told of it."""
