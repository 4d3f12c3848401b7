"""A message that was forged into another one is not of one piece."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from pbx_bridge.ami.codec import Framer
from pbx_bridge.ami.decode import decode
from pbx_bridge.ami.evidence import Implausible
from pbx_bridge.calls import events as ev
from tests.pbx.hostile import Victim, forgeries

VICTIM = Victim(
    "1795429654.114", "PJSIP/trunk-00000044", "PJSIP/anna", "1795429654.115", "PJSIP/anna-00000045"
)
FORGER = "1795429700.7"
OWN = (
    "Privilege: call,all", "Channel: PJSIP/trunk-00000050", "CallerIDNum: {forged}", "Context: sec-call",
    "Exten: {forged}", "Priority: 1", f"Uniqueid: {FORGER}", f"Linkedid: {FORGER}",
    f"ChanVariable: SEC_CALL={FORGER}", "ChanVariable: SEC_CHAN=PJSIP/trunk-00000050",
)  # fmt: skip
FORGED = forgeries(VICTIM)


def read(raw: bytes) -> Iterator[ev.PbxEvent]:
    """What our reader makes of these bytes."""
    for message in Framer().feed(raw):
        try:
            event = decode(message)
        except Implausible:
            continue
        if event is not None:
            yield event


@pytest.mark.parametrize("place", ["CallerIDNum: {forged}", "Exten: {forged}"])
@pytest.mark.parametrize("forged", FORGED, ids=range(len(FORGED)))
@pytest.mark.parametrize("lead", ["\r\n\r\n", "\r\n"], ids=["own", "joined"])
def test_a_forger_who_gives_less_than_the_whole_message_is_found_out(
    forged: str, lead: str, place: str
) -> None:
    """Without its end: what follows is the forger's own, which says whose channel it is."""
    text = lead + forged.replace("\n", "\r\n")
    lines = (line.format(forged=f"4{text}" if line == place else "4") for line in OWN)
    raw = "\r\n".join(("Event: Hangup", *lines, "Cause: 16", "", "")).encode()
    calls = {getattr(event, "call", "") for event in read(raw)}
    assert VICTIM.call not in calls


@pytest.mark.parametrize("name, leg", [
    ("SecCall", "1.1"), ("SecBlocked", "1.1"), ("SecHoldEnd", "1.1"), ("SecQueueEnd", "1.1"),
    ("SecOver", "1.0"), ("SecAnswer", "1.0"), ("SecAnswer", "1.0-a2"),
    ("SecRelease", "1.0-a1b"), ("SecTarget", "1.0-a1"), ("SecTarget", "1.0"), ("SecKey", "1.0"),
    ("SecPick", "1.0"), ("SecPick", "1.1"), ("SecOffer", "1.0"), ("SecPicked", "1.0"),
    ("SecOfferOver", "1.1"), ("SecPickOver", "1.1"), ("SecPickDone", "1.1"),
])  # fmt: skip
def test_only_the_channel_that_can_tell_it_is_believed(name: str, leg: str) -> None:
    with pytest.raises(Implausible):
        decode(_said(name, leg, att="1.0-a1"))


@pytest.mark.parametrize("att", ["", "2.0-a1", "PJSIP/trunk-00000044", "1.0-a", "1.0-ax", "1.0-a1b", "1.0"])
@pytest.mark.parametrize("name", ["SecAnswer", "SecRelease", "SecTarget", "SecKey"])
def test_an_attempt_is_one_of_the_same_call(name: str, att: str) -> None:
    with pytest.raises(Implausible):
        decode(_said(name, f"{att}b" if name == "SecTarget" else att, att))


def _said(name: str, leg: str, att: str) -> bytes:
    return "\r\n".join((
        "Event: UserEvent", "Channel: PJSIP/trunk-1", f"Uniqueid: {leg}", "ChanVariable: SEC_CALL=1.0",
        f"UserEvent: {name}", "Call: 1.0", f"Att: {att}",
    )).encode()  # fmt: skip


@pytest.mark.parametrize("call", ["1", "1.0\n", "x.y", "1.0;rm", "", "1.0 ", "１.０"])
def test_a_call_has_the_shape_of_a_uniqueid(call: str) -> None:
    lines = ("Event: Hangup", "Channel: PJSIP/a-1", "Uniqueid: 1.0", f"ChanVariable: SEC_CALL={call}")
    raw = "\r\n".join(lines).encode()
    if call:
        with pytest.raises(Implausible):
            decode(raw)
    else:
        assert decode(raw) == ev.HungUp("", "1.0", "PJSIP/a-1")


def test_nothing_that_a_real_call_told_is_doubted(root: Path) -> None:
    """With bytes changed at random it may be, and is never read as something of another call."""
    chance = random.Random(1)
    for file in sorted((root / "tests" / "recordings").glob("*.ami")):
        messages = Framer().feed(file.read_bytes())
        told = [event for raw in messages if (event := decode(raw)) is not None]
        assert told
        calls = {getattr(event, "call", "") for event in told}
        for raw in messages:
            broken = bytearray(raw)
            broken[chance.randrange(len(raw))] = chance.randrange(256)
            found = {getattr(event, "call", "") for event in read(bytes(broken) + b"\r\n\r\n")}
            assert {name for name in found if name and name not in calls and name + "0" in calls} == set()
