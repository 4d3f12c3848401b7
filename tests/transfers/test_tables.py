from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbx_bridge.transfers.machine import MAY, TABLE, step
from pbx_bridge.transfers.messages import AskRing
from pbx_bridge.transfers.state import PutThroughState
from pbx_bridge.transfers.states import TransferHappening, TransferStep, result_of
from tests.calls.call_events import ANNA, CALL, CALLER, CHANNEL, NOW
from tests.transfers.played_transfer import PLAN, WEISS

START = PutThroughState(CALL, TransferStep.TALKING, NOW, CALLER, ANNA, CHANNEL)
ASK = AskRing(call=CALL, agent=ANNA, plan=PLAN, employee=WEISS)


def take(state: PutThroughState, happening: TransferHappening) -> PutThroughState:
    """The reducer says NEXT_DUE only when somebody is left."""
    if happening is TransferHappening.NEXT_DUE and not state.plan:
        return state
    return step(state, happening, ASK, NOW)[0]


def test_no_sequence_of_five_raises_and_every_step_is_reached() -> None:
    reached = {repr(START): START}
    seen = {START.step}
    for _ in range(5):
        further = [
            take(state, happening)
            for state, happening in itertools.product(reached.values(), TransferHappening)
        ]
        reached = {repr(state): state for state in further}
        seen |= {state.step for state in further}
    assert seen == set(TransferStep)


@given(st.lists(st.sampled_from(list(TransferHappening)), max_size=80))
@settings(max_examples=300)
def test_after_any_long_walk_the_caller_can_still_get_out(walk: list[TransferHappening]) -> None:
    state = START
    for happening in walk:
        state = take(state, happening)
    assert take(state, TransferHappening.CALLER_GONE).step is TransferStep.ENDED


def test_from_every_step_apart_the_agent_can_go_back_and_the_bridge_proves_it() -> None:
    for at in set(TransferStep) - {TransferStep.TALKING, TransferStep.JOINED, TransferStep.ENDED}:
        assert "back" in MAY[at]
        to = TABLE[at, TransferHappening.CALLER_WITH_AGENT][0]
        assert to in {TransferStep.TALKING, TransferStep.RINGTALK, TransferStep.ANSWERED}


def test_no_live_step_is_a_dead_end_without_a_clock_or_a_command() -> None:
    """Wherever something is awaited, silence or a refusal of the PBX leads on."""
    for at in set(TransferStep) - {TransferStep.JOINED, TransferStep.ENDED}:
        assert TABLE[at, TransferHappening.TIME_UP][1]
        assert TABLE[at, TransferHappening.ACTION_FAILED][1]
        for end in (TransferHappening.CALLER_GONE, TransferHappening.HOLD_ENDED):
            assert TABLE[at, end][0] is TransferStep.ENDED


def test_nobody_is_rung_twice_on_any_walk() -> None:
    reached = {repr(START): START}
    for _ in range(5):
        further = (
            take(state, happening)
            for state, happening in itertools.product(reached.values(), TransferHappening)
        )
        reached = {repr(state): state for state in further}
        for state in reached.values():
            ids = [attempt.id for attempt in state.attempts]
            assert len(ids) == len(set(ids))


def test_every_happening_is_in_the_table() -> None:
    assert {happening for _, happening in TABLE} == set(TransferHappening)


@pytest.mark.parametrize(
    "said, cause, result",
    [("BUSY", 17, "busy"), ("BUSY", 0, "busy"), ("BUSY", 16, "unreachable"), ("CHANUNAVAIL", 21, "declined")],
)
def test_a_phone_that_forwards_is_not_busy(said: str, cause: int, result: str) -> None:
    assert result_of(said, cause) == result
