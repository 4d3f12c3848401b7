"""The life of a call in order, with its reasons; what nobody wrote down has no line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rules.billing.call_course import TimeTurn
from rules.billing.terms import CallTime
from rules.calls.identify import CalledBy
from rules.calls.transfer import TransferRefusal
from rules.model import Channel
from rules.office.call_facts import (
    AttemptFact,
    LifeFacts,
    MessageFact,
    NoteFact,
    OfferFact,
    SendFact,
    WishFact,
)
from rules.office.call_life import LifeKind, TriedBecause, for_company, life, masked
from rules.outbox.notification import Told
from rules.vocabulary import (
    AttemptResult,
    CallBackEnd,
    CallOutcome,
    EndReason,
    MessageState,
    OfferGoneReason,
    SendOutcome,
    WishReason,
)

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


PLAIN = LifeFacts("c", "+493023125100", START, called_by=CalledBy.LINE)
MAIL = MessageFact(
    "m", at(241), Channel.EMAIL, "note", MessageState.SENT, at(241), Told.RECIPIENT, "erika",
    "erika@example.org", sends=(SendFact(at(242), at(242.6), SendOutcome.SENT, "smtp_250 OK"),),
)  # fmt: skip
FULL = replace(
    PLAIN,
    agent="anna",
    answered_at=at(14),
    ended_at=at(200),
    ended_how=EndReason.CALLER,
    outcome=CallOutcome.NOTED,
    offers=(OfferFact("ben", at(1), at(11.9), OfferGoneReason.NOT_ANSWERED),),
    turns=(TimeTurn(at(40), CallTime.HOLD), TimeTurn(at(75), CallTime.TALK)),
    attempts=(
        AttemptFact(at(41), "erika", asked="erika", ended_at=at(61), result=AttemptResult.NO_ANSWER),
        AttemptFact(
            at(62), "jens", asked="erika", as_deputy=True, ended_at=at(74), result=AttemptResult.BUSY
        ),
    ),
    notes=(NoteFact("n", at(240), "anna", recipients=("erika",)),),
    messages=(MAIL,),
)
COURSE = [
    # seconds, kind, why, because
    (0, "arrived", "line", ""),
    (1, "rang", "not_answered", ""),
    (14, "answered", "", ""),
    (40, "turned", "hold", ""),
    (41, "tried", "wanted", ""),
    (61, "try_over", "no_answer", ""),
    (62, "tried", "after", "no_answer"),
    (74, "try_over", "busy", ""),
    (75, "turned", "talk", ""),
    (200, "ended", "caller", ""),
    (240, "noted", "", ""),
    (241, "queued", "recipient", ""),
    (242, "sending", "sent", ""),
]


def test_a_whole_life_is_in_order_with_its_reasons() -> None:
    assert [(one.seconds, one.kind, one.why, one.because) for one in life(FULL)] == COURSE


def test_each_stretch_says_how_long_it_was_in_whole_seconds() -> None:
    lasted = {(one.kind, one.why): one.lasted for one in life(FULL)}
    assert lasted[LifeKind.RANG, "not_answered"] == 10
    assert lasted[LifeKind.ANSWERED, ""] == 14
    assert lasted[LifeKind.TURNED, "hold"] == 35
    assert lasted[LifeKind.TURNED, "talk"] == 125
    assert lasted[LifeKind.TRY_OVER, "no_answer"] == 20
    assert lasted[LifeKind.ENDED, "caller"] == 186


def test_what_happens_in_one_moment_is_told_as_it_follows() -> None:
    same = replace(
        FULL,
        notes=(NoteFact("n", at(200)),),
        messages=(replace(MAIL, created_at=at(200), sends=(SendFact(at(200), at(200), SendOutcome.SENT),)),),
    )
    assert [one.kind for one in life(same)][-4:] == ["ended", "noted", "queued", "sending"]


JENS = AttemptFact(
    at(41), "jens", asked="erika", as_deputy=True, result=AttemptResult.JOINED, ended_at=at(60)
)
BUSY = AttemptFact(at(30), "erika", asked="erika", result=AttemptResult.BUSY, ended_at=at(31))


@pytest.mark.parametrize(
    "attempts, why, because",
    [
        ([JENS], TriedBecause.DEPUTY, ""),
        ([replace(JENS, left_out=TransferRefusal.AWAY)], TriedBecause.LEFT_OUT, "away"),
        ([BUSY, JENS], TriedBecause.AFTER, "busy"),
        # somebody else was asked for before, or the one before was broken off: that is no reason
        ([replace(BUSY, asked="otto", employee="otto"), JENS], TriedBecause.DEPUTY, ""),
        ([replace(BUSY, result=AttemptResult.CANCELLED), JENS], TriedBecause.DEPUTY, ""),
        ([AttemptFact(at(41), number="+493023125900")], TriedBecause.OUTSIDE, ""),
        ([BUSY], TriedBecause.WANTED, ""),
    ],
)
def test_why_this_person_was_rung(attempts: list[AttemptFact], why: TriedBecause, because: str) -> None:
    tried = [one for one in life(replace(PLAIN, attempts=tuple(attempts))) if one.kind is LifeKind.TRIED]
    assert (tried[-1].why, tried[-1].because) == (why, because)


def test_a_call_of_which_little_is_stored_tells_little() -> None:
    assert [one.kind for one in life(LifeFacts("c", "+493023125100", START))] == ["arrived"]


def test_a_blocked_caller_is_turned_away_and_nothing_else() -> None:
    blocked = replace(PLAIN, outcome=CallOutcome.BLOCKED, ended_at=START)
    assert [one.kind for one in life(blocked)] == ["arrived", "blocked"]


def test_a_message_that_waits_has_its_next_try_and_one_that_arrived_has_none() -> None:
    failed = SendFact(at(242), at(243), SendOutcome.FAILED, "smtp_451 later")
    waiting = replace(MAIL, state=MessageState.WAITING, due_at=at(303), sends=(failed,))
    sms = replace(MAIL, channel=Channel.SMS, state=MessageState.DELIVERED, finished_at=at(250))
    assert [one.kind for one in life(replace(PLAIN, messages=(waiting,)))][-2:] == ["sending", "next_try"]
    assert [one.kind for one in life(replace(PLAIN, messages=(sms,)))][-2:] == ["sending", "reported"]


def test_the_company_sees_no_agent_and_no_reason_of_the_house() -> None:
    settled = SendFact(at(900), at(900), SendOutcome.SENT, "Angerufen, Frau Beispiel weiß es", by_hand=True)
    lines = for_company(life(replace(FULL, messages=(replace(MAIL, sends=(*MAIL.sends, settled)),))))
    assert {one.agent for one in lines} == {""}
    assert LifeKind.RANG not in {one.kind for one in lines}
    assert [one.said for one in lines if one.kind in {LifeKind.SENDING, LifeKind.SETTLED}] == [
        "smtp_250 OK",
        "",
    ]


WISH = WishFact(at(300), WishReason.NOBODY_FREE, at(900), at(960), CallBackEnd.REACHED, "ben")


def test_a_promised_call_back_is_told_from_the_key_to_its_end() -> None:
    gone = replace(PLAIN, ended_at=at(300), outcome=CallOutcome.ABANDONED, ended_how=EndReason.UNANSWERED)
    told = [(one.seconds, one.kind, one.why) for one in life(replace(gone, wishes=(WISH,)))]
    assert told == [
        (0, "arrived", "line"),
        (300, "wished", "nobody_free"),
        (300, "ended", "unanswered"),
        (900, "rung_back", ""),
        (960, "wish_over", "reached"),
    ]
    still = replace(WISH, rung_at=None, done_at=None, done_how=None, why=None)
    assert [(one.kind, one.why) for one in life(replace(PLAIN, wishes=(still,)))][1:] == [("wished", "")]


def test_the_company_sees_what_became_of_a_call_back_and_not_who_or_why_by_hand() -> None:
    by_hand = replace(WISH, done_how=CallBackEnd.BY_HAND, reason="Nummer gehört jemand anderem")
    lines = life(replace(PLAIN, wishes=(by_hand,)))
    assert (lines[-1].said, lines[-1].agent) == ("Nummer gehört jemand anderem", "ben")
    (over,) = [one for one in for_company(lines) if one.kind is LifeKind.WISH_OVER]
    assert (over.why, over.said, over.agent) == ("by_hand", "", "")


def test_the_call_by_which_somebody_is_called_back_does_not_arrive() -> None:
    first, *_ = life(replace(PLAIN, rings_back=True))
    assert (first.kind, first.why) == (LifeKind.CALLS_BACK, "line")


@pytest.mark.parametrize(
    "address, shown",
    [
        ("erika@example.org", "e…@example.org"),
        ("+491713920042", "+4917…042"),
        ("110", "…"),
        ("", ""),
    ],
)
def test_an_address_is_told_from_others_and_not_given_away(address: str, shown: str) -> None:
    assert masked(address) == shown
