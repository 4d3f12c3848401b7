from __future__ import annotations

from dataclasses import replace

import pytest

from pbx_bridge.calls import events as ev
from pbx_bridge.calls.effects import Answered, Phase
from pbx_bridge.telephony import pick_messages as picking
from pbx_bridge.telephony.picks import Picks
from pbx_bridge.transfers import messages as msg
from pbx_bridge.transfers.states import Result, TransferStep
from rules.decision import Refused
from tests.calls import call_events as happens
from tests.calls.call_events import ANNA, BEN, CALL, LEG, NOW
from tests.calls.test_registry import CALLER_LEG, CONSULTS, HELD_LEG, MEMBER
from tests.transfers.played_transfer import ALONE, PlayedTransfer

C1 = f"{CALL}-c1"
CHANNEL = "Local/1ben@sec-colleague-00000003;1"
FREE = ev.MemberChanged(BEN, "sec", False, "", ev.MemberStatus.FREE)
TAKEN = ev.CallAnswered(CALL, BEN, C1, CHANNEL)


def in_bridge(stage: PlayedTransfer, leg: str, bridge: str) -> PlayedTransfer:
    return stage.tell(ev.Bridged(CALL, leg, CHANNEL, bridge))


def asked(*, give: bool = False) -> PlayedTransfer:
    """Anna's colleague is rung, the caller hears music."""
    stage = PlayedTransfer().tell(FREE)
    assert stage.ask(msg.AskColleague, colleague=BEN, seconds=20, give=give) is None
    assert stage.sent() == ["Move", "RingColleague"]
    stage.held()
    assert stage.at(TransferStep.DIALING)
    return stage


def consulting() -> PlayedTransfer:
    stage = asked().picked_up(C1)
    in_bridge(stage, C1, "talk-2").tell(ev.Bridged(CALL, LEG, happens.CHANNEL, "talk-2"))
    assert stage.at(TransferStep.CONSULTING)
    return stage


def written(stage: PlayedTransfer) -> list[object]:
    """What the database would hear of."""
    kinds = (msg.AttemptStarted, msg.AttemptAnswered, msg.AttemptEnded, msg.AttemptAdopted)
    return [effect for effect in stage.effects if isinstance(effect, kinds)]


def over(stage: PlayedTransfer) -> list[tuple[str, str, Result, bool]]:
    found = (effect for effect in stage.effects if isinstance(effect, msg.ColleagueOver))
    return [(one.agent, one.colleague, one.result, one.talked) for one in found]


def test_handed_over_the_call_is_the_colleagues_and_all_begins_anew() -> None:
    stage = consulting()
    assert stage.ask(msg.AskConnect) is None
    assert stage.sent() == ["Connect"]
    stage.tell(TAKEN)
    call = stage.registry.calls[CALL]
    assert (call.busy_agent, call.agent_leg, call.conversation) == (BEN, C1, C1)
    in_bridge(stage, C1, "talk-3").tell(ev.Bridged(CALL, CALL, happens.CALLER, "talk-3"))
    assert stage.registry.calls[CALL].phase is Phase.TALKING
    assert stage.at(TransferStep.TALKING)
    assert {"hold", "ring", "ask_colleague", "hang_up"} <= stage.may
    assert stage.ask(msg.AskHold) == Refused("other_agent", {"agent": BEN})
    stage.tell(ev.HungUp(CALL, LEG, happens.CHANNEL))
    assert stage.ask(msg.AskRing, BEN, plan=ALONE, employee="weiss") is None
    assert [attempt.id for attempt in stage.state.tried] == []
    assert (stage.state.agent_channel, stage.state.current and stage.state.current.id) == (
        CHANNEL,
        f"{CALL}-a2",
    )
    assert over(stage) == []


def test_of_a_colleague_nothing_is_written_down() -> None:
    stage = consulting()
    assert stage.ask(msg.AskConnect) is None
    stage.tell(TAKEN)
    in_bridge(stage, C1, "talk-3").tell(ev.Bridged(CALL, CALL, happens.CALLER, "talk-3"))
    stage.tell(ev.HungUp(CALL, C1, CHANNEL), ev.TargetEnded(CALL, C1, "ANSWER", 16))
    assert written(stage) == []
    assert (stage.state.tried, stage.state.joined_with, stage.state.asked_for) == ((), None, None)


@pytest.mark.parametrize(
    "said, cause, result",
    [
        ("BUSY", 17, Result.BUSY),
        ("NOANSWER", 16, Result.NO_ANSWER),
        ("CHANUNAVAIL", 21, Result.DECLINED),
        ("CHANUNAVAIL", 3, Result.UNREACHABLE),
        ("FORBIDDEN", 17, Result.REFUSED),
    ],
)
@pytest.mark.parametrize("give", [False, True])
def test_who_cannot_be_reached_brings_the_agent_back(
    said: str, cause: int, result: Result, give: bool
) -> None:
    stage = asked(give=give).failed(C1, said, cause).alone()
    assert stage.sent() == ["Back"]
    stage.back()
    assert stage.at(TransferStep.TALKING)
    assert over(stage) == [(ANNA, BEN, result, False)]
    assert written(stage) == []
    assert BEN not in stage.transfers.asked()


@pytest.mark.parametrize("kind", [msg.AskBack, msg.AskCancel])
def test_a_call_that_may_be_the_colleagues_already_is_not_hung_up(kind: type[msg.Ask]) -> None:
    """Their leg stops ringing, but does not end once it has the caller: so says the dial plan's way back."""
    stage = asked(give=True)
    assert stage.ask(kind) is None
    assert stage.sent() == ["Back"]


@pytest.mark.parametrize("kind", [msg.AskBack, msg.AskCancel])
def test_a_colleague_who_is_asked_first_stops_ringing_first(kind: type[msg.Ask]) -> None:
    stage = asked()
    assert stage.ask(kind) is None
    assert stage.sent() == ["Drop"]
    assert stage.failed(C1, "CANCEL", 0).alone().sent() == ["Back"]


def test_a_colleague_who_hangs_up_has_talked() -> None:
    stage = consulting().failed(C1, "ANSWER", 16).alone()
    assert over(stage) == [(ANNA, BEN, Result.DECLINED, True)]


BUSY = [
    (replace(FREE, paused=True, reason="lunch"), "paused"),
    (replace(FREE, paused=True, reason="wrap_up"), "wrap_up"),
    (replace(FREE, paused=True, reason="pick"), "ringing"),
    (replace(FREE, status=ev.MemberStatus.IN_USE), "talking"),
    (replace(FREE, status=ev.MemberStatus.RINGING), "ringing"),
    (replace(FREE, status=ev.MemberStatus.UNAVAILABLE), "unavailable"),
]


@pytest.mark.parametrize("member, state", BUSY)
def test_who_is_not_free_is_not_rung(member: ev.MemberChanged, state: str) -> None:
    stage = PlayedTransfer().tell(member)
    refused = stage.ask(msg.AskColleague, colleague=BEN, seconds=20)
    assert refused == Refused("colleague_not_free", {"state": state})
    assert stage.sent() == []


def test_who_is_signed_out_or_oneself_is_not_rung() -> None:
    stage = PlayedTransfer()
    refused = stage.ask(msg.AskColleague, colleague=BEN, seconds=20)
    assert refused == Refused("colleague_not_free", {"state": "signed_out"})
    assert stage.ask(msg.AskColleague, colleague=ANNA, seconds=20) == Refused("colleague_yourself")


def test_who_is_rung_by_a_colleague_picks_nobody() -> None:
    stage = asked()
    picks = Picks(stage.registry)
    picks.not_for(stage.transfers.asked)
    stage.registry.apply(ev.CallArrived("9.1", "PJSIP/trunk-9", "493023125100", "491713920077"), NOW)
    stage.registry.apply(ev.QueueJoined("9.1", "sec"), NOW)
    answers: list[Refused | None] = []
    picks.apply(picking.AskPick(call="9.1", agent=BEN, reply=answers.append), NOW)
    assert answers == [Refused("pick_one_at_a_time")]


def test_only_a_colleague_who_was_asked_is_believed_to_have_the_call() -> None:
    stage = PlayedTransfer().tell(FREE)
    assert stage.gate.refuses(TAKEN, NOW)
    stage = asked()
    assert stage.gate.refuses(replace(TAKEN, interface="PJSIP/carla"), NOW)
    assert stage.gate.refuses(replace(TAKEN, leg=f"{CALL}-c2"), NOW)
    assert stage.gate.refuses(TAKEN, NOW) is None


# ---- after a restart: what the legs say

PHONE = ev.LiveLeg(CALL, "1795429654.200", "PJSIP/ben-00000009", "side", "from-nowhere,,1", "AppDial")
DIALS = ev.LiveLeg(CALL, f"{C1}b", CHANNEL.replace(";1", ";2"), "side", "sec-colleague,1ben,20", "Dial")
ASKED = ev.LiveLeg(CALL, C1, CHANNEL, "consult", "sec-answered,s,6", "Bridge", seconds=9)
RUNG = (
    replace(PHONE, bridge="", up=False),
    replace(DIALS, bridge=""),
    replace(ASKED, bridge="", up=False, where="sec-asked,s,1", application=""),
)
WAITS = replace(CONSULTS, bridge="agent", application="BridgeWait")
FETCHED = replace(CALLER_LEG, where="sec-hold,s,5", application="BridgeWait")
BEN_IN = replace(FREE, status=ev.MemberStatus.IN_USE)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    "legs, step",
    [
        ((HELD_LEG, WAITS, *RUNG), TransferStep.DIALING),
        ((HELD_LEG, CONSULTS, PHONE, DIALS, ASKED), TransferStep.CONSULTING),
    ],
)
def test_a_colleague_who_is_asked_is_known_again(
    legs: tuple[ev.LiveLeg, ...], step: TransferStep, turned: bool
) -> None:
    stage = PlayedTransfer(ev.LinkUp())
    stage.tell(ev.Snapshot(legs[::-1] if turned else legs, (MEMBER, BEN_IN)))
    assert stage.at(step)
    call = stage.registry.calls[CALL]
    assert (call.busy_agent, call.offered) == (ANNA, frozenset())
    assert stage.transfers.asked() == {BEN}
    assert written(stage) == []


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    "own", [(), (replace(CONSULTS, bridge="", where="sec-bye,s,1", application="Wait"),)]
)
@pytest.mark.parametrize("fetched", [CALLER_LEG, FETCHED], ids=["from elsewhere", "out of the music"])
def test_a_colleague_who_took_the_call_is_its_agent(
    own: tuple[ev.LiveLeg, ...], turned: bool, fetched: ev.LiveLeg
) -> None:
    """Also in the second in which who gave it is still there, and when the caller has been on hold."""
    took = replace(ASKED, bridge=CALLER_LEG.bridge, where="sec-join,s,1")
    legs = (fetched, *own, PHONE, DIALS, took)
    stage = PlayedTransfer(ev.LinkUp())
    stage.tell(ev.Snapshot(legs[::-1] if turned else legs, (MEMBER, BEN_IN)))
    call = stage.registry.calls[CALL]
    assert (call.busy_agent, call.agent_leg, call.agent_channel) == (BEN, C1, CHANNEL)
    assert (call.phase, call.employee_leg) == (Phase.TALKING, "")
    assert stage.sent() == []
    assert stage.transfers.asked() == frozenset()
    assert stage.ask(msg.AskHold, BEN) is None


def test_a_hand_over_that_nobody_saw_is_told_as_an_answer() -> None:
    stage = consulting()
    stage.tell(ev.LinkDown("lost"), ev.LinkUp())
    took = replace(ASKED, bridge=CALLER_LEG.bridge, where="sec-join,s,1")
    snapshot = ev.Snapshot((CALLER_LEG, PHONE, DIALS, took), (MEMBER, BEN_IN))
    told = stage.registry.apply(snapshot, NOW)
    assert Answered(CALL, BEN) in told
    stage.effects += stage.transfers.apply(snapshot, NOW)
    assert [one for one in over(stage) if one[2] is not Result.JOINED] == []
    assert stage.ask(msg.AskHold, BEN) is None
