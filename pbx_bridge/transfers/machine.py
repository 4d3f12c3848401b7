"""The put-through as one table.

Read ROWS as sentences: in this step, when this happens, go there and do that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from pbx_bridge.calls.effects import CallChanged, Unexpected
from pbx_bridge.calls.message import Effect, Message
from pbx_bridge.transfers import actions as do
from pbx_bridge.transfers.actions import Transition, TransitionAction
from pbx_bridge.transfers.messages import Send
from pbx_bridge.transfers.state import PutThroughState
from pbx_bridge.transfers.states import TransferHappening as H
from pbx_bridge.transfers.states import TransferStep as S

Row = tuple[S, tuple[TransitionAction, ...]]


def step(
    state: PutThroughState, happening: H, message: Message | None, now: datetime
) -> tuple[PutThroughState, list[Effect]]:
    """The put-through after `happening`, and what has to be done.

    What fits no row is `Unexpected`; never raises.
    """
    row = TABLE.get((state.step, happening))
    if row is None:
        return state, [Unexpected("put_through", state.step, happening.name.lower(), state.call)]
    to, actions = row
    turn = Transition(state, message, now)
    for action in actions:
        action(turn)
    return _settle(state, to, turn)


def _settle(before: PutThroughState, to: S, turn: Transition) -> tuple[PutThroughState, list[Effect]]:
    after = turn.state if to is before.step else replace(turn.state, step=to, since=turn.now)
    sends: list[Effect] = [Send(after.call, tuple(turn.acts))] if turn.acts else []
    changed: list[Effect] = [CallChanged(after.call)] if after != before else []
    return after, [*turn.effects, *sends, *changed]


# ---- the table

APART = (S.HOLDING, S.HELD, S.DIALING, S.FETCHING, S.CONSULTING, S.JOINING, S.RETURNING)
TOGETHER = (S.TALKING, S.RINGTALK, S.ANSWERED)
LIVE = TOGETHER + APART
UNDER_WAY = tuple(at for at in LIVE if at is not S.RETURNING)
APART_NOT_DIALING = tuple(at for at in APART if at is not S.DIALING)
APART_NOT_JOINING = tuple(at for at in APART if at is not S.JOINING)
SAME = None
RING_NEXT = (do.move_apart, do.ring, do.await_bridge)

# Two rules. What was asked for is not so until a bridge proves it: HOLDING, FETCHING, JOINING and RETURNING
# are only on the way, and the rows "proofs" lead to what is, from any step, whatever was asked. And nothing
# is sent twice: where no word comes in time, or the PBX says no, the answer is to look (a snapshot), since
# an act whose outcome is unknown may have been done. The one exception is the way back, which may be asked
# for again.
#
# Why it is a machine of its own: see calls/machine.py. A plan, a clock and the next act are wishes of an
# agent; after a restart they are gone, and `from_snapshot` makes of the legs that live a state without a
# plan.
#
# The steps are those of the agent's hands, not of the wire: who hears what, and which key makes sense (MAY
# is read off the rows, so that the desk offers no key that has none). Where caller and agent still talk
# (TOGETHER) the agent's end ends the put-through; where they are apart the dial plan fetches the caller
# back.
#
# Outside of the table: whether a number may be dialled and who comes next (rules.calls.transfer makes the
# plan before the first row), what an event means (`observe`), how long silence is normal (`actions`: a
# deadline with each act), and what becomes of an attempt, which is written down by the journal whatever the
# put-through does next.
ROWS: tuple[tuple[tuple[S, ...], H, S | None, tuple[TransitionAction, ...]], ...] = (
    # caller and agent talk
    ((S.TALKING,),    H.ASK_HOLD,       S.HOLDING,    (do.hold,)),
    ((S.TALKING,),    H.ASK_RING,       S.DIALING,    (do.take_plan, *RING_NEXT)),
    ((S.TALKING,),    H.ASK_RING_TALK,  S.RINGTALK,   (do.take_plan, do.ring)),
    (TOGETHER,        H.ASK_HANG_UP,    SAME,         (do.hang_up,)),
    # hold without anybody to ask yet
    ((S.HOLDING,),    H.CALLER_HELD,    S.HELD,       (do.calm, do.note_hold)),
    ((S.HELD,),       H.CALLER_HELD,    SAME,         (do.note_hold,)),
    ((S.HELD,),       H.ASK_RING,       S.DIALING,    (do.take_plan, *RING_NEXT)),
    ((S.HOLDING, S.HELD), H.AGENT_ALONE, S.RETURNING, (do.back,)),
    # a colleague is rung as an employee is, hold first; who takes the call is its agent: all begins anew
    ((S.TALKING, S.HELD), H.ASK_COLLEAGUE, S.DIALING, (do.move_apart, do.ring_colleague, do.await_bridge)),
    ((*LIVE, S.ENDED), H.HANDED,        S.TALKING,    (do.hand_over,)),
    # hold first: caller on music, the employee's phone rings
    ((S.DIALING,),    H.CALLER_HELD,    SAME,         (do.note_hold, do.expect_answer)),
    ((S.DIALING,),    H.PICKED_UP,      SAME,         (do.note_pick_up, do.await_bridge)),
    ((S.DIALING,),    H.LEG_OVER,       SAME,         (do.await_bridge,)),
    ((S.DIALING,),    H.NEXT_DUE,       SAME,         RING_NEXT),
    ((S.DIALING,),    H.AGENT_ALONE,    S.RETURNING,  (do.back,)),
    ((S.DIALING,),    H.ASK_CANCEL,     S.RETURNING,  (do.stop_ringing,)),
    ((S.DIALING,),    H.ASK_BACK,       S.RETURNING,  (do.stop_ringing,)),
    # ring while talking: nobody is moved until the agent says so
    ((S.RINGTALK,),   H.PICKED_UP,      S.ANSWERED,   (do.note_pick_up, do.calm)),
    ((S.RINGTALK,),   H.NEXT_DUE,       SAME,         (do.ring,)),
    ((S.RINGTALK,),   H.LEG_OVER,       S.TALKING,    (do.let_go,)),
    ((S.RINGTALK, S.ANSWERED), H.ASK_CANCEL, SAME,    (do.stop, do.drop)),
    ((S.RINGTALK, S.ANSWERED), H.ASK_BACK, SAME,      (do.stop, do.drop)),
    ((S.ANSWERED,),   H.LEG_OVER,       S.TALKING,    (do.let_go,)),
    ((S.ANSWERED,),   H.DECLINED,       S.RINGTALK,   (do.note_declined, do.drop)),
    ((S.ANSWERED,),   H.ASK_SWITCH,     S.FETCHING,   (do.move_apart,)),
    ((S.FETCHING,),   H.CALLER_HELD,    SAME,         (do.note_hold,)),
    ((S.FETCHING,),   H.LEG_OVER,       SAME,         (do.await_bridge,)),
    ((S.FETCHING,),   H.AGENT_ALONE,    S.RETURNING,  (do.back,)),
    # consultation
    ((S.CONSULTING,), H.ASK_CONNECT,    S.JOINING,    (do.connect,)),
    ((S.CONSULTING,), H.ACCEPTED,       S.JOINING,    (do.connect,)),
    ((S.CONSULTING,), H.DECLINED,       SAME,         (do.note_declined, do.drop)),
    ((S.CONSULTING,), H.PICKED_UP,      SAME,         (do.note_pick_up,)),
    ((S.CONSULTING,), H.CALLER_HELD,    SAME,         (do.note_hold,)),
    ((S.CONSULTING,), H.LEG_OVER,       SAME,         (do.await_bridge,)),
    ((S.CONSULTING,), H.NEXT_DUE,       S.DIALING,    RING_NEXT),
    ((S.CONSULTING,), H.AGENT_ALONE,    S.RETURNING,  (do.back,)),
    # connecting; if the employee is gone by then, the dial plan brings the agent back
    ((S.JOINING,),    H.LEG_OVER,       S.RETURNING,  (do.await_bridge,)),
    ((S.JOINING,),    H.AGENT_ALONE,    S.RETURNING,  (do.back,)),
    ((S.JOINING,),    H.CALLER_HELD,    SAME,         ()),
    ((S.JOINING,),    H.AGENT_GONE,     SAME,         (do.await_bridge,)),
    # the way back
    (APART_NOT_DIALING, H.ASK_BACK,     S.RETURNING,  (do.back,)),
    ((S.RETURNING,),  H.LEG_OVER,       SAME,         ()),
    ((S.RETURNING,),  H.PICKED_UP,      SAME,         (do.note_pick_up,)),
    ((S.RETURNING,),  H.CALLER_HELD,    SAME,         (do.note_hold,)),
    ((S.RETURNING,),  H.AGENT_WITH_EMPLOYEE, SAME,    (do.note_pick_up,)),
    ((S.RETURNING,),  H.AGENT_ALONE,    SAME,         (do.back,)),
    ((S.RETURNING,),  H.TIME_UP,        SAME,         (do.back_again_or_look,)),
    # proofs: whatever was asked for, this is how it is
    (APART,           H.CALLER_WITH_AGENT, S.TALKING, (do.let_go,)),
    (TOGETHER,        H.CALLER_WITH_AGENT, SAME,      ()),
    (UNDER_WAY,       H.AGENT_WITH_EMPLOYEE, S.CONSULTING, (do.note_pick_up, do.calm)),
    ((*LIVE, S.ENDED), H.CALLER_WITH_EMPLOYEE, S.JOINED, (do.note_join, do.let_go)),
    (TOGETHER,        H.CALLER_HELD,    S.HELD,       (do.calm, do.note_hold)),
    # nothing comes, or the PBX says no: look
    (UNDER_WAY,       H.TIME_UP,        SAME,         (do.look,)),
    (LIVE,            H.ACTION_FAILED,  SAME,         (do.look,)),
    # it ends
    (LIVE,            H.HOLD_ENDED,     S.ENDED,      (do.let_go,)),
    (LIVE,            H.CALLER_GONE,    S.ENDED,      (do.let_go,)),
    (APART_NOT_JOINING, H.AGENT_LEAVING, SAME,        (do.await_hang_up,)),
    (TOGETHER,        H.AGENT_GONE,     S.ENDED,      (do.let_go,)),
    (APART_NOT_JOINING, H.AGENT_GONE,   S.ENDED,      (do.await_queue,)),
    ((S.ENDED,),      H.TIME_UP,        SAME,         (do.look,)),
    ((S.ENDED,),      H.HOLD_ENDED,     SAME,         (do.calm,)),
    ((S.ENDED,),      H.CALLER_GONE,    SAME,         (do.calm,)),
    # put through: from here on the agent is free
    ((S.JOINED,),     H.HOLD_ENDED,     S.ENDED,      (do.let_go,)),
    ((S.JOINED,),     H.CALLER_GONE,    S.ENDED,      (do.let_go,)),
    ((S.JOINED,),     H.CALLER_WITH_AGENT, S.TALKING, (do.let_go,)),
    # a phone that is picked up when nobody wants it any more
    ((S.TALKING, S.HOLDING, S.HELD), H.PICKED_UP, SAME, (do.note_pick_up, do.drop)),
    # known already, or late
    ((S.ANSWERED, S.FETCHING, S.JOINING, S.JOINED), H.PICKED_UP, SAME, (do.note_pick_up,)),
    ((S.ANSWERED, S.FETCHING, S.DIALING, S.JOINING, S.JOINED, S.RETURNING), H.ACCEPTED, SAME, ()),
    ((S.FETCHING, S.DIALING, S.JOINING, S.JOINED, S.RETURNING), H.DECLINED, SAME, ()),
    ((*TOGETHER, S.JOINING, S.JOINED, S.ENDED), H.AGENT_LEAVING, SAME, ()),
    ((S.TALKING,),    H.LEG_OVER,       SAME,         ()),
    ((S.HELD, S.HOLDING), H.LEG_OVER,   SAME,         ()),
    ((S.TALKING,),    H.AGENT_ALONE,    SAME,         ()),
    ((S.RINGTALK, S.ANSWERED), H.AGENT_ALONE, SAME,   ()),
    *(((S.JOINED,), late, SAME, ()) for late in (
        H.AGENT_GONE, H.LEG_OVER, H.CALLER_WITH_EMPLOYEE, H.AGENT_ALONE, H.ACTION_FAILED, H.TIME_UP)),
    *(((S.ENDED,), late, SAME, ()) for late in (
        H.AGENT_GONE, H.LEG_OVER, H.AGENT_ALONE, H.CALLER_HELD,
        H.CALLER_WITH_AGENT, H.AGENT_WITH_EMPLOYEE, H.ACTION_FAILED, H.PICKED_UP)),
)  # fmt: skip

TABLE: Mapping[tuple[S, H], Row] = MappingProxyType(
    {(at, happening): (to or at, actions) for steps, happening, to, actions in ROWS for at in steps}
)

COMMANDS: Mapping[H, str] = MappingProxyType(
    {
        H.ASK_HOLD: "hold",
        H.ASK_RING: "ring",
        H.ASK_RING_TALK: "ring_talk",
        H.ASK_COLLEAGUE: "ask_colleague",
        H.ASK_SWITCH: "switch",
        H.ASK_CONNECT: "connect",
        H.ASK_BACK: "back",
        H.ASK_CANCEL: "cancel",
        H.ASK_HANG_UP: "hang_up",
    }
)
"""What the agent can ask, in the desk's words; "ring_talk" is `ring` with mode talk."""

MAY: Mapping[S, tuple[str, ...]] = MappingProxyType(
    {at: tuple(word for happening, word in COMMANDS.items() if (at, happening) in TABLE) for at in S}
)
"""Which commands make sense in a step: those that have a row."""
