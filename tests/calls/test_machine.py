from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.effects import EndReason, OfferGoneReason, Phase
from pbx_bridge.calls.machine import TABLE, Happening, step
from pbx_bridge.calls.message import Effect, Message
from tests.calls import call_events as happens
from tests.calls.call_events import CALL, NOW, the_call

EVENTS: tuple[ev.PbxEvent, ...] = (
    happens.QUEUED, happens.OFFERED, happens.OFFERED_BEN, happens.SILENT, happens.ANSWERED,
    happens.AGENT_IN, happens.CALLER_IN, happens.EMPLOYEE_IN, happens.CALLER_HELD, happens.HOLD_ENDED,
    happens.LEFT, happens.AGENT_GONE, happens.CALLER_GONE, happens.ABANDONED, happens.GAVE_UP,
    ev.CallPicked(CALL, happens.ANNA, "OK"), ev.PickOver(CALL, happens.ANNA, "NOANSWER"),
)  # fmt: skip

OVERFLOWS = (
    happens.ARRIVED, ev.QueueJoined(CALL, "sec-2", 1), ev.QueueAbandoned(CALL, "sec-2"), happens.QUEUED
)  # fmt: skip


def test_whom_the_queue_gave_up_waits_no_more_though_the_call_goes_on() -> None:
    waits = the_call(happens.ARRIVED, happens.QUEUED)
    leaves_a_message = the_call(happens.ARRIVED, happens.QUEUED, happens.GAVE_UP)
    assert (waits.waiting, leaves_a_message.waiting, leaves_a_message.live) == (True, False, True)


@pytest.mark.parametrize(
    "events, phase, reason",
    [
        ((happens.ARRIVED,), Phase.ARRIVED, None),
        ((happens.ARRIVED, happens.QUEUED), Phase.WAITING, None),
        ((happens.ARRIVED, happens.QUEUED, happens.OFFERED), Phase.OFFERED, None),
        ((happens.ARRIVED, happens.QUEUED, happens.OFFERED, happens.SILENT), Phase.WAITING, None),
        (happens.TO_TALKING, Phase.TALKING, None),
        ((*happens.TO_TALKING, happens.CALLER_HELD), Phase.PUTTING_THROUGH, None),
        ((*happens.TO_TALKING, happens.CALLER_HELD, happens.HOLD_ENDED), Phase.WAITING, None),
        ((*happens.TO_TALKING, happens.CALLER_GONE), Phase.ENDED, EndReason.CALLER),
        (
            (*happens.TO_TALKING, happens.LEFT, happens.AGENT_GONE, happens.CALLER_GONE),
            Phase.ENDED,
            EndReason.AGENT,
        ),
        (
            (happens.ARRIVED, happens.QUEUED, happens.OFFERED, happens.CALLER_GONE),
            Phase.ENDED,
            EndReason.ABANDONED,
        ),
        (
            (happens.ARRIVED, happens.QUEUED, happens.GAVE_UP, happens.CALLER_GONE),
            Phase.ENDED,
            EndReason.UNANSWERED,
        ),
        ((*happens.TO_TALKING, happens.HOLD_ENDED, happens.CALLER_GONE), Phase.ENDED, EndReason.ABANDONED),
        # A queue whose time is over reports an abandoned caller; the next queue has the call then.
        (OVERFLOWS, Phase.WAITING, None),
        ((*OVERFLOWS, happens.OFFERED_BEN), Phase.OFFERED, None),
        ((*OVERFLOWS, happens.OFFERED, happens.ANSWERED), Phase.TALKING, None),
        ((*OVERFLOWS, happens.ABANDONED, happens.CALLER_GONE), Phase.ENDED, EndReason.ABANDONED),
        (
            (*OVERFLOWS, happens.ABANDONED, happens.GAVE_UP, happens.CALLER_GONE),
            Phase.ENDED,
            EndReason.UNANSWERED,
        ),
    ],
)
def test_where_a_call_goes(events: tuple[Message, ...], phase: Phase, reason: EndReason | None) -> None:
    call = the_call(*events)
    assert (call.phase, call.end_reason) == (phase, reason)


def test_a_call_that_comes_back_from_hold_waits_again_and_remembers_who_had_it() -> None:
    call = the_call(
        *happens.TO_TALKING, happens.CALLER_HELD, happens.LEFT, happens.HOLD_ENDED, happens.QUEUED
    )
    assert call.phase is Phase.WAITING
    assert call.agents == (happens.ANNA,)
    assert call.busy_agent is None
    assert call.answered_at == NOW


@pytest.mark.parametrize("back", [happens.HOLD_ENDED, happens.QUEUED])
@pytest.mark.parametrize("was", [happens.CALLER_HELD, replace(happens.EMPLOYEE_IN, bridge="talk")])
@pytest.mark.parametrize("leg", [happens.EMPLOYEE_IN, happens.AGENT_IN])
@pytest.mark.parametrize("bridge", ["consult", "talk", "hold"])
def test_who_is_in_the_queue_again_is_with_nobody_whoever_else_moves(
    was: ev.Bridged, back: ev.PbxEvent, leg: ev.Bridged, bridge: str
) -> None:
    """An employee who picks up in that moment is in a bridge of their own."""
    call = the_call(*happens.TO_TALKING, was, back, replace(leg, bridge=bridge))
    assert call.phase is Phase.WAITING
    call, effects = step(call, happens.OFFERED_BEN, NOW)
    assert (call.phase, effects) == (Phase.OFFERED, [fx.Offered(CALL, happens.BEN)])


def test_who_answers_takes_the_pop_from_the_others() -> None:
    call = the_call(happens.ARRIVED, happens.QUEUED, happens.OFFERED, happens.OFFERED_BEN)
    call, effects = step(call, happens.ANSWERED, NOW)
    assert effects[:2] == [
        fx.OfferGone(CALL, happens.BEN, OfferGoneReason.ANSWERED_ELSEWHERE),
        fx.Answered(CALL, happens.ANNA),
    ]
    assert not call.offered


def test_what_fits_no_row_is_told_and_changes_nothing() -> None:
    call = the_call(*happens.TO_TALKING)
    after, effects = step(call, happens.OFFERED, NOW)
    assert after == call
    assert effects == [fx.Unexpected("call", "talking", "offered", CALL)]


def test_no_sequence_of_five_events_raises_and_the_end_stays_the_end() -> None:
    reached = {repr(call): call for call in [the_call(happens.ARRIVED)]}
    for _ in range(5):
        further = [
            (call, step(call, event, NOW)[0]) for call, event in itertools.product(reached.values(), EVENTS)
        ]
        assert not any(call.phase is Phase.ENDED and after.live for call, after in further)
        reached = {repr(after): after for _, after in further}
    assert {call.phase for call in reached.values()} == set(Phase)


@given(st.lists(st.sampled_from(EVENTS), max_size=60))
@settings(max_examples=200)
def test_after_any_long_walk_a_hang_up_still_ends_the_call(walk: list[ev.PbxEvent]) -> None:
    call = the_call(happens.ARRIVED)
    for event in (*walk, happens.CALLER_GONE):
        call, _ = step(call, event, NOW)
    assert call.phase is Phase.ENDED
    assert call.end_reason


def test_no_phase_is_a_dead_end() -> None:
    ways = {(phase, to) for (phase, _), (to, _) in TABLE.items() if phase is not to}
    for phase in set(Phase) - {Phase.ENDED}:
        assert (phase, Phase.ENDED) in ways
        assert phase is Phase.ARRIVED or any(to is phase for _, to in ways)


def test_every_happening_has_a_row() -> None:
    assert {happening for _, happening in TABLE} == set(Happening)


def test_it_is_told_when_caller_and_agent_have_met_though_the_phase_was_there_before() -> None:
    half = the_call(*happens.TO_TALKING[:-1])
    assert half.phase is Phase.TALKING
    assert step(half, happens.CALLER_IN, NOW)[1] == [fx.CallChanged(CALL)]


BEN_GONE = ev.HungUp(CALL, happens.OFFERED_BEN.leg, happens.OFFERED_BEN.channel)
BEN_SILENT = ev.OfferEnded(CALL, happens.BEN, happens.OFFERED_BEN.leg)
BOTH_RING = (happens.ARRIVED, happens.QUEUED, happens.OFFERED, happens.OFFERED_BEN)
ELSEWHERE, LEFT, NOBODY = (
    OfferGoneReason.ANSWERED_ELSEWHERE,
    OfferGoneReason.CALLER_GONE,
    OfferGoneReason.NOT_ANSWERED,
)
WHY_SILENT: dict[str, tuple[tuple[ev.PbxEvent, ...], OfferGoneReason]] = {
    # what comes after both phones ring → what Ben is told, in the end and once
    "the other one answers, and his phone hung up before": ((BEN_GONE, happens.ANSWERED), ELSEWHERE),
    "the other one answers, and his phone hangs up then": ((happens.ANSWERED, BEN_GONE), ELSEWHERE),
    "the caller gives up, and both phones hung up before": (
        (BEN_GONE, happens.AGENT_GONE, happens.ABANDONED, happens.CALLER_GONE), LEFT
    ),
    "the caller gives up, and the phones hang up then": (
        (happens.ABANDONED, BEN_GONE, happens.AGENT_GONE, happens.CALLER_GONE), LEFT
    ),
    "the caller's leg ends without a word of the queue": ((BEN_GONE, happens.CALLER_GONE), LEFT),
    "nobody picks up, and the queue says so": ((BEN_SILENT, BEN_GONE), NOBODY),
    "nobody picks up, and the queue says so late": ((BEN_GONE, BEN_SILENT), NOBODY),
}  # fmt: skip


@pytest.mark.parametrize("case", WHY_SILENT)
def test_why_a_phone_fell_silent_is_told_when_it_is_known_and_once(case: str) -> None:
    events, reason = WHY_SILENT[case]
    call, told = the_call(*BOTH_RING), list[Effect]()
    for event in events:
        call, effects = step(call, event, NOW)
        told += effects
    mine = [effect for effect in told if isinstance(effect, fx.OfferGone) and effect.interface == happens.BEN]
    assert mine == [fx.OfferGone(CALL, happens.BEN, reason)]
    assert happens.BEN not in call.offered
    if reason is ELSEWHERE:
        assert call.agent == happens.ANNA, "and by whom"


def test_a_phone_that_rings_once_more_was_never_gone() -> None:
    again = ev.CallOffered(CALL, happens.BEN, "1795429654.200", "PJSIP/ben-00000099")
    call, told = the_call(*BOTH_RING), list[Effect]()
    for event in (BEN_GONE, again):
        call, effects = step(call, event, NOW)
        told += effects
    assert not [effect for effect in told if isinstance(effect, fx.OfferGone)]
    assert call.offered == {happens.ANNA, happens.BEN}


def test_an_answer_begins_a_conversation_whose_name_stays() -> None:
    call = the_call(*happens.TO_TALKING)
    assert call.conversation == happens.LEG
    call = the_call(*happens.TO_TALKING, happens.CALLER_HELD, happens.AGENT_GONE, happens.HOLD_ENDED)
    assert (call.agent_leg, call.conversation) == ("", happens.LEG)
