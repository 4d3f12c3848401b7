"""What a row of the put-through's table does: small actions on one turn, which collects acts and effects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls.events import CallAnswered
from pbx_bridge.calls.message import Effect, Message
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.state import Attempt, PutThroughState
from pbx_bridge.transfers.states import Result

BRIDGE_WITHIN = timedelta(seconds=2)
"""A bridge follows a Redirect in milliseconds; after this it is worth a look."""
BACK_WITHIN = timedelta(seconds=0.5)
"""One `back` of ten, sent in the millisecond of the pick-up, was swallowed by the dial plan's own join."""
BACK_AGAIN = 3
RING_MARGIN = timedelta(seconds=12)
"""Beyond the ring time, before silence about a ringing phone is suspicious."""


@dataclass(slots=True)
class Transition:
    """One step of one put-through while it is being taken."""

    state: PutThroughState
    message: Message | None
    now: datetime
    acts: list[msg.Act] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)

    def due(self, after: timedelta | None) -> None:
        """When silence becomes suspicious."""
        self.state = replace(self.state, deadline=self.now + after if after else None)


TransitionAction = Callable[[Transition], None]


def take_plan(turn: Transition) -> None:
    """Whom to ring, as the rules decided."""
    ask = turn.message
    if isinstance(ask, msg.AskRing):
        turn.state = replace(
            turn.state,
            plan=ask.plan.steps,
            asked=ask.employee,
            left_out=next(
                (one.reason.code for one in ask.plan.skipped if one.employee_id == ask.employee), ""
            ),
            mode=ask.mode,
            stopped=False,
        )


def move_apart(turn: Transition) -> None:
    """Caller to the music, agent to where the employee comes."""
    state = turn.state
    turn.acts.append(msg.Move(state.caller_channel, state.agent_channel))
    turn.due(BRIDGE_WITHIN)


def hold(turn: Transition) -> None:
    """Caller to the music, agent into silence."""
    state = turn.state
    turn.acts.append(msg.Move(state.caller_channel, state.agent_channel, quiet=True))
    turn.due(BRIDGE_WITHIN)


def note_hold(turn: Transition) -> None:
    """From now on the caller hears music."""
    turn.state = replace(turn.state, hold_since=turn.state.hold_since or turn.now)


def ring(turn: Transition) -> None:
    """The next of the plan, who is then no longer in it: nobody is rung twice."""
    state = turn.state
    target, *rest = state.plan
    attempt = f"{state.call}-a{state.rung + 1}"
    as_deputy = target.employee_id != state.asked
    outside = "" if target.employee_id else target.number
    known = Attempt(
        attempt,
        target.employee_id,
        as_deputy,
        turn.now,
        target.ring_seconds,
        asked=state.asked,
        number=outside,
    )
    plan = tuple(other for other in rest if other.number != target.number)
    turn.state = replace(state, plan=plan, rung=state.rung + 1, attempts=(*state.attempts, known))
    turn.acts.append(
        msg.Ring(attempt, target.number, target.ring_seconds, state.caller_channel, state.agent_channel)
    )
    turn.effects.append(
        msg.AttemptStarted(
            state.call,
            attempt,
            target.employee_id,
            as_deputy,
            turn.now,
            state.asked,
            outside,
            state.left_out if as_deputy else "",
        )
    )
    turn.due(timedelta(seconds=target.ring_seconds) + RING_MARGIN)


def ring_colleague(turn: Transition) -> None:
    """Another agent; of this nothing is written down, as nobody of the company is rung."""
    ask, state = turn.message, turn.state
    if not isinstance(ask, msg.AskColleague):
        return
    attempt = f"{state.call}-c{state.rung + 1}"
    known = Attempt(attempt, "", False, turn.now, ask.seconds, colleague=ask.colleague, given=ask.give)
    turn.state = replace(
        state,
        plan=(),
        asked="",
        mode="hold",
        stopped=False,
        rung=state.rung + 1,
        attempts=(*state.attempts, known),
    )
    channels = (state.caller_channel, state.agent_channel)
    turn.acts.append(msg.RingColleague(attempt, ask.colleague, ask.seconds, *channels, ask.give, ask.shown))


def hand_over(turn: Transition) -> None:
    """The colleague's leg is the agent's now."""
    event = turn.message
    if not isinstance(event, CallAnswered):
        return
    known = turn.state.attempt(event.leg)
    if known:
        done = replace(
            known,
            result=Result.JOINED,
            over=True,
            answered_at=known.answered_at or turn.now,
            ended_at=turn.now,
        )
        turn.state = turn.state.with_attempt(done)
    turn.state = replace(
        turn.state, agent=event.interface, agent_channel=event.channel, asked="", leaving=False
    )
    let_go(turn)


def await_queue(turn: Transition) -> None:
    """No longer ours, but the caller is on hold: the dial plan must soon bring him back into the queue."""
    let_go(turn)
    turn.due(BRIDGE_WITHIN)


def await_bridge(turn: Transition) -> None:
    """News must come soon."""
    turn.due(BRIDGE_WITHIN)


def expect_answer(turn: Transition) -> None:
    """The phone rings in peace; nothing needs to come before the ring time is over."""
    current = turn.state.current
    if current and current.answered_at is None:
        turn.due(timedelta(seconds=current.seconds) + RING_MARGIN)


def calm(turn: Transition) -> None:
    """As it should be: no deadline, nothing to look for, but for the end of a leg that must still come."""
    deadline = turn.state.deadline if turn.state.leaving else None
    turn.state = replace(turn.state, deadline=deadline, looking=False, retries=0)


def note_pick_up(turn: Transition) -> None:
    """The employee is there."""
    current = turn.state.current
    if current and current.answered_at is None:
        turn.state = turn.state.with_attempt(replace(current, answered_at=turn.now))
        if not current.colleague:
            turn.effects.append(msg.AttemptAnswered(turn.state.call, current.id, turn.now))


def note_declined(turn: Transition) -> None:
    """By key: this one hands on to the deputy although somebody picked up."""
    current = turn.state.current
    if current:
        turn.state = turn.state.with_attempt(replace(current, waved_off=True))


def note_join(turn: Transition) -> None:
    """Put through: the result, before the leg is over."""
    note_pick_up(turn)
    current = turn.state.current
    if current and current.result is not Result.JOINED:
        turn.state = turn.state.with_attempt(replace(current, result=Result.JOINED, ended_at=turn.now))
        turn.effects.append(msg.AttemptEnded(turn.state.call, current.id, Result.JOINED, turn.now))


def connect(turn: Transition) -> None:
    """Employee to the caller; the agent's leg waits a second and goes, or is brought back."""
    current = turn.state.current
    if current:
        turn.acts.append(msg.Connect(current.id, turn.state.agent_channel))
        turn.due(BRIDGE_WITHIN)


def back(turn: Transition) -> None:
    """Agent to the caller; this ends the employee's leg too. Nobody else is rung."""
    turn.acts.append(msg.Back(turn.state.agent_channel))
    turn.state = replace(turn.state, stopped=True)
    turn.due(BACK_WITHIN)


def stop_ringing(turn: Transition) -> None:
    """Back to the caller, the phone first: its leg ends, the dial plan says that the agent is alone, and
    `back` follows.

    Sent at once, `Back` would meet whoever picks up in that millisecond: the employee's leg fetches the agent
    while the agent is fetching the caller, and in one case of thousands the caller ends with neither. A
    colleague who is given the call at the answer is not dropped, as the caller may be theirs already.
    """
    current = turn.state.current
    if current is None or current.given:
        back(turn)
        return
    turn.acts.append(msg.Drop(current.id))
    stop(turn)
    turn.due(BACK_WITHIN)


def drop(turn: Transition) -> None:
    """Stop the employee's phone, or end the leg."""
    current = turn.state.current
    if current:
        turn.acts.append(msg.Drop(current.id))
        turn.due(BRIDGE_WITHIN)


def stop(turn: Transition) -> None:
    """Nobody else is rung."""
    turn.state = replace(turn.state, stopped=True)


def hang_up(turn: Transition) -> None:
    """The agent's leg; the caller's ends with it."""
    turn.acts.append(msg.HangUpAgent(turn.state.agent_channel))


def await_hang_up(turn: Transition) -> None:
    """The agent's leg must soon be over. A Bridge() that fetches it in the moment of the hang-up can keep it
    alive, without a phone and without its hangup handler, and the caller on hold."""
    turn.state = replace(turn.state, leaving=True)
    turn.due(BRIDGE_WITHIN)


def look(turn: Transition) -> None:
    """What the news leaves open a snapshot tells. A leg that should be over by now is ended before."""
    if turn.state.leaving:
        turn.acts.append(msg.EndAgentLeg(turn.state.agent_channel))
        turn.state = replace(turn.state, leaving=False)
    turn.effects.append(fx.Look(turn.state.call))
    turn.state = replace(turn.state, looking=True)
    turn.due(BRIDGE_WITHIN)


def back_again_or_look(turn: Transition) -> None:
    """No proof of being back: it was swallowed, so once more; after a few times look what is going on."""
    if turn.state.retries < BACK_AGAIN and not turn.state.leaving:
        back(turn)
        turn.state = replace(turn.state, retries=turn.state.retries + 1)
    else:
        look(turn)


def let_go(turn: Transition) -> None:
    """No longer on hold for us."""
    turn.state = replace(turn.state, hold_since=None, plan=(), leaving=False)
    calm(turn)
