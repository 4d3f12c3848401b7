from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pbx_bridge.calls import events as ev
from pbx_bridge.calls.commands import NoteDone
from pbx_bridge.calls.registry import Registry
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import TransferStep
from tests.calls import call_events as happens
from tests.calls.call_events import CALL, LEG, NOW
from tests.calls.test_registry import AGENT_LEG, CALLER_LEG, CONSULTS, EMPLOYEE, HELD_LEG, MEMBER
from tests.transfers.played_transfer import A1, PLAN, PlayedTransfer

RINGS = replace(EMPLOYEE, bridge="", up=False)
WAITS = replace(CONSULTS, bridge="agent", application="BridgeWait")
OVER = replace(CONSULTS, bridge="", where="sec-consult,over,4")
QUIET = replace(CONSULTS, bridge="agent", where="sec-held,s,3", application="BridgeWait")
PARKED = replace(EMPLOYEE, bridge="emp", application="BridgeWait")
FETCHED = replace(CALLER_LEG, where="sec-hold,s,5", application="BridgeWait")
SITES = [
    ((CALLER_LEG, AGENT_LEG, RINGS), TransferStep.RINGTALK),
    ((CALLER_LEG, AGENT_LEG, PARKED), TransferStep.ANSWERED),
    ((HELD_LEG, WAITS, RINGS), TransferStep.DIALING),
    ((HELD_LEG, CONSULTS, EMPLOYEE), TransferStep.CONSULTING),
    ((HELD_LEG, QUIET), TransferStep.HELD),
    ((HELD_LEG, WAITS), TransferStep.RETURNING),
    ((HELD_LEG, OVER), TransferStep.RETURNING),
    # Whoever is fetched out of the music keeps the names of where they waited: who is with whom decides.
    ((FETCHED, AGENT_LEG, RINGS), TransferStep.RINGTALK),
    (
        (FETCHED, replace(AGENT_LEG, where=QUIET.where, application="BridgeWait"), PARKED),
        TransferStep.ANSWERED,
    ),
    (
        (HELD_LEG, replace(CONSULTS, where=QUIET.where, application="BridgeWait"), EMPLOYEE),
        TransferStep.CONSULTING,
    ),
    ((HELD_LEG, CONSULTS, replace(EMPLOYEE, application="BridgeWait")), TransferStep.CONSULTING),
]


@pytest.mark.parametrize("legs, step", SITES)
def test_after_our_restart_the_put_through_is_as_the_legs_say(
    legs: tuple[ev.LiveLeg, ...], step: TransferStep
) -> None:
    stage = PlayedTransfer(ev.LinkUp())
    stage.tell(ev.Snapshot(legs, (MEMBER,)))
    assert stage.at(step)
    assert stage.ask(msg.AskBack) is None
    if step is TransferStep.CONSULTING:
        assert stage.may >= {"back"}


@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize("deputies", [1, 0])
def test_who_is_refused_before_the_agent_has_come_is_followed_by_the_deputy_too(
    early: bool, deputies: int
) -> None:
    """The word that the agent is alone comes too early to count, or not at all: a look tells."""
    stage = PlayedTransfer().ring(replace(PLAN, steps=PLAN.steps[: 1 + deputies])).held()
    if early:
        stage.alone()
    stage.failed(A1, "FORBIDDEN", 0)
    assert (stage.sent(), stage.wait(2).looked()) == (["Move", "Ring"], 1)
    stage.tell(ev.Snapshot((HELD_LEG, WAITS), (MEMBER,)))
    assert stage.sent() == (["Move", "Ring"] if deputies else ["Back"])
    assert stage.at(TransferStep.DIALING if deputies else TransferStep.RETURNING)


def test_whoever_waits_for_nobody_is_brought_back_at_once() -> None:
    stage = PlayedTransfer(ev.LinkUp()).tell(ev.Snapshot((HELD_LEG, WAITS), (MEMBER,)))
    assert stage.sent() == ["Back"]


def test_an_adopted_attempt_outside_gets_its_number_from_the_database_and_from_nowhere_else() -> None:
    """What is dialled may be somebody's extension, which agents never see."""
    stage = PlayedTransfer(ev.LinkUp()).tell(ev.Snapshot((HELD_LEG, CONSULTS, EMPLOYEE), (MEMBER,)))
    assert stage.state.current
    assert stage.state.current.number == ""
    stage.tell(msg.AttemptKnown(CALL, A1, "", number="+493023125190"))
    assert (stage.state.current.employee, stage.state.current.number) == ("", "+493023125190")
    assert stage.state.asked_for is None


def test_an_adopted_attempt_gets_its_name_from_the_database() -> None:
    stage = PlayedTransfer(ev.LinkUp()).tell(ev.Snapshot((HELD_LEG, CONSULTS, EMPLOYEE), (MEMBER,)))
    assert msg.AttemptAdopted(CALL, A1) in stage.effects
    stage.tell(msg.AttemptKnown(CALL, A1, "wolf", as_deputy=True, asked="weiss"))
    assert stage.state.current
    assert (stage.state.current.employee, stage.state.asked_for) == ("wolf", "weiss")
    assert stage.ask(msg.AskConnect) is None
    assert stage.sent() == ["Connect"]


def test_attempt_numbers_are_never_used_again_after_a_restart() -> None:
    stage = PlayedTransfer(ev.LinkUp()).tell(ev.Snapshot((CALLER_LEG, AGENT_LEG), (MEMBER,)))
    stage.ring()
    assert stage.state.current
    assert stage.state.current.id == f"{CALL}-a701", "the call is 60 s old"


def test_a_link_that_comes_back_says_what_became_of_it() -> None:
    stage = PlayedTransfer(MEMBER, *happens.TO_TALKING).ring().held().tell(ev.LinkDown("lost"))
    assert stage.may == set()
    refused = stage.ask(msg.AskBack)
    assert refused is not None
    assert refused.code == "pbx_down"
    stage.tell(ev.LinkUp(), ev.Snapshot((CALLER_LEG, AGENT_LEG), (MEMBER,)))
    assert stage.at(TransferStep.TALKING)
    assert stage.results() == [(A1, "unknown")]


def test_a_call_without_a_put_through_gets_none_from_a_snapshot() -> None:
    stage = PlayedTransfer(MEMBER, *happens.TO_TALKING).tell(ev.Snapshot((CALLER_LEG, AGENT_LEG), (MEMBER,)))
    assert not stage.transfers.views


def test_a_snapshot_nobody_asked_for_does_not_touch_a_put_through_in_motion() -> None:
    stage = PlayedTransfer(MEMBER, *happens.TO_TALKING).ring()
    stage.tell(ev.Snapshot((CALLER_LEG, AGENT_LEG), (MEMBER,)))
    assert stage.at(TransferStep.DIALING)


def test_put_throughs_leave_with_their_calls() -> None:
    stage = PlayedTransfer().ring().tell(happens.CALLER_GONE)
    assert isinstance(stage.registry, Registry)
    late = NOW + timedelta(hours=3)
    stage.registry.tick(late)
    stage.transfers.tick(late)
    assert not stage.transfers.views


def test_a_put_through_leaves_when_its_call_is_noted_and_over() -> None:
    """Nobody asks for a tick while every call gets its note: a week of them must not stay."""
    stage = PlayedTransfer().ring()
    stage.tell(NoteDone(CALL))
    assert stage.transfers.views, "it still goes on"
    stage.tell(happens.CALLER_GONE, NoteDone(CALL))
    assert not stage.transfers.views


def test_the_result_of_an_attempt_is_told_though_the_note_came_first() -> None:
    """The caller leaves in the consultation, the note is saved, agent and employee talk on."""
    stage = PlayedTransfer().ring().held().picked_up(A1).together(LEG, A1)
    stage.tell(happens.CALLER_GONE, NoteDone(CALL))
    assert not stage.transfers.views
    assert stage.transfers.alive() == {A1}
    assert stage.results() == []
    stage.failed(A1, "ANSWER", 16)
    assert stage.results() == [(A1, "cancelled")]
    assert stage.transfers.alive() == frozenset()


def test_an_attempt_that_ended_while_nobody_listened_has_a_result_though_its_call_is_forgotten() -> None:
    stage = PlayedTransfer().ring().held().picked_up(A1).together(LEG, A1)
    stage.tell(happens.CALLER_GONE, NoteDone(CALL), ev.LinkDown("lost"), ev.LinkUp())
    stage.tell(ev.Snapshot((CONSULTS, EMPLOYEE), (MEMBER,)))
    assert stage.results() == [], "they still talk"
    stage.tell(ev.Snapshot((), (MEMBER,)))
    assert stage.results() == [(A1, "unknown")]


@pytest.mark.parametrize(
    "channel, digits",
    [
        ("Local/493023125201@sec-target-00000003;1", "493023125201"),
        ("Local/201@sec-target-1;1", "201"),
        ("PJSIP/anna-1", ""),
    ],
)
def test_an_adopted_attempt_tells_the_number_that_was_dialled(channel: str, digits: str) -> None:
    stage = PlayedTransfer(ev.LinkUp()).tell(
        ev.Snapshot((HELD_LEG, CONSULTS, replace(EMPLOYEE, channel=channel)), (MEMBER,))
    )
    (adopted,) = (one for one in stage.effects if isinstance(one, msg.AttemptAdopted))
    assert adopted.number == digits


def test_who_talks_to_the_employee_after_our_restart_was_put_through() -> None:
    joined = replace(EMPLOYEE, bridge=CALLER_LEG.bridge)
    stage = PlayedTransfer(ev.LinkUp()).tell(ev.Snapshot((CALLER_LEG, joined), (MEMBER,)))
    assert stage.at(TransferStep.JOINED)
    assert stage.results() == [(A1, "joined")]
    stage.tell(msg.AttemptKnown(CALL, A1, "weiss"))
    assert stage.state.joined_with == "weiss"
    stage.failed(A1, "ANSWER", 16)
    assert stage.results() == [(A1, "joined")], "and stays so when the leg ends"


def test_an_attempt_is_told_before_its_phone_rings() -> None:
    stage = PlayedTransfer().ring()
    kinds = [type(effect) for effect in stage.effects]
    assert kinds.index(msg.AttemptStarted) < kinds.index(msg.Send)


def test_a_caller_on_hold_whom_the_agent_left_is_queued_by_us_if_the_dial_plan_does_not() -> None:
    stage = PlayedTransfer(MEMBER, *happens.TO_TALKING)
    assert stage.ask(msg.AskHold) is None
    stage.held().sent()
    stage.tell(happens.AGENT_GONE)
    assert stage.at(TransferStep.ENDED)
    alone = ev.Snapshot((HELD_LEG,), (MEMBER,))
    assert [stage.wait(2).looked(), stage.tell(alone).sent()] == [1, []], "it may be about to help"
    assert [stage.wait(1).looked(), stage.tell(alone).sent()] == [1, ["Requeue"]]
    assert [stage.wait(1).looked(), stage.tell(alone).sent()] == [1, ["Requeue"]], "until it is so"
    stage.tell(happens.HOLD_ENDED, happens.QUEUED)
    assert [stage.wait(60).looked(), stage.sent()] == [0, []]


def test_after_our_restart_a_caller_on_hold_without_an_agent_is_queued() -> None:
    alone = ev.Snapshot((HELD_LEG,), (MEMBER,))
    stage = PlayedTransfer(ev.LinkUp()).tell(alone)
    assert stage.sent() == []
    stage.wait(1).tell(alone)
    assert stage.sent() == ["Requeue"]


@pytest.mark.parametrize("event", [happens.HOLD_ENDED, happens.CALLER_GONE])
def test_a_caller_whom_the_dial_plan_has_helped_is_looked_for_no_more(event: ev.PbxEvent) -> None:
    stage = PlayedTransfer(MEMBER, *happens.TO_TALKING)
    assert stage.ask(msg.AskHold) is None
    stage.held().tell(happens.AGENT_GONE, event)
    assert stage.wait(60).looked() == 0


def test_a_caller_whom_another_agent_has_after_all_is_left_alone() -> None:
    stage = PlayedTransfer(ev.LinkUp()).tell(ev.Snapshot((HELD_LEG,), (MEMBER,)))
    assert stage.wait(1).looked() == 1
    stage.tell(ev.Snapshot((CALLER_LEG, AGENT_LEG), (MEMBER,)))
    assert [stage.sent(), stage.wait(60).looked()] == [[], 0]
