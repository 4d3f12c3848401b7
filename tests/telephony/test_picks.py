"""Who picks whom: one pick a call, one pick an agent; what came to nothing is told, and once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.message import Effect, Message
from pbx_bridge.telephony import pick_messages as picking
from pbx_bridge.telephony.picks import ROWS, WORD_WITHIN, PickNews, Picks, PickStage
from pbx_bridge.transfers.gate import Gate
from pbx_bridge.transfers.reducer import PutThroughs
from rules.decision import Refused
from tests.calls import call_events as happens
from tests.calls.call_events import ANNA, BEN, CALL, CALLER, NOW

TAKEN = ev.CallPicked(CALL, ANNA, "OK")
RINGS = ev.CallOffered(CALL, ANNA, "1795429654.300", "PJSIP/anna-00000300")
MINE = ev.CallAnswered(CALL, ANNA, RINGS.leg, RINGS.channel)
BENS = ev.CallAnswered(CALL, BEN, happens.OFFERED_BEN.leg, happens.OFFERED_BEN.channel)
UNANSWERED = ev.PickOver(CALL, ANNA, "NOANSWER")


class Hall:
    """A caller who waits, and two agents who are free."""

    def __init__(self) -> None:
        self.registry = happens.registry()
        self.picks = Picks(self.registry)
        self.now: datetime = NOW
        self.answers: list[Refused | None] = []
        self.effects: list[Effect] = []
        free = (ev.MemberChanged(who, "sec", False, "", ev.MemberStatus.FREE) for who in (ANNA, BEN))
        self.tell(ev.LinkUp(), *free, happens.ARRIVED, happens.QUEUED)

    def tell(self, *messages: Message) -> Hall:
        for message in messages:
            self.registry.apply(message, self.now)
            self.effects += self.picks.apply(message, self.now)
        return self

    def pick(self, agent: str = ANNA) -> Refused | None:
        self.tell(picking.AskPick(call=CALL, agent=agent, reply=self.answers.append))
        return self.answers[-1]

    def told(self) -> list[tuple[str, str, str]]:
        """Which agent is told what, and by whom."""
        return [(e.agent, e.code, e.by) for e in self.effects if isinstance(e, picking.PickFailed)]


def test_a_pick_is_one_order_to_the_pbx() -> None:
    hall = Hall()
    assert hall.pick() is None
    assert hall.effects == [picking.SendPick(CALL, CALLER, ANNA)]


def test_the_second_one_is_refused_before_and_after_the_pbx_has_taken_it() -> None:
    hall = Hall()
    hall.pick()
    for _ in range(2):
        assert hall.pick(BEN) == Refused("picked_already", {"agent": ANNA})
        assert hall.pick() == Refused("picked_already", {"agent": ANNA})
        hall.tell(TAKEN)
    assert hall.registry.calls[CALL].waiting


@pytest.mark.parametrize(
    "events, told",
    [
        ((TAKEN, RINGS, MINE), []),
        ((TAKEN, UNANSWERED), [(ANNA, "pick_not_answered", "")]),
        ((TAKEN, ev.PickOver(CALL, ANNA, "BUSY")), [(ANNA, "pick_refused", "")]),
        ((TAKEN, ev.PickOver(CALL, ANNA, "CHANUNAVAIL")), [(ANNA, "pick_unreachable", "")]),
        ((TAKEN, ev.PickOver(CALL, ANNA, "CONGESTION")), [(ANNA, "pick_unreachable", "")]),
        ((TAKEN, happens.CALLER_GONE), [(ANNA, "pick_gone", "")]),
        ((happens.CALLER_GONE,), [(ANNA, "pick_gone", "")]),
        ((ev.CallPicked(CALL, ANNA, "GONE"),), [(ANNA, "pick_gone", "")]),
        ((ev.CallPicked(CALL, ANNA, "BUSY"),), [(ANNA, "pick_busy", "")]),
        ((ev.CallPicked(CALL, ANNA, "MEMBER"),), [(ANNA, "pick_signed_out", "")]),
        ((happens.OFFERED_BEN, BENS), [(ANNA, "pick_taken", BEN)]),
        ((happens.OFFERED_BEN, BENS, ev.CallPicked(CALL, ANNA, "TAKEN")), [(ANNA, "pick_taken", BEN)]),
        ((picking.PickUnsent(CALL, ANNA),), [(ANNA, "pick_no_word", "")]),
        # whoever picked up a moment too late does not count
        ((happens.OFFERED_BEN, TAKEN, BENS, RINGS, MINE), []),
    ],
)
def test_what_comes_of_it(events: tuple[Message, ...], told: list[tuple[str, str, str]]) -> None:
    hall = Hall()
    hall.pick()
    assert hall.tell(*events).told() == told


def test_a_caller_led_out_of_the_queue_has_not_hung_up() -> None:
    hall = Hall()
    hall.pick()
    hall.tell(TAKEN, happens.ABANDONED)
    call = hall.registry.calls[CALL]
    assert (call.live, call.picked, call.waiting) == (True, ANNA, True)
    hall.tell(RINGS, MINE)
    call = hall.registry.calls[CALL]
    assert (call.busy_agent, call.picked) == (ANNA, "")


def test_back_in_the_queue_the_caller_can_be_picked_again_and_give_up() -> None:
    hall = Hall()
    hall.pick()
    hall.tell(TAKEN, UNANSWERED, happens.QUEUED)
    assert hall.registry.calls[CALL].picked == ""
    assert hall.pick(BEN) is None
    hall.tell(ev.CallPicked(CALL, BEN, "OK"), ev.PickOver(CALL, BEN, "NOANSWER"), happens.ABANDONED)
    assert hall.registry.calls[CALL].live, "the queue says that of each pick"
    hall.tell(happens.CALLER_GONE)
    assert not hall.registry.calls[CALL].live


def test_without_a_word_the_agent_is_told_and_a_snapshot_says_what_is() -> None:
    hall = Hall()
    hall.pick()
    assert hall.picks.deadline() == NOW + WORD_WITHIN
    effects = hall.picks.tick(NOW + WORD_WITHIN + timedelta(seconds=1))
    assert effects == [picking.PickFailed(CALL, ANNA, "pick_no_word"), fx.Look(CALL)]
    assert hall.picks.deadline() is None


def test_without_a_pbx_nobody_picks() -> None:
    hall = Hall().tell(ev.LinkDown("lost"))
    assert hall.pick() == Refused("pbx_down")


def test_the_phones_of_the_others_stop_and_they_are_told_why() -> None:
    hall = Hall().tell(happens.OFFERED, happens.OFFERED_BEN)
    hall.pick()
    call_before = hall.registry.calls[CALL]
    assert call_before.offered == {ANNA, BEN}
    effects = hall.registry.apply(TAKEN, NOW)
    assert fx.OfferGone(CALL, BEN, fx.OfferGoneReason.PICKED) in effects
    assert hall.registry.calls[CALL].offered == {ANNA}


def test_every_row_ends_or_goes_on_and_every_news_has_one() -> None:
    assert {news for _, news in ROWS} == set(PickNews)
    assert {stage for stage, _ in ROWS} == {PickStage.ASKED, PickStage.COMING}
    assert all(
        to is PickStage.OVER or (stage, news) == (PickStage.ASKED, PickNews.TAKEN)
        for (stage, news), (to, _) in ROWS.items()
    )


@pytest.mark.parametrize(
    "asked, told, believed",
    [
        (ANNA, TAKEN, True),
        (BEN, TAKEN, False),  # nobody has asked for that
        ("", TAKEN, False),
        (ANNA, ev.CallPicked("1.1", ANNA, "OK"), False),
        (ANNA, ev.CallPicked(CALL, BEN, "GONE"), False),
        (ANNA, UNANSWERED, False),  # before it was taken
    ],
)
def test_only_what_somebody_has_asked_for_is_believed(asked: str, told: Message, believed: bool) -> None:
    hall = Hall()
    gate = Gate(hall.registry, PutThroughs(hall.registry), hall.picks)
    if asked:
        hall.pick(asked)
    assert (gate.refuses(told, NOW) is None) is believed
    if isinstance(told, ev.CallPicked) and not believed:
        assert gate.tick(NOW) == [fx.Look("")]


def test_a_look_in_between_forgets_no_pick() -> None:
    hall = Hall()
    hall.pick()
    caller = ev.LiveLeg(CALL, CALL, CALLER, where="sec-call,493023125100,31", application="Queue")
    free = tuple(ev.MemberChanged(who, "sec", False, "", ev.MemberStatus.FREE) for who in (ANNA, BEN))
    hall.tell(ev.Snapshot((caller,), free, (happens.QUEUED,)))
    assert hall.picks.awaits(CALL, ANNA)
    fetched = replace(caller, where="sec-fetch,s,6", application="Dial")
    rings = ev.LiveLeg(CALL, RINGS.leg, RINGS.channel, up=False)
    hall.tell(TAKEN, ev.Snapshot((fetched, rings), free))
    call = hall.registry.calls[CALL]
    assert (call.phase, call.picked) == ("offered", ANNA)
    assert hall.tell(UNANSWERED).told() == [(ANNA, "pick_not_answered", "")]
