from __future__ import annotations

from datetime import timedelta

import pytest

from pbx_bridge.calls import events as ev
from pbx_bridge.calls.effects import PhoneRefuses
from pbx_bridge.calls.refusals import FORWARDS, REFUSES, Refusals
from rules.vocabulary import PhoneTrouble
from tests.calls import call_events as happens
from tests.calls.call_events import ANNA, CALL, CALLER, LEG, NOW


class Phone:
    """Anna's, with a caller in the queue."""

    def __init__(self) -> None:
        self.registry = happens.registry()
        self.refusals = Refusals(self.registry)
        self.now, self.legs = NOW, 0
        self.told: list[object] = []
        self.tell(ev.CallArrived(CALL, CALLER, "493023125100", "491713920042"), ev.QueueJoined(CALL, "sec"))

    def tell(self, *events: ev.PbxEvent) -> None:
        for event in events:
            self.registry.apply(event, self.now)
            self.told += self.refusals.apply(event, self.now)

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        due = self.refusals.deadline()
        if due and due <= self.now:
            self.told += self.refusals.tick(self.now)

    def offered(self) -> str:
        self.legs += 1
        leg = f"{LEG}{self.legs}"
        self.tell(ev.CallOffered(CALL, ANNA, leg, f"{ANNA}-{self.legs}"))
        return leg

    def over(self, leg: str, cause: int) -> None:
        self.tell(ev.HungUp(CALL, leg, f"{ANNA}-{self.legs}", cause))


@pytest.mark.parametrize(
    "cause, how",
    [
        (17, REFUSES),
        (21, REFUSES),
        (19, REFUSES),
        (1, REFUSES),
        (23, FORWARDS),
        (0, FORWARDS),
        (16, FORWARDS),
    ],
)
def test_two_refusals_at_once_are_a_pause(cause: int, how: PhoneTrouble) -> None:
    phone = Phone()
    for times in (0, 1):
        assert phone.told == [], times
        phone.over(phone.offered(), cause)
        phone.wait(1)
    assert phone.told == [PhoneRefuses(ANNA, how)]


def test_whoever_takes_a_second_has_refused_by_hand() -> None:
    phone = Phone()
    for seconds in (0, 1.5, 0, 1.5):
        leg = phone.offered()
        phone.wait(seconds)
        phone.over(leg, 17)
        phone.wait(1)
    assert phone.told == []


def test_a_caller_who_gives_up_at_once_is_no_refusal() -> None:
    phone = Phone()
    for _ in range(2):
        phone.over(phone.offered(), 0)
        phone.wait(0.1)
    phone.tell(ev.QueueAbandoned(CALL, "sec"), ev.HungUp(CALL, CALL, CALLER))
    phone.wait(1)
    assert phone.told == []


def test_an_answer_and_a_pause_begin_anew() -> None:
    phone = Phone()
    phone.over(phone.offered(), 17)
    phone.tell(ev.MemberChanged(ANNA, "sec", True, "lunch", ev.MemberStatus.FREE))
    phone.over(phone.offered(), 17)
    assert phone.told == []
    leg = phone.offered()
    phone.tell(ev.CallAnswered(CALL, ANNA, leg, f"{ANNA}-{phone.legs}"))
    phone.over(phone.offered(), 17)
    assert phone.told == []
