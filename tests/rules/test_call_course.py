"""What the time of a call went on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from rules.billing.call_course import TimeTurn, time_spent
from rules.billing.terms import CallTime
from rules.vocabulary import EndReason

ANSWERED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TALK, HOLD, ASKED, JOINED = CallTime.TALK, CallTime.HOLD, CallTime.CONSULTATION, CallTime.PUT_THROUGH


def turn(seconds: float, on: CallTime | None) -> TimeTurn:
    return TimeTurn(ANSWERED + timedelta(seconds=seconds), on)


@pytest.mark.parametrize(
    ("turns", "ended", "how", "spent"),
    [
        ([], 61.9, EndReason.CALLER, {TALK: 61}),
        ([], 0.9, EndReason.AGENT, {}),
        (
            [turn(20, HOLD), turn(35, ASKED), turn(50, JOINED)],
            110,
            EndReason.JOINED,
            {TALK: 20, HOLD: 15, ASKED: 15, JOINED: 60},
        ),
        ([turn(20, HOLD), turn(30, TALK), turn(40, HOLD)], 45, EndReason.CALLER, {TALK: 30, HOLD: 15}),
        ([turn(20, HOLD), turn(50, None)], 500, EndReason.ABANDONED, {TALK: 20, HOLD: 30}),
        ([turn(20, HOLD), turn(50, None), turn(90, TALK)], 100, EndReason.AGENT, {TALK: 30, HOLD: 30}),
        ([turn(0.4, HOLD), turn(0.8, TALK), turn(1.2, HOLD)], 1.7, EndReason.CALLER, {}),
    ],
    ids=["talk", "a moment", "put through", "held twice", "fell back", "answered again", "less than seconds"],
)
def test_each_second_goes_on_one_thing(
    turns: list[TimeTurn], ended: float, how: EndReason, spent: Mapping[CallTime, int]
) -> None:
    assert time_spent(ANSWERED, turns, ANSWERED + timedelta(seconds=ended), how) == spent


@pytest.mark.parametrize(
    ("turns", "how", "spent"),
    [
        ([], EndReason.LOST, {}),
        ([turn(20, HOLD)], EndReason.LOST, {TALK: 20}),
        ([turn(20, HOLD)], EndReason.JOINED, {TALK: 20}),
        ([], EndReason.UNANSWERED, {}),
    ],
    ids=["lost", "lost on hold", "joined while nobody looked", "fell back while nobody looked"],
)
def test_nobody_pays_for_what_nobody_knows(
    turns: list[TimeTurn], how: EndReason, spent: Mapping[CallTime, int]
) -> None:
    assert time_spent(ANSWERED, turns, ANSWERED + timedelta(hours=1), how) == spent


def test_a_turn_outside_of_the_call_tells_nothing() -> None:
    turns = [turn(-5, HOLD), turn(70, HOLD)]
    assert time_spent(ANSWERED, turns, ANSWERED + timedelta(seconds=60), EndReason.CALLER) == {TALK: 60}


def test_an_answer_that_is_told_after_the_end_is_a_call_without_seconds() -> None:
    assert time_spent(ANSWERED, [], ANSWERED - timedelta(seconds=3), EndReason.CALLER) == {}
