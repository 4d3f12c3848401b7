"""All live put-throughs: the second reducer, right behind the registry, whose bridges are its proofs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from pbx_bridge.calls import events as ev
from pbx_bridge.calls.commands import NoteDone
from pbx_bridge.calls.effects import CallChanged, Phase
from pbx_bridge.calls.message import Effect, Message
from pbx_bridge.calls.registry import Registry
from pbx_bridge.calls.remembered_call import CallSeen
from pbx_bridge.calls.state import CallState
from pbx_bridge.transfers import from_memory
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.colleagues import phone_of
from pbx_bridge.transfers.from_snapshot import SnapshotView, adopt, see
from pbx_bridge.transfers.machine import MAY, TABLE, step
from pbx_bridge.transfers.observe import asked, close, observe, over
from pbx_bridge.transfers.state import PutThroughState
from pbx_bridge.transfers.states import Result, TransferHappening, TransferStep
from rules.calls.colleagues import may_ring
from rules.decision import Refused


class PutThroughs:
    """`views`: pbx_call → put-through, kept (with what was tried) as long as the registry keeps the call."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._states: dict[str, PutThroughState] = {}
        self._left: dict[
            str, PutThroughState
        ] = {}  # of calls that are forgotten, until their attempts are over
        self.views: Mapping[str, PutThroughState] = MappingProxyType(self._states)

    def may(self, call: str) -> tuple[str, ...]:
        """Which commands make sense for this call now, in the desk's words."""
        live = self._registry.calls.get(call)
        if live is None or not live.live or not live.busy_agent or not self._registry.link.up:
            return ()
        state = self._begun(live, self._states.get(call))
        return MAY[state.step] if _ready(state, live) else ()

    def alive(self) -> frozenset[str]:
        """The attempts that are not over, of all calls."""
        states = (*self._states.values(), *self._left.values())
        return frozenset(attempt.id for state in states for attempt in state.attempts if not attempt.over)

    def knows(self, call: str, attempt: str) -> bool:
        """Whether this call has, or had, such an attempt."""
        state = self._states.get(call) or self._left.get(call)
        return state is not None and state.attempt(attempt) is not None

    def colleague(self, call: str, attempt: str) -> str:
        """The phone of the colleague whom this attempt rings, or rang; "" if it is none."""
        state = self._states.get(call)
        known = state.attempt(attempt) if state else None
        return known.colleague if known else ""

    def asked(self) -> frozenset[str]:
        """The phones of colleagues whom other agents ring, or talk to."""
        rung = (state.asked_colleague for state in self._states.values())
        return frozenset(attempt.colleague for attempt in rung if attempt)

    # ---- reducer

    def apply(self, message: Message, now: datetime) -> list[Effect]:
        """What `message` changes; other messages are ignored."""
        match message:
            case msg.Ask():
                return self._ask(message, now)
            case ev.Snapshot(legs=legs):
                return self._reconcile(legs, now)
            case CallSeen():
                return self._recall(message, now)
            case ev.LinkDown():
                self._doubt()
                return []
            case msg.AttemptKnown():
                return self._known(message)
            case NoteDone(call=call):
                self._let_go(call)
                return []
            case _:
                return self._event(message, now)

    def deadline(self) -> datetime | None:
        """When the next silence becomes suspicious."""
        return min((state.deadline for state in self._states.values() if state.deadline), default=None)

    def tick(self, now: datetime) -> list[Effect]:
        """Silences that became suspicious; calls that the registry forgot."""
        effects: list[Effect] = []
        for state in list(self._states.values()):
            if state.call not in self._registry.calls:
                self._let_go(state.call)
            elif state.deadline and state.deadline <= now:
                waiting = replace(state, deadline=None)
                effects += self._take(waiting, TransferHappening.TIME_UP, None, now)
        return effects

    # ---- what agents ask

    def _ask(self, ask: msg.Ask, now: datetime) -> list[Effect]:
        call = self._registry.calls.get(ask.call)
        begun = self._check(call, ask)
        if isinstance(begun, Refused):
            ask.answer(begun)
            return []
        ask.answer(None)
        return self._take(begun, asked(begun, ask), ask, now)

    def _check(self, call: CallState | None, ask: msg.Ask) -> PutThroughState | Refused:
        """The put-through that takes this command, or why not.

        One call, one agent: the other one is told who has it.
        """
        if call is None or not call.live:
            return Refused("call_over")
        if not self._registry.link.up:
            return Refused("pbx_down")
        if call.busy_agent != ask.agent:
            return Refused("other_agent", {"agent": call.busy_agent or ""})
        refusal = self._may_ring(ask) if isinstance(ask, msg.AskColleague) else None
        if refusal is not None:
            return refusal
        if isinstance(ask, msg.AskRing) and not ask.plan.steps:
            return Refused("nobody_to_ring") if ask.plan.refusal is None else ask.plan.refusal
        state = self._begun(call, self._states.get(ask.call))
        if (state.step, asked(state, ask)) not in TABLE or not _ready(state, call):
            return Refused("not_now", {"step": state.step.value})
        return state

    def _may_ring(self, ask: msg.AskColleague) -> Refused | None:
        awaited = ask.colleague in self._registry.coming() or ask.colleague in self.asked()
        phone = phone_of(self._registry.agents.get(ask.colleague), awaited=awaited)
        return may_ring(phone, themselves=ask.colleague == ask.agent)

    def _begun(self, call: CallState, state: PutThroughState | None) -> PutThroughState:
        """The put-through of this call; a fresh one for an agent who got the call anew, with what was tried
        before."""
        if state is None:
            return _fresh(call)
        over = state.step in {TransferStep.ENDED, TransferStep.JOINED} and call.phase is Phase.TALKING
        if over or (state.step is TransferStep.TALKING and state.agent_channel != call.agent_channel):
            return replace(_fresh(call), attempts=state.attempts, rung=state.rung)
        return state

    # ---- what the PBX tells

    def _event(self, message: Message, now: datetime) -> list[Effect]:
        name = message.of_call
        state, call = self._states.get(name), self._registry.calls.get(name)
        if name in self._left and isinstance(message, ev.TargetEnded):
            return self._late(message, now)
        if state is None or call is None:
            return []
        seen, happening, effects = observe(state, call, message, now)
        self._states[state.call] = seen
        if happening:
            effects += self._take(seen, happening, message, now)
        changed = CallChanged(state.call)  # a result that comes after the step is news, too
        return effects if seen == state or changed in effects else [*effects, changed]

    def _late(self, message: ev.TargetEnded, now: datetime) -> list[Effect]:
        """The call is noted and forgotten; agent and employee may have talked on until now."""
        state, effects = over(self._left.pop(message.call), message, now)
        self._keep(state)
        return effects

    def _let_go(self, call: str) -> None:
        """Nobody needs it any longer; the results of its attempts may still be to come."""
        if call not in self._registry.calls and (state := self._states.pop(call, None)):
            self._keep(state)

    def _keep(self, state: PutThroughState) -> None:
        if not all(attempt.over for attempt in state.attempts):
            self._left[state.call] = state

    def _take(
        self, state: PutThroughState, happening: TransferHappening, message: Message | None, now: datetime
    ) -> list[Effect]:
        new, effects = step(state, happening, message, now)
        self._states[new.call] = new
        return effects

    def _known(self, message: msg.AttemptKnown) -> list[Effect]:
        state = self._states.get(message.call)
        attempt = state.attempt(message.attempt) if state else None
        if state and attempt:
            told = replace(
                attempt,
                employee=message.employee,
                as_deputy=message.as_deputy,
                asked=message.asked,
                number=message.number,
            )
            self._states[state.call] = state.with_attempt(told)
        return []

    # ---- the whole truth

    def _recall(self, seen: CallSeen, now: datetime) -> list[Effect]:
        state = self._states.get(seen.call)
        if state is None:
            return from_memory.unknown(seen, now)
        self._states[seen.call], effects = from_memory.known(state, seen, now)
        return effects

    def _doubt(self) -> None:
        """The link is gone: what is known stays shown, and the next snapshot says what became of it."""
        for state in self._states.values():
            self._states[state.call] = replace(state, deadline=None, looking=True)

    def _reconcile(self, legs: tuple[ev.LiveLeg, ...], now: datetime) -> list[Effect]:
        effects = self._close_forgotten({leg.leg for leg in legs}, now)
        for call in self._registry.calls.values():
            known = self._states.get(call.pbx_call)
            if known and not known.looking:
                continue
            sight = see(call, tuple(leg for leg in legs if leg.call == call.pbx_call))
            worth = sight.left or sight.step is not TransferStep.ENDED
            if known or (call.live and worth and sight != SnapshotView(TransferStep.TALKING)):
                effects += self._adopt(known or _adopted(call, now), call, sight, now)
        return effects

    def _close_forgotten(self, legs: set[str], now: datetime) -> list[Effect]:
        """Attempts of calls that are forgotten, whose legs ended while nobody listened."""
        effects: list[Effect] = []
        for call in list(self._left):
            state = self._left.pop(call)
            for attempt in state.attempts:
                if attempt.id not in legs:
                    state, told = close(state, attempt, Result.UNKNOWN, now)
                    effects += told
            self._keep(state)
        return effects

    def _adopt(
        self, state: PutThroughState, call: CallState, sight: SnapshotView, now: datetime
    ) -> list[Effect]:
        state, effects = adopt(state, call, sight, now)
        self._states[call.pbx_call] = state
        if not sight.alone:
            return effects
        # An attempt that is over within milliseconds may find the agent still on the way: then nobody says
        # that the agent is alone, or says it too early, and only this look tells that the deputy is due.
        alone = TransferHappening.NEXT_DUE if state.next_due else TransferHappening.AGENT_ALONE
        return effects + self._take(state, alone, None, now)


def _fresh(call: CallState) -> PutThroughState:
    return PutThroughState(
        call=call.pbx_call,
        step=TransferStep.TALKING,
        since=call.phase_since,
        caller_channel=call.channel,
        agent=call.busy_agent or "",
        agent_channel=call.agent_channel,
        rung=_first_number(call),
    )


def _adopted(call: CallState, now: datetime) -> PutThroughState:
    return replace(_fresh(call), since=now)


def _first_number(call: CallState) -> int:
    """Where the attempts of this call begin to count: 0 if we know it from its start. An adopted call may
    have had attempts before a restart; ten for each second of its age are more than anybody can have made."""
    if call.adopted_at is None:
        return 0
    return 100 + int((call.adopted_at - call.arrived_at).total_seconds() * 10)


def _ready(state: PutThroughState, call: CallState) -> bool:
    """Whether the agent can act: milliseconds after the answer caller and agent are not yet in one bridge."""
    fresh = state.step is TransferStep.TALKING and not state.attempts
    return not fresh or (bool(call.channel) and call.agent_leg in call.together(call.pbx_call))
