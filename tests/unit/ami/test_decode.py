from __future__ import annotations

import contextlib
from collections import Counter
from pathlib import Path

import pytest

from pbx_bridge.ami.codec import Framer, event_name
from pbx_bridge.ami.decode import EVENTS, decode
from pbx_bridge.ami.evidence import Implausible
from pbx_bridge.calls import events as ev
from tests.ami_server import message

CHANNEL = (
    "Channel: PJSIP/trunk-1",
    "CallerIDNum: 491713920042",
    "CallerIDName: Jürgen Groß",
    "Exten: 493023125100",
    "Uniqueid: 1.0",
    "ChanVariable: SEC_CALL=1.0",
    "ChanVariable: SEC_DID=493023125100",
)
AGENT = ("DestChannel: PJSIP/anna-2", "DestUniqueid: 1.1", "Queue: sec", "Interface: PJSIP/anna")


def read(*headers: str) -> ev.PbxEvent | None:
    return decode(message(*headers).removesuffix(b"\r\n\r\n"))


TOLD_BY = {
    "SecAnswer": "1.0-a1", "SecRelease": "1.0-a1", "SecTarget": "1.0-a1b", "SecOver": "1.1", "SecKey": "1.9",
}  # fmt: skip
"""Uniqueids of the channels that can tell this; all else is told by the caller's."""


def user_event(name: str, *fields: str, leg: str = "") -> ev.PbxEvent | None:
    teller = f"Uniqueid: {leg or TOLD_BY.get(name, '1.0')}"
    headers = [teller if header.startswith("Uniqueid") else header for header in CHANNEL]
    return read("Event: UserEvent", *headers, f"UserEvent: {name}", "Call: 1.0", *fields)


CASES = [
    (("QueueCallerJoin", *CHANNEL, "Queue: sec", "Position: 2"), ev.QueueJoined("1.0", "sec", 2)),
    (("QueueCallerLeave", *CHANNEL, "Queue: sec"), ev.QueueLeft("1.0", "sec")),
    (("QueueCallerAbandon", *CHANNEL, "Queue: sec"), ev.QueueAbandoned("1.0", "sec")),
    (("AgentCalled", *CHANNEL, *AGENT), ev.CallOffered("1.0", "PJSIP/anna", "1.1", "PJSIP/anna-2")),
    (("AgentRingNoAnswer", *CHANNEL, *AGENT), ev.OfferEnded("1.0", "PJSIP/anna", "1.1")),
    (
        ("AgentConnect", *CHANNEL, *AGENT, "HoldTime: 7"),
        ev.CallAnswered("1.0", "PJSIP/anna", "1.1", "PJSIP/anna-2", 7),
    ),
    (("AgentComplete", *CHANNEL, *AGENT, "Reason: caller"), ev.AgentCompleted("1.0", "PJSIP/anna", "caller")),
    (("BridgeEnter", *CHANNEL, "BridgeUniqueid: b"), ev.Bridged("1.0", "1.0", "PJSIP/trunk-1", "b")),
    (("BridgeLeave", *CHANNEL, "BridgeUniqueid: b"), ev.Unbridged("1.0", "1.0", "PJSIP/trunk-1", "b")),
    (("Hangup", *CHANNEL, "Cause: 16"), ev.HungUp("1.0", "1.0", "PJSIP/trunk-1", 16)),
    (("QueueMemberRemoved", "Queue: sec", "Interface: PJSIP/anna"), ev.MemberRemoved("PJSIP/anna", "sec")),
]


@pytest.mark.parametrize("headers, expected", CASES, ids=[case[0][0] for case in CASES])
def test_event_of_asterisk(headers: tuple[str, ...], expected: ev.PbxEvent) -> None:
    assert read(f"Event: {headers[0]}", *headers[1:]) == expected


USER_CASES = [
    (
        "SecBlocked",
        ("Did: 493023125100", "CallerName: ", "Rdnis: +493023125000"),
        ev.CallBlocked(
            ev.CallArrived(
                "1.0",
                "PJSIP/trunk-1",
                "493023125100",
                "491713920042",
                "Jürgen Groß",
                diversion="+493023125000",
            )
        ),
    ),
    ("SecQueueEnd", ("Status: TIMEOUT",), ev.QueueEnded("1.0", "TIMEOUT")),
    ("SecAnswer", ("Att: 1.0-a1",), ev.TargetAnswered("1.0", "1.0-a1")),
    (
        "SecTarget",
        ("Att: 1.0-a1", "Result: BUSY", "Cause: 17"),
        ev.TargetEnded("1.0", "1.0-a1", "BUSY", 17),
    ),
    ("SecOver", (), ev.AgentAlone("1.0")),
    ("SecHoldEnd", (), ev.HoldEnded("1.0")),
    ("SecRelease", ("Att: 1.0-a1",), ev.TargetReleased("1.0", "1.0-a1")),
    ("SecKey", ("Att: 1.0-a1", "Key: 1"), ev.TargetAccepted("1.0", "1.0-a1", accepted=True)),
    ("SecKey", ("Att: 1.0-a1", "Key: 2"), ev.TargetAccepted("1.0", "1.0-a1", accepted=False)),
    ("SecJoinEnd", (), None),
    ("SomebodyElse", (), None),
]


@pytest.mark.parametrize("name, fields, expected", USER_CASES)
def test_event_of_our_dial_plan(name: str, fields: tuple[str, ...], expected: ev.PbxEvent | None) -> None:
    assert user_event(name, *fields) == expected


def test_call_arrives_with_all_that_is_known() -> None:
    arrived = user_event(
        "SecCall", "Did: 493023125100", "CallerName: J%C3%BCrgen%20Gro%C3%9F%2C%20privat",
        "Rdnis: 493023125900", "RdnisReason: cfnr",
        "HistoryInfo: %3Csip%3A493023125900%40carrier.example%3E%3Bindex%3D1",
    )  # fmt: skip
    assert arrived == ev.CallArrived(
        call="1.0",
        channel="PJSIP/trunk-1",
        dialled="493023125100",
        caller="491713920042",
        caller_name="Jürgen Groß, privat",
        diversion="493023125900",
        diversion_reason="cfnr",
        history_info="<sip:493023125900@carrier.example>;index=1",
    )


@pytest.mark.parametrize("number", ["anonymous", "Anonymous", "<unknown>", "", "Restricted", "unavailable"])
def test_withheld_number_leaves_neither_number_nor_name(number: str) -> None:
    arrived = read(
        "Event: UserEvent", "Channel: PJSIP/trunk-1", f"CallerIDNum: {number}", "CallerIDName: Jürgen Groß",
        "Uniqueid: 1.0", "ChanVariable: SEC_CALL=1.0", "UserEvent: SecCall", "Call: 1.0", "Did: 493023125100",
    )  # fmt: skip
    assert isinstance(arrived, ev.CallArrived)
    assert (arrived.withheld, arrived.caller, arrived.caller_name) == (True, "", "")


@pytest.mark.parametrize(
    "number, status",
    [
        ("0", "unknown"), ("1", "free"), ("2", "in_use"), ("3", "in_use"), ("4", "unavailable"),
        ("5", "unavailable"), ("6", "ringing"), ("7", "in_use"), ("8", "in_use"), ("9", "unknown"),
        ("", "unknown"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["QueueMemberStatus", "QueueMemberAdded", "QueueMemberPause"])
def test_member_as_it_is_now(name: str, number: str, status: str) -> None:
    event = read(
        f"Event: {name}", "Queue: sec", "Interface: PJSIP/anna", "Paused: 1", "PausedReason: Pause",
        f"Status: {number}",
    )  # fmt: skip
    assert event == ev.MemberChanged("PJSIP/anna", "sec", True, "Pause", ev.MemberStatus(status))


def test_leg_of_a_foreign_call_has_no_call() -> None:
    event = read("Event: Hangup", "Channel: PJSIP/anna-9", "Uniqueid: 9.0", "ChanVariable: SEC_CALL=")
    assert event == ev.HungUp("", "9.0", "PJSIP/anna-9", 0)


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_message_without_its_identity_is_dropped(name: bytes) -> None:
    assert decode(b"Event: " + name) is None


def test_every_cut_short_message_is_read_dropped_or_not_believed() -> None:
    for headers, _ in CASES:
        whole = message(f"Event: {headers[0]}", *headers[1:])
        for length in range(len(whole)):
            with contextlib.suppress(Implausible):
                decode(whole[:length])


# ---- recordings of real calls


def story(recording: Path) -> list[ev.PbxEvent]:
    raws = Framer().feed(recording.read_bytes())
    return [event for raw in raws if (event := decode(raw)) is not None]


def kinds(events: list[ev.PbxEvent], call: str) -> list[str]:
    return [type(event).__name__ for event in events if getattr(event, "call", None) == call]


def test_plain_call_as_recorded(root: Path) -> None:
    events = story(root / "tests/recordings/asterisk22-plain-call-caller-hangs-up.ami")
    arrived = next(event for event in events if isinstance(event, ev.CallArrived))
    assert (arrived.caller_name, arrived.dialled) == ("Jürgen Groß", "493023125100")
    told = kinds(events, arrived.call)
    assert told[:7] == [
        "CallArrived", "QueueJoined", "CallOffered", "QueueLeft", "CallAnswered", "Bridged", "Bridged",
    ]  # fmt: skip
    assert sorted(told[7:]) == ["AgentCompleted", "HungUp", "HungUp", "Unbridged", "Unbridged"], (
        "in any order"
    )


def test_busy_employee_then_deputy_as_recorded(root: Path) -> None:
    events = story(root / "tests/recordings/asterisk22-busy-deputy-accepts.ami")
    ended = [event for event in events if isinstance(event, ev.TargetEnded)]
    answered = [event for event in events if isinstance(event, ev.TargetAnswered)]
    assert [event.result for event in ended if event.call == answered[0].call] == ["BUSY", "ANSWER"]
    assert answered[0].attempt == f"{answered[0].call}-a2"


def test_unfiltered_recordings_hold_mostly_what_nobody_wants(root: Path) -> None:
    count = Counter[bool]()
    for recording in (root / "tests/recordings").glob("*.ami"):
        for raw in Framer().feed(recording.read_bytes()):
            if event_name(raw):
                count[decode(raw) is not None] += 1
    assert count[True] > 100
    assert count[False] > 5 * count[True]


@pytest.mark.parametrize("size", [1, 7, 1460])
def test_recording_cut_anywhere_tells_the_same_story(root: Path, size: int) -> None:
    recording = root / "tests/recordings/asterisk22-plain-call-caller-hangs-up.ami"
    data, framer = recording.read_bytes(), Framer()
    raws = [raw for start in range(0, len(data), size) for raw in framer.feed(data[start : start + size])]
    assert [event for raw in raws if (event := decode(raw))] == story(recording)
