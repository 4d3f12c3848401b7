from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.commands import AgentHangsUp, NoteDone
from pbx_bridge.calls.effects import EndReason, Phase
from pbx_bridge.calls.from_snapshot import Recalled
from pbx_bridge.calls.ids import CallNames, call_id
from pbx_bridge.calls.registry import Registry, Resolved
from rules.calls.identify import Called, CalledBy
from rules.model import Caller
from tests.calls import call_events as happens
from tests.calls.call_events import ANNA, CALL, CALLER, CHANNEL, LEG, NOW, registry

LATER = NOW + timedelta(seconds=30)
MEMBER = ev.MemberChanged(ANNA, "sec", False, "", ev.MemberStatus.FREE)
CALLER_LEG = ev.LiveLeg(
    CALL, CALL, CALLER, "talk", "from-trunk,493023125100,5", "Queue", "491713920042", "", "493023125100", 60
)
AGENT_LEG = ev.LiveLeg(CALL, LEG, CHANNEL, "talk", "from-agent,,1", "AppQueue", seconds=50)
HELD_LEG = replace(CALLER_LEG, bridge="hold", where="sec-hold,s,1", application="BridgeWait")
CONSULTS = replace(AGENT_LEG, bridge="consult", where="sec-consult,s,5", application="Bridge")
EMPLOYEE = ev.LiveLeg(CALL, f"{CALL}-a1", "Local/1@sec-target-1;1", "consult", "sec-answered,s,6", "Bridge")


def test_an_agent_is_busy_from_answer_to_the_end_of_the_leg() -> None:
    seen = registry(MEMBER, *happens.TO_TALKING)
    assert seen.agents[ANNA].call == CALL
    assert seen.apply(happens.AGENT_GONE, NOW)[-1] == fx.AgentChanged(ANNA)
    assert seen.agents[ANNA].call is None


SINCE = {
    # what the queue tells later of a member → whether what they do has begun only then
    "a pause after the call": ("in_use", replace(MEMBER, status=ev.MemberStatus.IN_USE, paused=True), False),
    "a pause while it rings": (
        "ringing",
        replace(MEMBER, status=ev.MemberStatus.RINGING, paused=True),
        False,
    ),
    "the call": ("ringing", replace(MEMBER, status=ev.MemberStatus.IN_USE), True),
    "the end of the call": ("in_use", MEMBER, True),
    "a pause without a call": ("free", replace(MEMBER, paused=True), True),
}


@pytest.mark.parametrize("case", SINCE)
def test_a_pause_that_is_asked_for_makes_a_call_no_younger(case: str) -> None:
    before, told, anew = SINCE[case]
    seen = registry(replace(MEMBER, status=ev.MemberStatus(before)))
    assert seen.apply(told, LATER) == [fx.AgentChanged(ANNA)]
    assert (seen.agents[ANNA].since == LATER) is anew


def test_the_waiting_list_is_in_order_of_arrival() -> None:
    seen = registry()
    for number, name in enumerate(["1795429654.3", "1795429654.1", "1795429654.2"]):
        at = NOW + timedelta(seconds=number)
        seen.apply(replace(happens.ARRIVED, call=name), at)
        seen.apply(ev.QueueJoined(name, "sec"), at)
    assert [call.pbx_call for call in seen.waiting] == ["1795429654.3", "1795429654.1", "1795429654.2"]


def test_only_its_arrival_or_a_snapshot_makes_a_call_known() -> None:
    seen = registry(*happens.TO_TALKING[1:])
    assert not seen.calls
    seen.apply(ev.Snapshot((CALLER_LEG, AGENT_LEG), (MEMBER,)), LATER)
    assert seen.calls[CALL].phase is Phase.TALKING
    seen.apply(replace(happens.ARRIVED, history_info="told late"), LATER)
    assert seen.calls[CALL].caller.display_name == "Jens Müller"
    assert seen.calls[CALL].phase is Phase.TALKING


def test_a_late_event_does_not_raise_the_dead() -> None:
    seen = registry(*happens.TO_TALKING, happens.CALLER_GONE, NoteDone(CALL))
    assert not seen.calls
    assert seen.apply(happens.QUEUED, LATER) == []
    assert not seen.calls


def test_ended_calls_leave_in_time_and_are_never_more_than_the_cap() -> None:
    seen = Registry(happens.resolve, CallNames(), NOW, keep=timedelta(minutes=5), cap=3)
    for number in range(5):
        name = f"1795429654.{number}"
        seen.apply(replace(happens.ARRIVED, call=name), NOW)
        seen.apply(ev.HungUp(name, name, CALLER), NOW + timedelta(seconds=number))
    assert list(seen.calls) == ["1795429654.2", "1795429654.3", "1795429654.4"]
    due = seen.deadline()
    assert due == NOW + timedelta(minutes=5, seconds=2)
    seen.tick(due)
    assert list(seen.calls) == ["1795429654.3", "1795429654.4"]


def test_the_same_call_has_the_same_id_in_every_life() -> None:
    assert registry(happens.ARRIVED).calls[CALL].id == registry(happens.ARRIVED).calls[CALL].id
    assert (
        registry(happens.ARRIVED).calls[CALL].id
        != registry(replace(happens.ARRIVED, call="1.2")).calls["1.2"].id
    )


@pytest.mark.parametrize(
    "said, reason",
    [
        ((AgentHangsUp(CALL),), EndReason.AGENT),
        ((AgentHangsUp(CALL), AgentHangsUp(CALL, sure=False)), EndReason.CALLER),
        ((), EndReason.CALLER),
    ],
)
def test_a_call_that_the_desk_ends_is_ended_by_the_agent_whatever_the_queue_says(
    said: tuple[AgentHangsUp, ...], reason: EndReason
) -> None:
    queue_says = replace(happens.LEFT, reason="caller")
    seen = registry(MEMBER, *happens.TO_TALKING, *said, queue_says, happens.AGENT_GONE, happens.CALLER_GONE)
    assert seen.calls[CALL].end_reason is reason


def test_nobody_ends_a_call_that_is_not_theirs_any_longer() -> None:
    seen = registry(MEMBER, *happens.TO_TALKING, happens.CALLER_GONE, AgentHangsUp(CALL))
    assert seen.calls[CALL].end_reason is EndReason.CALLER
    assert not registry(MEMBER, AgentHangsUp(CALL)).calls


# ---- after a lost link, or a restart


def test_a_call_that_the_snapshot_does_not_have_is_lost() -> None:
    seen = registry(MEMBER, *happens.TO_TALKING)
    effects = seen.apply(ev.Snapshot(members=(MEMBER,)), LATER)
    assert fx.CallEnded(CALL, EndReason.LOST, LATER) in effects
    assert seen.agents[ANNA].call is None


@pytest.mark.parametrize(
    "legs, waiting, phase, agent",
    [
        ((CALLER_LEG, AGENT_LEG), (), Phase.TALKING, ANNA),
        ((replace(CALLER_LEG, bridge=""),), (happens.QUEUED,), Phase.WAITING, None),
        (
            (replace(CALLER_LEG, bridge=""), replace(AGENT_LEG, bridge="", up=False)),
            (happens.QUEUED,),
            Phase.OFFERED,
            None,
        ),
        ((HELD_LEG, CONSULTS, EMPLOYEE), (), Phase.PUTTING_THROUGH, ANNA),
        (
            (HELD_LEG, replace(CONSULTS, where="sec-consult,over,4", bridge="")),
            (),
            Phase.PUTTING_THROUGH,
            ANNA,
        ),
        ((HELD_LEG,), (), Phase.PUTTING_THROUGH, None),
        ((CALLER_LEG, replace(EMPLOYEE, bridge="talk")), (), Phase.JOINED, None),
    ],
)
def test_live_calls_are_adopted_as_they_are(
    legs: tuple[ev.LiveLeg, ...], waiting: tuple[ev.QueueJoined, ...], phase: Phase, agent: str | None
) -> None:
    seen = registry()
    effects = seen.apply(ev.Snapshot(legs, (MEMBER,), waiting), NOW)
    call = seen.calls[CALL]
    assert effects[1] == fx.Arrived(CALL, adopted=True) or fx.Arrived(CALL, adopted=True) in effects
    assert (call.phase, call.busy_agent) == (phase, agent)
    assert call.arrived_at == NOW - timedelta(seconds=60)
    assert (call.line, call.caller.number) == ("+493023125100", "+491713920042")
    assert seen.agents[ANNA].call == (CALL if agent else None)


def test_a_snapshot_that_says_what_we_know_changes_nothing() -> None:
    seen = registry(MEMBER, *happens.TO_TALKING)
    before = seen.calls[CALL]
    seen.apply(ev.Snapshot((CALLER_LEG, AGENT_LEG), (MEMBER,)), LATER)
    after = seen.calls[CALL]
    assert replace(after, bridges=before.bridges, offers=before.offers, gone=before.gone) == before


def test_foreign_channels_and_a_consultation_without_caller_make_no_call() -> None:
    foreign = ev.LiveLeg("", "1795429654.9", "PJSIP/ben-1", "x")
    seen = registry()
    seen.apply(ev.Snapshot((foreign, CONSULTS, EMPLOYEE), (MEMBER,)), NOW)
    assert not seen.calls


def test_a_caller_who_is_turned_away_is_told_once_and_kept_nowhere() -> None:
    seen = registry()
    blocked = ev.CallBlocked(happens.ARRIVED)
    (told,) = seen.apply(blocked, NOW)
    assert isinstance(told, fx.TurnedAway)
    assert (told.call, told.id, told.at) == (CALL, call_id(CALL), NOW)
    assert (told.line, told.customer_id, told.caller) == ("+493023125100", "mustermann", "+491713920042")

    assert seen.apply(blocked, NOW) == []
    assert seen.apply(happens.CALLER_GONE, NOW) == []
    assert not seen.calls


def test_an_arrival_told_after_the_snapshot_that_had_the_call_says_more_than_it() -> None:
    """It came while the snapshot was being taken, and only it knows the History-Info."""
    mustermann = "493023125900"

    def by_history(event: ev.CallArrived) -> Resolved:
        customer_id = "mustermann" if mustermann in event.history_info else None
        why = CalledBy.HISTORY_INFO if customer_id else CalledBy.SHARED_UNKNOWN
        return Resolved(Called(customer_id, why, event.dialled), Caller())

    seen = Registry(by_history, CallNames(), NOW)
    seen.apply(ev.Snapshot((CALLER_LEG,)), NOW)
    assert seen.calls[CALL].customer_id is None
    arrived = replace(happens.ARRIVED, history_info=f"<sip:+{mustermann}@carrier.example>;index=1")

    assert seen.apply(arrived, LATER) == [fx.CallChanged(CALL)]
    assert seen.calls[CALL].customer_id == "mustermann"
    assert seen.apply(arrived, LATER) == []


def test_a_phone_that_fell_silent_without_a_reason_was_not_answered() -> None:
    seen = registry(happens.ARRIVED, happens.QUEUED, happens.OFFERED)
    seen.apply(happens.AGENT_GONE, NOW)
    due = seen.deadline()
    assert due is not None
    assert seen.tick(due - timedelta(milliseconds=1)) == []
    assert seen.tick(due) == [fx.OfferGone(CALL, ANNA, fx.OfferGoneReason.NOT_ANSWERED)]
    assert seen.calls[CALL].offered == frozenset()
    assert seen.deadline() is None


JOINED_LEGS = (CALLER_LEG, replace(EMPLOYEE, bridge="talk"))
QUEUED_LEG = replace(CALLER_LEG, bridge="")
ANSWERED_AT = NOW - timedelta(seconds=40)
RECALLED = Recalled(NOW - timedelta(seconds=55), ANNA, ANSWERED_AT, LEG)


@pytest.mark.parametrize(
    "legs, phase",
    [
        (JOINED_LEGS, Phase.JOINED),
        ((QUEUED_LEG,), Phase.WAITING),
        ((HELD_LEG, CONSULTS), Phase.PUTTING_THROUGH),
        ((CALLER_LEG, AGENT_LEG), Phase.TALKING),
    ],
)
def test_who_answered_is_known_after_our_restart_wherever_the_caller_is(
    legs: tuple[ev.LiveLeg, ...], phase: Phase
) -> None:
    seen = Registry(happens.resolve, CallNames(), NOW)
    seen.recall({CALL: RECALLED})
    waits = (happens.QUEUED,) if phase is Phase.WAITING else ()
    seen.apply(ev.Snapshot(legs, (MEMBER,), waits), NOW)
    call = seen.calls[CALL]
    assert call.phase is phase
    assert (call.agent, call.agents, call.answered_at) == (ANNA, (ANNA,), ANSWERED_AT)
    assert (call.conversation, call.arrived_at) == (LEG, RECALLED.arrived_at)


def test_what_was_written_down_counts_for_the_first_snapshot_only() -> None:
    seen = Registry(happens.resolve, CallNames(), NOW)
    seen.recall({CALL: RECALLED})
    seen.apply(ev.Snapshot((), (MEMBER,)), NOW)
    seen.apply(ev.Snapshot(JOINED_LEGS, (MEMBER,)), NOW)
    assert seen.calls[CALL].agent is None
