"""What the PBX remembers of a call, told to a registry that saw all of it, some of it, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.commands import NoteDone
from pbx_bridge.calls.effects import EndReason, Phase
from pbx_bridge.calls.from_snapshot import Recalled
from pbx_bridge.calls.message import Effect
from pbx_bridge.calls.registry import Registry
from pbx_bridge.calls.remembered_call import CallSeen, Taken
from pbx_bridge.calls.state import CallState
from tests.calls import call_events as happens
from tests.calls.call_events import ANNA, BEN, CALL, CALLER, CHANNEL, LEG, NOW, registry


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


BACK = at(600)
"""When the link is there again."""
ARRIVED, BY_ANNA, BY_BEN, WAITS, OVER = at(1), at(8), at(60), at(40), at(90)
ARRIVAL = replace(happens.ARRIVED, channel="")
MEMBERS = tuple(ev.MemberChanged(name, "sec", False, "", ev.MemberStatus.FREE) for name in (ANNA, BEN))
NOBODY = ev.Snapshot(members=MEMBERS)
CALLER_LEG = ev.LiveLeg(CALL, CALL, CALLER, "talk", "from-trunk,493023125100,5", "Queue", "491713920042")
AGENT_LEG = ev.LiveLeg(CALL, LEG, CHANNEL, "talk", "from-agent,,1", "AppQueue")
EMPLOYEE_LEG = ev.LiveLeg(CALL, f"{CALL}-a1", "Local/1@sec-target-1;1", "talk", "sec-join,s,1", "Bridge")
TALKS = ev.Snapshot((CALLER_LEG, AGENT_LEG), MEMBERS)
WAITING = ev.Snapshot((replace(CALLER_LEG, bridge=""),), MEMBERS, (ev.QueueJoined(CALL, "sec", 1),))
JOINED = ev.Snapshot((CALLER_LEG, EMPLOYEE_LEG), MEMBERS)
TO_WAITING = (happens.ARRIVED, happens.QUEUED)
TO_RINGING = (*TO_WAITING, happens.OFFERED)


def seen(*answers: Taken, ended: datetime | None = OVER, **more: object) -> CallSeen:
    return CallSeen(ARRIVAL, ARRIVED, answers=answers, ended_at=ended, **more)  # type: ignore[arg-type]


ANNA_TOOK = Taken(ANNA, BY_ANNA, LEG)
BEN_TOOK = Taken(BEN, BY_BEN, "1795429654.116")


@dataclass(frozen=True)
class Row:
    """`knew`: what was seen before; then `told` and `snapshot`; then how the call is known, and told of."""

    name: str
    told: CallSeen
    snapshot: ev.Snapshot = NOBODY
    knew: tuple[ev.PbxEvent, ...] = ()
    phase: Phase = Phase.ENDED
    reason: EndReason | None = None
    agent: str | None = None
    answered: datetime | None = None
    ended: datetime | None = OVER
    remembered: bool = False


ROWS = [
    Row("gave up, unseen", seen(), reason=EndReason.ABANDONED),
    Row("gave up, seen to wait", seen(), knew=TO_WAITING, reason=EndReason.ABANDONED),
    Row("gave up, seen to ring", seen(), knew=TO_RINGING, reason=EndReason.ABANDONED),
    Row(
        "answered and over, unseen", seen(ANNA_TOOK),
        reason=EndReason.CALLER, agent=ANNA, answered=BY_ANNA, remembered=True,
    ),
    Row(
        "answered and over, seen to ring", seen(ANNA_TOOK), knew=TO_RINGING,
        reason=EndReason.CALLER, agent=ANNA, answered=BY_ANNA, remembered=True,
    ),
    Row(
        "over, seen to talk", seen(ANNA_TOOK), knew=happens.TO_TALKING,
        reason=EndReason.CALLER, agent=ANNA, answered=NOW, remembered=True,
    ),
    Row(
        "by one and then another", seen(ANNA_TOOK, BEN_TOOK),
        reason=EndReason.CALLER, agent=BEN, answered=BY_ANNA, remembered=True,
    ),
    Row(
        "by one, which was seen, and then another", seen(ANNA_TOOK, BEN_TOOK), knew=happens.TO_TALKING,
        reason=EndReason.CALLER, agent=BEN, answered=NOW, remembered=True,
    ),
    Row(
        "answered, in the queue again, gave up", seen(ANNA_TOOK, waits_since=WAITS),
        reason=EndReason.ABANDONED, agent=ANNA, answered=BY_ANNA, remembered=True,
    ),
    Row(
        "put through", seen(ANNA_TOOK, joined=f"{CALL}-a1"),
        reason=EndReason.JOINED, agent=ANNA, answered=BY_ANNA, remembered=True,
    ),
    Row("waits", seen(ended=None), WAITING, phase=Phase.WAITING, ended=None),
    Row(
        "waits again", seen(ANNA_TOOK, ended=None, waits_since=WAITS), WAITING,
        phase=Phase.WAITING, ended=None, agent=ANNA, answered=BY_ANNA, remembered=True,
    ),
    Row(
        "talks", seen(ANNA_TOOK, ended=None), TALKS,
        phase=Phase.TALKING, ended=None, agent=ANNA, answered=BY_ANNA,
    ),
    Row(
        "talks, seen to wait", seen(ANNA_TOOK, ended=None), TALKS, TO_WAITING,
        phase=Phase.TALKING, ended=None, agent=ANNA, answered=BY_ANNA,
    ),
    Row(
        "talks to the employee", seen(ANNA_TOOK, ended=None), JOINED,
        phase=Phase.JOINED, ended=None, agent=ANNA, answered=BY_ANNA, remembered=True,
    ),
    Row("waited when the PBX went down", seen(ended=None), reason=EndReason.LOST, ended=BACK),
    Row(
        "talked when the PBX went down", seen(ANNA_TOOK, ended=None),
        reason=EndReason.LOST, ended=BACK, agent=ANNA, answered=BY_ANNA, remembered=True,
    ),
    Row(
        "was seen to talk when the PBX went down", seen(ANNA_TOOK, ended=None), knew=happens.TO_TALKING,
        reason=EndReason.LOST, ended=BACK, agent=ANNA, answered=NOW,
    ),
]  # fmt: skip


def after(row: Row) -> tuple[Registry, list[Effect]]:
    known = registry(*MEMBERS, *row.knew)
    known.apply(ev.LinkDown("silent"), at(2))
    effects = [effect for event in (row.told, row.snapshot) for effect in known.apply(event, BACK)]
    return known, effects


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_call_of_which_something_was_not_seen(row: Row) -> None:
    known, effects = after(row)
    call = known.calls[CALL]
    assert (call.phase, call.end_reason, call.agent) == (row.phase, row.reason, row.agent)
    assert (call.answered_at, call.ended_at) == (row.answered, row.ended)
    assert call.arrived_at == (NOW if row.knew else ARRIVED)
    assert (call.line, call.caller.number) == ("+493023125100", "+491713920042")
    ends = [effect for effect in effects if isinstance(effect, fx.CallEnded)]
    assert ends == ([fx.CallEnded(CALL, row.reason, row.ended)] if row.reason and row.ended else [])
    assert effects.count(fx.Remembered(CALL)) == row.remembered
    assert (fx.Arrived(CALL, adopted=True) in effects) == (not row.knew)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_told_twice_it_happens_once(row: Row) -> None:
    known, _ = after(row)
    before = known.calls[CALL]
    again = [effect for event in (row.told, row.snapshot) for effect in known.apply(event, at(700))]
    assert again == ([] if before.live else [fx.Forgettable(CALL)])
    assert known.calls[CALL] == before


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_who_is_in_the_waiting_list_and_on_whose_phone(row: Row) -> None:
    known, effects = after(row)
    waits = row.phase is Phase.WAITING
    assert [call.pbx_call for call in known.waiting] == ([CALL] if waits else [])
    if waits != bool(row.knew[1:2] and len(row.knew) < 4):
        assert fx.WaitingChanged() in effects
    assert known.agents[ANNA].call == (CALL if row.phase is Phase.TALKING else None)
    assert (fx.Answered(CALL, ANNA) in effects) == (row.phase is Phase.TALKING)


def test_the_phone_that_rang_is_told_why_it_stopped() -> None:
    for told, reason in (
        (seen(), fx.OfferGoneReason.CALLER_GONE),
        (seen(ANNA_TOOK), fx.OfferGoneReason.CALLER_GONE),
        (seen(BEN_TOOK), fx.OfferGoneReason.ANSWERED_ELSEWHERE),
    ):
        _, effects = after(Row("", told, knew=TO_RINGING))
        assert fx.OfferGone(CALL, ANNA, reason) in effects


def test_since_when_a_recalled_talk_runs_and_what_moves_its_legs() -> None:
    known, _ = after(Row("", seen(ANNA_TOOK, ended=None), TALKS))
    call = known.calls[CALL]
    assert (call.phase_since, call.agent_leg, call.channel) == (BY_ANNA, LEG, CALLER)


def test_what_an_earlier_life_wrote_down_was_seen() -> None:
    known = registry(*MEMBERS)
    known.recall({CALL: Recalled(NOW, ANNA, at(3), LEG)})
    effects = [e for event in (seen(ANNA_TOOK, ended=None), JOINED) for e in known.apply(event, BACK)]
    call = known.calls[CALL]
    assert (call.arrived_at, call.answered_at, call.conversation, call.agent) == (NOW, at(3), LEG, ANNA)
    assert fx.Remembered(CALL) not in effects


def test_a_blocked_caller_is_counted_at_the_time_of_the_call_and_once() -> None:
    known = registry()
    blocked = seen(ended=OVER, blocked=True)
    (told,) = known.apply(blocked, BACK)
    assert isinstance(told, fx.TurnedAway)
    assert told.at == ARRIVED
    assert known.apply(blocked, BACK) == [fx.Forgettable(CALL)]


def test_a_call_whose_note_is_taken_is_not_raised_from_the_dead() -> None:
    known = registry(*happens.TO_TALKING, happens.CALLER_GONE, NoteDone(CALL))
    assert known.apply(seen(ANNA_TOOK), BACK) == [fx.Forgettable(CALL)]
    assert not known.calls


def test_what_comes_late_by_event_after_the_memory_told_it_changes_nothing() -> None:
    known, _ = after(ROWS[3])
    before: CallState = known.calls[CALL]
    for event in (happens.ARRIVED, happens.QUEUED, happens.OFFERED, happens.AGENT_GONE, happens.CALLER_GONE):
        known.apply(event, at(601))
    assert replace(known.calls[CALL], gone=before.gone, channel="") == before
