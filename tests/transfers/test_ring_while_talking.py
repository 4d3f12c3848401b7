from __future__ import annotations

from pbx_bridge.calls import events as ev
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import TransferStep
from tests.calls.call_events import CALL, LEG
from tests.transfers.played_transfer import A1, A2, PLAN, PlayedTransfer


def ringing() -> PlayedTransfer:
    stage = PlayedTransfer().ring(mode="talk")
    assert stage.sent() == ["Ring"], "nobody is moved"
    return stage


def test_the_agent_fetches_whoever_picked_up() -> None:
    stage = ringing().picked_up(A1)
    assert stage.at(TransferStep.ANSWERED)
    assert stage.may == {"switch", "back", "cancel", "hang_up"}
    assert stage.ask(msg.AskSwitch) is None
    assert (stage.sent(), stage.state.step) == (["Move"], TransferStep.FETCHING)
    stage.together(LEG, A1)
    assert stage.at(TransferStep.CONSULTING)


def test_the_deputy_is_rung_at_once() -> None:
    stage = ringing().failed(A1)
    assert (stage.sent(), stage.state.step) == (["Ring"], TransferStep.RINGTALK)
    stage.failed(A2)
    assert (stage.sent(), stage.state.step) == ([], TransferStep.TALKING)
    assert stage.results() == [(A1, "busy"), (A2, "busy")]


def test_cancel_and_back_only_stop_the_phone() -> None:
    for ask in (msg.AskCancel, msg.AskBack):
        stage = ringing()
        assert stage.ask(ask) is None
        assert stage.sent() == ["Drop"]
        stage.failed(A1, "CANCEL", 0)
        assert (stage.state.step, stage.sent(), stage.results()) == (
            TransferStep.TALKING,
            [],
            [(A1, "cancelled")],
        )


def test_whom_nobody_fetched_in_time_is_no_refusal_of_theirs() -> None:
    stage = ringing().picked_up(A1).tell(ev.TargetReleased(CALL, A1)).failed(A1, "ANSWER", 16)
    assert (stage.state.step, stage.results()) == (TransferStep.TALKING, [(A1, "cancelled")])


def test_an_employee_gone_while_being_fetched_brings_the_agent_back() -> None:
    stage = ringing().picked_up(A1)
    stage.ask(msg.AskSwitch)
    stage.sent()
    stage.held().failed(A1, "ANSWER", 16).alone()
    assert (stage.sent(), stage.state.step) == (["Back"], TransferStep.RETURNING)


def test_no_telephone_rings_twice_in_one_plan() -> None:
    doubled = type(PLAN)((PLAN.steps[0], PLAN.steps[0], PLAN.steps[1]))
    stage = PlayedTransfer().ring(doubled, mode="talk").failed(A1)
    assert stage.state.current
    assert stage.state.current.employee == "wolf"


def test_declined_by_key_while_waiting_hands_on_to_the_deputy_and_nobody_is_moved() -> None:
    stage = ringing().picked_up(A1).tell(ev.TargetAccepted(CALL, A1, accepted=False))
    assert (stage.sent(), stage.state.step) == (["Drop"], TransferStep.RINGTALK)
    stage.failed(A1, "ANSWER", 16)
    assert (stage.sent(), stage.results()) == (["Ring"], [(A1, "declined")])


def test_accepted_by_key_while_waiting_changes_nothing_the_agent_still_has_to_say_goodbye() -> None:
    stage = ringing().picked_up(A1).tell(ev.TargetAccepted(CALL, A1, accepted=True))
    assert (stage.sent(), stage.state.step) == ([], TransferStep.ANSWERED)
