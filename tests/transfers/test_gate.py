"""News that our dial plan cannot have told of a call as it is: nothing changes, they count, and we look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbx_bridge.calls import effects as fx
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.dispatcher import Dispatcher
from pbx_bridge.calls.effects import Phase, Unexpected
from pbx_bridge.calls.inbox import Inbox
from pbx_bridge.calls.message import Effect, Message
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.gate import Gate
from tests.calls import call_events as happens
from tests.calls.call_events import ANNA, BEN, CALL, CALLER, CHANNEL, LEG, NOW
from tests.calls.recordings import NAMES, recorded
from tests.calls.test_registry import AGENT_LEG, CALLER_LEG, MEMBER
from tests.transfers.played_transfer import A1, ALONE, PlayedTransfer

FOREIGN = "1795429654.999"
WRONG = ("PJSIP/trunk-99999999", "PJSIP/ben-00000099", "Local/1@sec-target-9;1")
NO_ATTEMPTS = (f"{CALL}-a9", f"{FOREIGN}-a1", "PJSIP/trunk-00000001", CALLER, LEG, CALL, "")
MEMBERS = (MEMBER, ev.MemberChanged(BEN, "sec", False, "", ev.MemberStatus.FREE))


def _dialing() -> PlayedTransfer:
    return PlayedTransfer(*MEMBERS, *happens.TO_TALKING).ring(ALONE).held()


def _consulting() -> PlayedTransfer:
    return _dialing().picked_up(A1).together(LEG, A1)


def _held() -> PlayedTransfer:
    stage = PlayedTransfer(*MEMBERS, *happens.TO_TALKING)
    stage.ask(msg.AskHold)
    return stage.held()


CALLS: dict[str, Callable[[], PlayedTransfer]] = {
    "arrived": lambda: PlayedTransfer(*MEMBERS, happens.ARRIVED),
    "waiting": lambda: PlayedTransfer(*MEMBERS, *happens.TO_TALKING[:2]),
    "ringing": lambda: PlayedTransfer(*MEMBERS, *happens.TO_TALKING[:3], happens.OFFERED_BEN),
    "talking": lambda: PlayedTransfer(*MEMBERS, *happens.TO_TALKING),
    "held": _held,
    "dialing": _dialing,
    "ring while talking": lambda: PlayedTransfer(*MEMBERS, *happens.TO_TALKING).ring(mode="talk"),
    "consulting": _consulting,
    "put through": lambda: _consulting().together(A1, CALL),
    "over": lambda: PlayedTransfer(*MEMBERS, *happens.TO_TALKING, happens.CALLER_GONE),
}


def forged_anywhere() -> Iterator[ev.PbxEvent]:
    """What is wrong whatever the call is doing."""
    for channel in (*WRONG, CHANNEL):
        yield ev.HungUp(CALL, CALL, channel)
        yield ev.CallArrived(CALL, channel, "493023125200", "4930")
        for holding in (True, False):
            yield ev.Bridged(CALL, CALL, channel, "talk", holding)
    for attempt in NO_ATTEMPTS:
        yield ev.TargetAnswered(CALL, attempt)
        yield ev.TargetEnded(CALL, attempt, "BUSY", 17)
        yield ev.TargetReleased(CALL, attempt)
        yield ev.TargetAccepted(CALL, attempt, accepted=True)
        yield ev.TargetAccepted(CALL, attempt, accepted=False)
    yield ev.HungUp(CALL, FOREIGN, CALLER)
    yield ev.Bridged(CALL, f"{CALL}-a9", "Local/1@sec-target-9;1", "talk")
    yield ev.CallAnswered(CALL, BEN, FOREIGN, "PJSIP/ben-00000099")
    yield ev.AgentCompleted(CALL, "PJSIP/zoe", "agent")
    yield ev.CallOffered(CALL, ANNA, FOREIGN, "PJSIP/ben-00000099")
    yield ev.OfferEnded(CALL, ANNA, FOREIGN)
    for kind in (ev.QueueJoined, ev.QueueLeft, ev.QueueAbandoned):
        yield kind(FOREIGN, "sec")
    yield ev.QueueEnded(FOREIGN, "TIMEOUT")
    yield ev.CallOffered(FOREIGN, ANNA, "1795429654.998", "PJSIP/anna-00000098")
    yield ev.CallAnswered(FOREIGN, ANNA, "1795429654.998", "PJSIP/anna-00000098")
    yield ev.Bridged(FOREIGN, FOREIGN, "PJSIP/trunk-00000098", "talk")
    yield ev.HungUp(FOREIGN, FOREIGN, "PJSIP/trunk-00000098")
    yield ev.HoldEnded(FOREIGN)
    yield ev.AgentAlone(FOREIGN)
    yield ev.AgentCompleted(FOREIGN, ANNA, "agent")
    yield ev.TargetAnswered(FOREIGN, f"{FOREIGN}-a1")


TALKS = ("talking", "held", "dialing", "ring while talking", "consulting", "put through")
IN_QUEUE = ("arrived", "waiting", "ringing")
FORGED_THEN: list[tuple[tuple[str, ...], ev.PbxEvent]] = [
    ((*IN_QUEUE, "talking", "ring while talking"), ev.HoldEnded(CALL)),
    (IN_QUEUE, ev.Bridged(CALL, CALL, CALLER, "hold", holding=True)),
    (TALKS, ev.QueueAbandoned(CALL, "sec")),
    (TALKS, ev.QueueEnded(CALL, "TIMEOUT")),
    (("talking", "ring while talking"), ev.QueueJoined(CALL, "sec", 1)),
    (TALKS, ev.CallOffered(CALL, BEN, FOREIGN, "PJSIP/ben-00000099")),
    ((*IN_QUEUE, "talking", "over"), ev.AgentAlone(CALL)),
    (("arrived", "waiting"), ev.CallAnswered(CALL, ANNA, LEG, CHANNEL)),
    (IN_QUEUE, ev.AgentCompleted(CALL, ANNA, "agent")),
    (("ringing",), ev.CallAnswered(CALL, BEN, LEG, CHANNEL)),
    *(((*TALKS, "ringing"), ev.HungUp(CALL, LEG, channel)) for channel in (*WRONG, CALLER)),
    *((TALKS, ev.Bridged(CALL, LEG, channel, "talk")) for channel in (*WRONG, CALLER)),
    (TALKS, ev.HungUp(CALL, FOREIGN, CHANNEL)),
]
"""What is wrong as long as the call is one of these."""


def forged(name: str) -> list[ev.PbxEvent]:
    """All that cannot be told of this call."""
    return [*forged_anywhere(), *(event for names, event in FORGED_THEN if name in names)]


def believed(stage: PlayedTransfer) -> tuple[object, ...]:
    """All that we hold true."""
    return dict(stage.registry.calls), dict(stage.registry.agents), dict(stage.transfers.views)


class Told:
    """What the dispatcher hands out, as in the service."""

    def __init__(self, stage: PlayedTransfer) -> None:
        self.now, self.effects = stage.now, list[Effect]()
        reducers = (stage.registry, stage.transfers)
        self.inbox = Inbox()
        self.dispatcher = Dispatcher(self.inbox, reducers, {}, lambda: self.now, gate=stage.gate)
        self.dispatcher._tell = self.effects.extend  # type: ignore[assignment,method-assign]

    def tell(self, *events: Message) -> list[Effect]:
        """The effects of these."""
        self.effects.clear()
        for event in events:
            self.inbox.put(event)
        self.dispatcher._work(len(events))
        return list(self.effects)

    def later(self, seconds: float) -> list[Effect]:
        """The effects of time."""
        self.effects.clear()
        self.now += timedelta(seconds=seconds)
        self.dispatcher._work(0)
        return list(self.effects)


@pytest.mark.parametrize("name", CALLS)
def test_each_forgery_changes_nothing_and_is_counted(name: str) -> None:
    for event in forged(name):
        stage = CALLS[name]()
        before, effects = believed(stage), Told(stage).tell(event)
        assert believed(stage) == before, event
        assert [type(effect) for effect in effects] == [Unexpected], event


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_flood_of_forgeries_changes_anything_or_keeps_us_busy(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(CALLS)))
    events = data.draw(st.lists(st.sampled_from(forged(name)), min_size=1, max_size=60))
    stage = CALLS[name]()
    before, told = believed(stage), Told(stage)
    effects = told.tell(*events)
    assert believed(stage) == before
    assert {type(effect) for effect in effects} == {Unexpected}
    assert len(effects) == len(events)
    assert [type(effect) for effect in told.later(0)] == [fx.Look], "one look, whatever came"
    told.tell(*events)
    assert told.later(0.5) == [], "and at most one a second"


def test_a_look_finds_what_was_true_after_all() -> None:
    stage = CALLS["over"]()
    told = Told(stage)
    assert isinstance(told.tell(ev.QueueJoined(FOREIGN, "sec"))[0], Unexpected)
    legs = (ev.LiveLeg(FOREIGN, FOREIGN, "PJSIP/trunk-00000098", dialled="493023125100"),)
    told.tell(ev.Snapshot(legs, MEMBERS, (ev.QueueJoined(FOREIGN, "sec"),)))
    assert stage.registry.calls[FOREIGN].phase is Phase.WAITING
    assert told.later(5) == []


def test_nobody_is_signed_out_by_mere_news_of_it() -> None:
    stage = CALLS["talking"]()
    told = Told(stage)
    assert told.tell(ev.MemberRemoved(ANNA, "sec")) == []
    assert stage.registry.agents[ANNA].signed_in
    assert [type(effect) for effect in told.later(0)] == [fx.Look]
    told.tell(ev.Snapshot((CALLER_LEG, AGENT_LEG), MEMBERS[1:]))
    assert set(stage.registry.agents) == {BEN}, "now the queue itself has told"


def test_a_hold_that_ends_as_the_agent_goes_back_is_looked_at_and_no_forgery() -> None:
    """The agent hung up in the moment of going back: the PBX tells of the hold after it told of the two."""
    stage = CALLS["held"]()
    stage.ask(msg.AskBack)
    stage.together(CALL, LEG)
    before, told = believed(stage), Told(stage)
    assert told.tell(ev.HoldEnded(CALL)) == []
    assert believed(stage) == before
    assert [type(effect) for effect in told.later(0)] == [fx.Look]


@pytest.mark.parametrize("name", ["held", "dialing", "consulting"])
def test_a_hold_that_ends_twice_is_no_forgery(name: str) -> None:
    """The agent hangs up: the dial plan sends the caller back to the queue by itself, and so do we."""
    stage = CALLS[name]()
    told = Told(stage)
    told.tell(ev.HoldEnded(CALL), ev.QueueJoined(CALL, "sec", 1))
    assert stage.registry.calls[CALL].phase is Phase.WAITING
    before = believed(stage)
    assert told.tell(ev.HoldEnded(CALL)) == []
    assert believed(stage) == before


def test_the_next_agent_is_believed_though_the_employee_picks_up_as_the_caller_is_queued_again() -> None:
    stage = CALLS["dialing"]()
    picks_up = ev.Bridged(CALL, A1, "Local/491713920001@sec-target-1;1", "employee's own")
    rings = ev.CallOffered(CALL, BEN, FOREIGN, "PJSIP/ben-00000099")
    answers = ev.CallAnswered(CALL, BEN, FOREIGN, "PJSIP/ben-00000099")
    effects = Told(stage).tell(
        happens.AGENT_GONE, happens.HOLD_ENDED, happens.QUEUED, picks_up, rings, answers
    )
    assert not [effect for effect in effects if isinstance(effect, Unexpected)]
    assert stage.registry.calls[CALL].busy_agent == BEN


def test_a_call_that_never_reaches_the_queue_is_looked_for() -> None:
    stage = CALLS["over"]()
    told = Told(stage)
    told.tell(ev.CallArrived(FOREIGN, "PJSIP/trunk-00000098", "493023125100", "4917139200"))
    assert told.later(4.9) == []
    assert [type(effect) for effect in told.later(0.1)] == [fx.Look]
    told.tell(ev.Snapshot((), MEMBERS))
    assert not stage.registry.calls[FOREIGN].live


def test_a_call_that_reaches_the_queue_needs_no_look() -> None:
    stage = CALLS["over"]()
    told = Told(stage)
    told.tell(ev.CallArrived(FOREIGN, "PJSIP/trunk-00000098", "493023125100", "4917139200"))
    told.tell(ev.QueueJoined(FOREIGN, "sec"))
    assert told.later(60) == []


@pytest.mark.parametrize("name", [name for name in NAMES if "deputy" not in name and "hold" not in name])
def test_all_that_a_real_call_told_is_believed(name: str) -> None:
    """Calls without a put-through: there the agent's command is not in the recording."""
    stage = PlayedTransfer(*MEMBERS)
    gate = Gate(stage.registry, stage.transfers)
    for event in recorded(name):
        assert not gate.refuses(event, NOW), event
        stage.registry.apply(event, NOW)
