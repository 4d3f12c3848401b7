"""Whoever was promised to be called back is rung when it is time, and nobody for nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rules.calls.call_backs import (
    AGAIN_AFTER,
    KEPT,
    SILENCE,
    TRIES,
    CallBackDecision,
    CallBackFacts,
    CallBackStep,
    RingState,
    decide,
    due_since,
    is_ring_back,
    met,
    ring_name,
    wish_reason,
    wishes,
)
from rules.fault import Fault
from rules.fields.nobody_free import AS_EVER, NobodyFree
from rules.text.working_hours import WorkingHours, read_week
from rules.vocabulary import CallBackEnd, WishReason

BERLIN = "Europe/Berlin"
AT = datetime(2026, 11, 30, 10, 0, tzinfo=ZoneInfo(BERLIN))  # a Monday
WISH = CallBackFacts(AT)
NAME = f"pbx-1-1795978790.114_493023125100_{int(AT.timestamp())}"
MINUTE = timedelta(minutes=1)
week = read_week("Mo–Fr 8–18")
assert week
assert not isinstance(week, Fault)
OFFICE = NobodyFree(WorkingHours(week, "BE"))


def now(facts: CallBackFacts, at: datetime, policy: NobodyFree = AS_EVER) -> CallBackStep | CallBackEnd:
    decided = decide(facts, policy, BERLIN, at, somebody_there=True)
    return decided.why or decided.step


def test_at_once_where_somebody_may_answer_and_not_before() -> None:
    assert now(WISH, AT) is CallBackStep.RING
    nobody = decide(WISH, AS_EVER, BERLIN, AT, somebody_there=False)
    assert nobody == CallBackDecision(CallBackStep.WAIT)
    assert now(replace(WISH, served=False), AT) is CallBackStep.WAIT


@pytest.mark.parametrize(
    "asked, at, step",
    [
        ("2026-11-30T22:00", "2026-12-01T07:59", CallBackStep.WAIT),  # our hours
        ("2026-11-30T22:00", "2026-12-01T08:00", CallBackStep.RING),
        ("2026-12-24T12:00", "2026-12-25T10:00", CallBackStep.WAIT),  # a holiday
        ("2026-12-24T12:00", "2026-12-28T08:00", CallBackStep.RING),
    ],
)
def test_in_the_hours_in_which_calls_are_answered(asked: str, at: str, step: CallBackStep) -> None:
    moments = [datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(BERLIN)) for text in (asked, at)]
    assert now(replace(WISH, at=moments[0]), moments[1], OFFICE) is step


@pytest.mark.parametrize(
    "asked, at, step",
    [
        ("2026-11-30T23:00", "2026-11-30T23:59", CallBackStep.RING),  # awake just now
        ("2026-11-30T23:00", "2026-12-01T00:30", CallBackStep.WAIT),
        ("2026-11-30T23:00", "2026-12-01T07:59", CallBackStep.WAIT),
        ("2026-11-30T23:00", "2026-12-01T08:00", CallBackStep.RING),
    ],
)
def test_nobody_is_rung_out_of_bed(asked: str, at: str, step: CallBackStep) -> None:
    moments = [datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(BERLIN)) for text in (asked, at)]
    assert now(replace(WISH, at=moments[0]), moments[1]) is step


@pytest.mark.parametrize(
    "facts, what",
    [
        (replace(WISH, is_called=True), CallBackEnd.CALLED_AGAIN),
        (replace(WISH, may_be_rung=False), CallBackEnd.NOT_DIALLED),
        (replace(WISH, at=AT - KEPT - MINUTE), CallBackEnd.TOO_OLD),
        (replace(WISH, ring=RingState.NOTED, rung_at=AT), CallBackEnd.NOTED),
        (replace(WISH, ring=RingState.OPEN, rung_at=AT, is_called=True), CallBackStep.WAIT),
        (replace(WISH, ring=RingState.UNSEEN, rung_at=AT - SILENCE), CallBackStep.WAIT),
        (replace(WISH, ring=RingState.UNSEEN, rung_at=AT - SILENCE - MINUTE), CallBackStep.FORGET_TRY),
        (replace(WISH, ring=RingState.MISSED, rung_at=AT), CallBackStep.FORGET_TRY),
        (replace(WISH, ring=RingState.VAIN, rung_at=AT), CallBackStep.COUNT),
        (replace(WISH, ring=RingState.VAIN, tries=TRIES - 1, rung_at=AT), CallBackEnd.NOT_REACHED),
        (replace(WISH, tries=1, rung_at=AT - AGAIN_AFTER + MINUTE), CallBackStep.WAIT),
        (replace(WISH, tries=1, rung_at=AT - AGAIN_AFTER), CallBackStep.RING),
        (replace(WISH, tries=0, rung_at=AT - SILENCE), CallBackStep.RING),  # no agent had it: that was no try
        (replace(WISH, tries=0, rung_at=AT), CallBackStep.WAIT),  # it would fail again, every few seconds
        (replace(WISH, ring=RingState.UNSEEN, rung_at=AT - AGAIN_AFTER, told_since=AT), CallBackStep.WAIT),
        (replace(WISH, ring=RingState.UNNOTED, rung_at=AT - AGAIN_AFTER, ring_over_at=AT), CallBackStep.WAIT),
        (replace(WISH, ring=RingState.UNNOTED, ring_over_at=AT - AGAIN_AFTER), CallBackStep.COUNT),
        (replace(WISH, is_noted=True, is_called=True), CallBackEnd.NOTED),
        (replace(WISH, is_busy=True), CallBackStep.WAIT),
        (replace(WISH, ring=RingState.OPEN, rung_at=AT, ring_waits=True), CallBackStep.WAIT),
        (
            replace(WISH, ring=RingState.OPEN, rung_at=AT, ring_waits=True, is_here=True),
            CallBackStep.CALL_OFF,
        ),
        (
            replace(WISH, ring=RingState.OPEN, rung_at=AT, ring_waits=True, is_called=True),
            CallBackStep.CALL_OFF,
        ),
        (replace(WISH, ring=RingState.OPEN, rung_at=AT, is_here=True, is_called=True), CallBackStep.WAIT),
    ],
)
def test_what_follows(facts: CallBackFacts, what: CallBackStep | CallBackEnd) -> None:
    assert now(facts, AT) is what


def test_what_fails_again_and_again_is_tried_less_often() -> None:
    """Each is a call in the figures of the company."""
    facts, at, orders = WISH, AT, 0
    while at < AT + timedelta(days=1):
        if now(facts, at) is CallBackStep.RING:
            facts, orders = replace(facts, rung_at=at), orders + 1
        at += SILENCE
    assert 20 < orders < 100


WRONG_CLOCK = timedelta(days=300)


@pytest.mark.parametrize("told_wrong", [timedelta(), WRONG_CLOCK, -timedelta(minutes=5)])
@pytest.mark.parametrize("ring", [one for one in RingState if one is not RingState.NONE])
def test_nothing_waits_for_ever_and_nothing_is_done_every_moment(
    ring: RingState, told_wrong: timedelta
) -> None:
    """Each call that is ordered comes to the same state, and no word follows. `told_wrong`: what the clock by
    which it was written down was ahead."""
    facts, at, rung, last = replace(WISH, ring=ring, rung_at=AT + told_wrong), AT, 0, AT
    while at < AT + KEPT + timedelta(days=1):
        facts = replace(facts, ring_over_at=facts.rung_at)
        decided = decide(facts, AS_EVER, BERLIN, at, somebody_there=True)
        match decided.step:
            case CallBackStep.END:
                return
            case CallBackStep.RING:
                assert at - last >= SILENCE or not rung
                facts, rung, last = replace(facts, ring=ring, rung_at=at), rung + 1, at
            case CallBackStep.COUNT | CallBackStep.FORGET_TRY | CallBackStep.CALL_OFF:
                more = decided.step is CallBackStep.COUNT
                facts = replace(facts, ring=RingState.NONE, tries=facts.tries + more)
            case CallBackStep.WAIT:
                at += SILENCE / 4 if rung < 3 else AGAIN_AFTER
    pytest.fail(f"still waiting: {facts}")


def test_a_wish_with_a_date_that_is_to_come_rings_nobody_out_of_bed() -> None:
    night = AT.replace(hour=3)
    assert now(replace(WISH, at=night + WRONG_CLOCK), night) is CallBackStep.WAIT


def test_wishes_are_read_from_the_names_of_files_and_others_left_alone() -> None:
    later = NAME[:-1] + "9"
    (first, second) = wishes([f"{later}.wish", f"{NAME}.wish", f"{NAME}.wav", f"x{NAME}.wish.call", "kept"])
    assert (first.name, second.name) == (NAME, later)
    assert (first.call, first.line, first.at) == ("pbx-1-1795978790.114", "493023125100", AT)
    assert wishes([f"../{NAME}.wish", f"{NAME}.wish\n"]) == ()


def test_a_call_by_which_somebody_is_rung_back_is_known_by_its_name() -> None:
    name = ring_name(datetime(2026, 11, 30, 9, 0, tzinfo=UTC), 42)
    assert name == f"{int(AT.timestamp())}.900000000042"
    assert is_ring_back(name)
    assert met([f"{name}.met", "1795978790.114.met", f"{name}.met.x"]) == (name,)
    assert is_ring_back(f"pbx-1-{name}"), "as it is stored where there are several"
    assert not is_ring_back("pbx-1-1795978790.114")
    assert not is_ring_back("1795978790.114")


@pytest.mark.parametrize(
    "asked, due",
    [
        ("2026-11-30T10:00", "2026-11-30T10:00"),
        ("2026-11-30T06:00", "2026-11-30T08:00"),
        ("2026-11-30T22:00", "2026-12-01T08:00"),
        ("2026-12-24T20:00", "2026-12-28T08:00"),  # two holidays and a Sunday
        ("2026-12-04T23:59", "2026-12-07T08:00"),
    ],
)
def test_nobody_is_late_for_whom_it_is_not_time(asked: str, due: str) -> None:
    wished, first = (datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(BERLIN)) for text in (asked, due))
    assert due_since(replace(WISH, at=wished), OFFICE, BERLIN) == first
    rings = decide(replace(WISH, at=wished), OFFICE, BERLIN, first, somebody_there=True)
    assert rings.step is CallBackStep.RING, "the same moment as when they are rung"


def test_without_hours_it_is_time_by_day_and_within_the_hour() -> None:
    late = AT.replace(hour=23)
    assert due_since(replace(WISH, at=late), AS_EVER, BERLIN) == late
    tried = replace(WISH, at=late, tries=1, rung_at=late + timedelta(hours=1))
    assert due_since(tried, AS_EVER, BERLIN) == (AT + timedelta(days=1)).replace(hour=8)


def test_a_try_of_just_now_is_followed_by_the_next_one() -> None:
    assert (
        due_since(replace(WISH, tries=1, rung_at=AT + MINUTE), AS_EVER, BERLIN) == AT + MINUTE + AGAIN_AFTER
    )
    waits_in_line = replace(WISH, rung_at=AT + MINUTE)
    assert due_since(waits_in_line, AS_EVER, BERLIN) == AT + MINUTE + SILENCE, "no agent has picked it up"


def test_who_is_never_open_is_never_late() -> None:
    never = NobodyFree(WorkingHours(((),) * 7, "BE"))
    assert due_since(WISH, never, BERLIN) is None


@pytest.mark.parametrize(
    "arrived, why",
    [
        ("2026-11-30T10:00", WishReason.NOBODY_FREE),
        ("2026-11-30T18:00", WishReason.CLOSED),
        ("2026-12-25T10:00", WishReason.HOLIDAY),
    ],
)
def test_why_it_was_offered(arrived: str, why: WishReason) -> None:
    moment = datetime.fromisoformat(arrived).replace(tzinfo=ZoneInfo(BERLIN))
    assert wish_reason(OFFICE, BERLIN, moment) is why
