"""The agent goes back to the caller, or hangs up, while somebody is rung or talks."""

from __future__ import annotations

import pytest

from pbx_bridge.calls import effects as fx
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import TransferStep
from tests.calls import call_events as happens
from tests.calls.call_events import LEG
from tests.transfers.played_transfer import A1, PlayedTransfer
from tests.transfers.test_hold_first import consulting


def test_back_while_it_rings_stops_the_phone_first_and_moves_the_agent_when_it_has_ended() -> None:
    """Both at once and whoever picks up just then would pull at the agent too."""
    stage = PlayedTransfer().ring().held()
    stage.sent()
    assert stage.ask(msg.AskBack) is None
    assert (stage.sent(), stage.state.step) == (["Drop"], TransferStep.RETURNING)
    stage.failed(A1, "CANCEL", 0)
    assert stage.sent() == []
    assert stage.alone().sent() == ["Back"]
    assert stage.results() == [(A1, "cancelled")]


@pytest.mark.parametrize("kind", [msg.AskBack, msg.AskCancel])
def test_whoever_picked_up_in_that_moment_is_left_again_and_nobody_else_is_rung(kind: type[msg.Ask]) -> None:
    stage = PlayedTransfer().ring().held()
    stage.sent()
    stage.ask(kind)
    assert stage.picked_up(A1).together(LEG, A1).sent() == ["Drop"]
    assert stage.failed(A1, "ANSWER", 16).alone().sent() == ["Back"]
    assert stage.back().at(TransferStep.TALKING)


def test_back_does_not_wait_for_a_phone_of_which_nothing_is_heard() -> None:
    stage = PlayedTransfer().ring().held()
    stage.sent()
    stage.ask(msg.AskBack)
    assert stage.wait(0.4).sent() == ["Drop"]
    assert stage.wait(0.2).sent() == ["Back"]


def test_back_between_two_phones_goes_at_once() -> None:
    stage = PlayedTransfer().ring().held().failed(A1)
    stage.sent()
    assert stage.ask(msg.AskBack) is None
    assert (stage.sent(), stage.state.step) == (["Back"], TransferStep.RETURNING)


@pytest.mark.parametrize("told_first", [True, False])
def test_an_agents_leg_that_outlives_its_phone_is_ended_and_the_caller_looked_after(told_first: bool) -> None:
    """A Bridge() may fetch it out of its hangup handler; nothing else tells."""
    stage = PlayedTransfer().ring().held()
    if told_first:
        stage.tell(happens.LEFT)
    stage.picked_up(A1).together(LEG, A1)
    if not told_first:
        stage.tell(happens.LEFT)
    stage.sent()
    assert stage.wait(1.9).sent() == []
    assert (stage.wait(0.2).sent(), stage.looked()) == (["EndAgentLeg"], 1)
    stage.tell(happens.AGENT_GONE)
    assert stage.at(TransferStep.ENDED)
    stage.wait(2.1)
    assert stage.looked() == 1


def test_an_agents_leg_that_ends_with_its_phone_is_ended_by_nobody() -> None:
    stage = consulting()
    stage.sent()
    stage.tell(happens.LEFT, happens.AGENT_GONE)
    stage.wait(2.1)
    assert stage.sent() == []


def test_a_swallowed_back_is_sent_again_until_the_bridge_proves_it_and_then_looked_into() -> None:
    stage = PlayedTransfer().ring().held()
    assert stage.ask(msg.AskBack) is None
    stage.together(LEG, A1)
    assert stage.at(TransferStep.RETURNING)
    stage.sent()
    assert stage.wait(0.4).sent() == []
    assert stage.wait(0.2).sent() == ["Back"]
    stage.wait(2)
    assert stage.sent() == ["Back", "Back"]
    assert any(isinstance(effect, fx.Look) for effect in stage.effects)
    stage.back()
    assert (stage.state.step, stage.state.deadline) == (TransferStep.TALKING, None)
