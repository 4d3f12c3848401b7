from __future__ import annotations

import pytest

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls import events as ev
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import TransferStep
from rules.calls.transfer import Plan, Skipped
from rules.decision import Refused
from tests.calls import call_events as happens
from tests.calls.call_events import BEN, CALL, CALLER, LEG
from tests.transfers.played_transfer import A1, A2, ALONE, PLAN, PlayedTransfer


def consulting() -> PlayedTransfer:
    return PlayedTransfer().ring().held().picked_up(A1).together(LEG, A1)


def test_caller_goes_on_hold_and_the_employee_is_rung_in_one_write() -> None:
    stage = PlayedTransfer().ring()
    (send,) = [effect for effect in stage.effects if isinstance(effect, msg.Send)]
    assert [type(act) for act in send.acts] == [msg.Move, msg.Ring]
    assert stage.at(TransferStep.DIALING)


def test_consultation_begins_only_when_the_bridge_proves_it() -> None:
    stage = PlayedTransfer().ring().held().picked_up(A1)
    assert stage.at(TransferStep.DIALING)
    stage.together(LEG, A1)
    assert stage.at(TransferStep.CONSULTING)
    assert stage.may == {"connect", "back"}


def test_connect_joins_caller_and_employee() -> None:
    stage = consulting()
    stage.sent()
    assert stage.ask(msg.AskConnect) is None
    assert (stage.sent(), stage.state.step) == (["Connect"], TransferStep.JOINING)
    stage.together(CALL, A1)
    assert (stage.state.step, stage.state.joined_with) == (TransferStep.JOINED, "weiss")
    stage.failed(A1, "ANSWER", 16)
    assert stage.results() == [(A1, "joined")]


@pytest.mark.parametrize(
    "word, cause, result",
    [
        ("BUSY", 17, "busy"),
        ("NOANSWER", 16, "no_answer"),
        ("CHANUNAVAIL", 21, "declined"),
        ("CHANUNAVAIL", 1, "unreachable"),
        ("CHANUNAVAIL", 3, "unreachable"),
        ("CONGESTION", 34, "unreachable"),
        ("FORBIDDEN", 0, "refused"),
    ],
)
def test_the_deputy_follows_by_itself(word: str, cause: int, result: str) -> None:
    stage = PlayedTransfer().ring().held()
    stage.sent()
    stage.failed(A1, word, cause)
    assert stage.sent() == [], "only SecOver says that the agent's leg is free"
    stage.alone()
    assert (stage.sent(), stage.state.step) == (["Move", "Ring"], TransferStep.DIALING)
    assert stage.results() == [(A1, result)]
    assert stage.state.current
    assert (stage.state.current.id, stage.state.current.employee, stage.state.current.as_deputy) == (
        A2,
        "wolf",
        True,
    )


def test_whom_the_caller_wanted_is_known_when_the_deputy_takes_the_call() -> None:
    stage = PlayedTransfer().ring().held().failed(A1).alone().held().picked_up(A2).together(LEG, A2)
    assert stage.ask(msg.AskConnect) is None
    stage.together(CALL, A2)
    assert (stage.state.joined_with, stage.state.asked_for) == ("wolf", "weiss")
    started = [effect for effect in stage.effects if isinstance(effect, msg.AttemptStarted)]
    assert [(one.employee, one.asked) for one in started] == [("weiss", "weiss"), ("wolf", "weiss")]


def test_why_whom_the_caller_wanted_is_not_rung_goes_with_the_deputy_s_attempt() -> None:
    away = Plan(PLAN.steps[1:], (Skipped("weiss", Refused("away")), Skipped("lang", Refused("wish"))))
    skipped, rung = (
        PlayedTransfer().ring(away).held(),
        PlayedTransfer().ring().held().failed(A1).alone().held(),
    )
    told = [
        [(one.employee, one.left_out) for one in stage.effects if isinstance(one, msg.AttemptStarted)]
        for stage in (skipped, rung)
    ]
    assert told == [[("wolf", "away")], [("weiss", ""), ("wolf", "")]]


def test_nobody_reached_brings_the_agent_back_with_what_was_tried() -> None:
    stage = PlayedTransfer().ring().held().failed(A1).alone().held().failed(A2, "NOANSWER", 16)
    stage.sent()
    stage.alone()
    assert (stage.sent(), stage.state.step) == (["Back"], TransferStep.RETURNING)
    stage.back()
    assert stage.at(TransferStep.TALKING)
    assert [(tried.employee, str(tried.result)) for tried in stage.state.tried] == [
        ("weiss", "busy"),
        ("wolf", "no_answer"),
    ]


def test_a_refused_duplicate_is_a_failed_attempt_without_secover() -> None:
    stage = PlayedTransfer().ring().held()
    stage.sent()
    stage.failed(A1, "TWICE", 0)
    assert stage.sent() == ["Move", "Ring"]


def test_an_originate_that_the_pbx_refuses_hands_on_too() -> None:
    stage = PlayedTransfer().ring().held()
    stage.sent()
    stage.tell(msg.ActionRefused(CALL, A1))
    assert stage.sent() == ["Move", "Ring"]


def test_cancel_stops_the_phone_and_tries_nobody_else() -> None:
    stage = PlayedTransfer().ring().held()
    stage.sent()
    assert stage.ask(msg.AskCancel) is None
    assert stage.sent() == ["Drop"]
    stage.failed(A1, "CANCEL", 0).alone()
    assert (stage.sent(), stage.state.step, stage.results()) == (
        ["Back"],
        TransferStep.RETURNING,
        [(A1, "cancelled")],
    )


def test_a_result_that_comes_after_the_agent_is_back_is_told_to_the_screens() -> None:
    stage = PlayedTransfer().ring().held()
    assert stage.ask(msg.AskBack) is None
    stage.back()
    stage.effects.clear()
    stage.failed(A1, "CANCEL", 0)
    assert [str(tried.result) for tried in stage.state.tried] == ["cancelled"]
    assert stage.effects[-1] == fx.CallChanged(CALL)


def test_an_employee_who_hangs_up_in_the_consultation_gives_the_caller_back_and_no_deputy_is_rung() -> None:
    stage = consulting()
    stage.sent()
    stage.failed(A1, "ANSWER", 16).alone()
    assert (stage.sent(), stage.results()) == (["Back"], [(A1, "declined")])


def test_secover_before_sectarget_is_just_as_good() -> None:
    stage = consulting()
    stage.sent()
    stage.alone().failed(A1, "ANSWER", 16).back()
    assert (stage.sent(), stage.state.step) == (["Back"], TransferStep.TALKING)


def test_declined_by_key_hands_on_to_the_deputy() -> None:
    stage = consulting()
    stage.sent()
    stage.tell(ev.TargetAccepted(CALL, A1, accepted=False))
    assert stage.sent() == ["Drop"]
    stage.failed(A1, "ANSWER", 16).alone()
    assert (stage.sent(), stage.state.step, stage.results()) == (
        ["Move", "Ring"],
        TransferStep.DIALING,
        [(A1, "declined")],
    )


def test_the_deputy_is_not_rung_before_the_leg_of_who_declined_is_over() -> None:
    """The agent's leg says first that it is alone; the end of the other one would call the agent back."""
    stage = consulting()
    stage.tell(ev.TargetAccepted(CALL, A1, accepted=False))
    stage.sent()
    assert (stage.alone().sent(), stage.state.step) == ([], TransferStep.CONSULTING)
    assert (stage.failed(A1, "ANSWER", 16).sent(), stage.state.step) == (
        ["Move", "Ring"],
        TransferStep.DIALING,
    )
    assert stage.results() == [(A1, "declined")]


def test_whoever_picked_up_and_was_left_has_declined_nothing() -> None:
    """A mailbox, say: the agent goes back to the caller."""
    stage = consulting()
    assert stage.ask(msg.AskBack) is None
    stage.back().failed(A1, "ANSWER", 16)
    assert stage.results() == [(A1, "answered")]


def test_accepted_by_key_connects() -> None:
    stage = consulting()
    stage.sent()
    stage.tell(ev.TargetAccepted(CALL, A1, accepted=True))
    assert (stage.sent(), stage.state.step) == (["Connect"], TransferStep.JOINING)


def test_no_bridge_within_two_seconds_is_looked_into() -> None:
    stage = PlayedTransfer().ring()
    stage.wait(1.9)
    assert not any(isinstance(effect, fx.Look) for effect in stage.effects)
    stage.wait(0.2)
    assert any(isinstance(effect, fx.Look) for effect in stage.effects)


def test_a_phone_may_ring_in_peace() -> None:
    stage = PlayedTransfer().ring().held().wait(30)
    assert not any(isinstance(effect, fx.Look) for effect in stage.effects)


def test_somebody_nobody_wants_any_more_is_hung_up() -> None:
    stage = PlayedTransfer().ring().held().failed(A1).alone()
    stage.sent()
    stage.picked_up(A1)
    assert stage.effects[-1] == msg.Send(CALL, (msg.Drop(A1),))
    assert stage.at(TransferStep.DIALING)


@pytest.mark.parametrize("end", [happens.HOLD_ENDED, happens.CALLER_GONE, happens.AGENT_GONE])
def test_whatever_ends_it_nobody_else_is_rung(end: ev.PbxEvent) -> None:
    stage = PlayedTransfer().ring().held().tell(end)
    stage.sent()
    stage.failed(A1, "CANCEL", 0)
    assert (stage.sent(), stage.state.step) == ([], TransferStep.ENDED)
    assert stage.results() == [(A1, "cancelled")]


def test_pure_hold_then_ring_then_back() -> None:
    stage = PlayedTransfer()
    assert stage.ask(msg.AskHold) is None
    assert stage.at(TransferStep.HOLDING)
    stage.held()
    assert stage.at(TransferStep.HELD)
    assert stage.may == {"ring", "ask_colleague", "back"}
    stage.ring()
    assert stage.at(TransferStep.DIALING)


def test_the_hold_time_counts_from_the_first_music_over_all_attempts() -> None:
    stage = PlayedTransfer().ring().held().wait(5).failed(A1).alone().held()
    assert stage.state.hold_since == happens.NOW


def test_one_agent_per_call_and_the_other_is_told_who_has_it() -> None:
    stage = PlayedTransfer()
    refused = stage.ask(msg.AskHold, agent=BEN)
    assert refused is not None
    assert (refused.code, refused.params) == ("other_agent", {"agent": happens.ANNA})


@pytest.mark.parametrize("kind", [msg.AskConnect, msg.AskSwitch, msg.AskBack, msg.AskCancel])
def test_a_command_that_makes_no_sense_is_refused_and_does_nothing(kind: type[msg.Ask]) -> None:
    stage = PlayedTransfer()
    refused = stage.ask(kind)
    assert refused is not None
    assert refused.code == "not_now"
    assert stage.sent() == []


def test_the_second_agent_after_the_queue_goes_on_with_new_attempt_numbers() -> None:
    stage = PlayedTransfer().ring(ALONE).held().tell(happens.AGENT_GONE, happens.HOLD_ENDED, happens.QUEUED)
    leg, channel = "1795429700.1", "PJSIP/ben-00000077"
    stage.tell(ev.CallOffered(CALL, BEN, leg, channel), ev.CallAnswered(CALL, BEN, leg, channel))
    stage.tell(ev.Bridged(CALL, leg, channel, "anew"), ev.Bridged(CALL, CALL, CALLER, "anew"))
    assert stage.ask(msg.AskRing, agent=BEN, plan=ALONE, employee="weiss") is None
    assert stage.state.current
    assert stage.state.current.id == A2


def test_nothing_is_offered_before_caller_and_agent_have_met_and_what_is_offered_is_taken() -> None:
    stage = PlayedTransfer(*happens.TO_TALKING[:-2])
    for leg in (happens.AGENT_IN, happens.CALLER_IN):
        assert stage.may == set()
        refused = stage.ask(msg.AskHold)
        assert refused is not None
        assert refused.code == "not_now"
        stage.tell(leg)
    assert "hold" in stage.may
    assert stage.ask(msg.AskHold) is None
