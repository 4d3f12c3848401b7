"""Messages of the manager interface to `pbx_bridge.calls.events`; pure, and None for what is not ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from pbx_bridge.ami.codec import Frame, event_name, parse
from pbx_bridge.ami.decode_remembered import seen
from pbx_bridge.ami.evidence import check
from pbx_bridge.calls import events as ev
from pbx_bridge.calls.remembered_call import CallSeen, SeenAll
from rules.calls.redirecting import diverted_from

Decoder = Callable[[Frame], ev.PbxEvent | None]

NO_VALUE = "<unknown>"
CODECS = ("alaw", "ulaw")
NO_NUMBER = frozenset({"", NO_VALUE, "anonymous", "restricted", "unavailable", "unknown", "private"})
"""What stands in the place of a number that the caller's network does not tell."""

STATUS: Mapping[str, ev.MemberStatus] = {
    "0": ev.MemberStatus.UNKNOWN,
    "1": ev.MemberStatus.FREE,
    "2": ev.MemberStatus.IN_USE,
    "3": ev.MemberStatus.IN_USE,  # busy
    "4": ev.MemberStatus.UNAVAILABLE,  # invalid: no such phone
    "5": ev.MemberStatus.UNAVAILABLE,
    "6": ev.MemberStatus.RINGING,
    "7": ev.MemberStatus.IN_USE,  # talks and is rung
    "8": ev.MemberStatus.IN_USE,  # has somebody on hold
}
"""AST_DEVICE_… of include/asterisk/devicestate.h."""


def decode(raw: bytes) -> ev.PbxEvent | None:
    """The event a raw message stands for, None if it is none of ours (known by its first line alone).

    Raises Implausible for what our dial plan cannot have made.
    """
    known = EVENTS.get(event_name(raw))
    if known is None:
        return None
    decoder, identity = known
    frame = parse(raw)
    if not frame.get(identity):
        return None
    check(frame.name, frame)
    return decoder(frame)


def call_of(frame: Frame) -> str:
    """The call a channel belongs to: SEC_CALL, which every leg inherits; empty for foreign channels."""
    return frame.variables.get("SEC_CALL", "")


def caller_name(frame: Frame) -> str:
    """The caller's name as signalled, empty if there is none."""
    name = frame.get("CallerIDName")
    return "" if name == NO_VALUE or name.lower() == "anonymous" else name


def caller_number(frame: Frame) -> str:
    """The caller's number as signalled, empty when it was not told or must not be shown."""
    number = frame.get("Caller") or frame.get("CallerIDNum")
    return "" if number.lower() in NO_NUMBER else number


# ---- calls and agents


def _queue_joined(frame: Frame) -> ev.QueueJoined:
    return ev.QueueJoined(_caller(frame), frame.get("Queue"), frame.number("Position"))


def _queue_left(frame: Frame) -> ev.QueueLeft:
    return ev.QueueLeft(_caller(frame), frame.get("Queue"))


def _queue_abandoned(frame: Frame) -> ev.QueueAbandoned:
    return ev.QueueAbandoned(_caller(frame), frame.get("Queue"))


def _caller(frame: Frame) -> str:
    return call_of(frame) or frame.get("Uniqueid")


def _offered(frame: Frame) -> ev.CallOffered:
    return ev.CallOffered(
        call_of(frame), frame.get("Interface"), frame.get("DestUniqueid"), frame.get("DestChannel")
    )


def _offer_ended(frame: Frame) -> ev.OfferEnded:
    return ev.OfferEnded(call_of(frame), frame.get("Interface"), frame.get("DestUniqueid"))


def _answered(frame: Frame) -> ev.CallAnswered:
    return ev.CallAnswered(
        call_of(frame),
        frame.get("Interface"),
        frame.get("DestUniqueid"),
        frame.get("DestChannel"),
        frame.number("HoldTime"),
    )


def _completed(frame: Frame) -> ev.AgentCompleted:
    return ev.AgentCompleted(call_of(frame), frame.get("Interface"), frame.get("Reason"))


def member(frame: Frame) -> ev.MemberChanged:
    """A queue member, from an event or from a line of QueueStatus (which calls the interface Location)."""
    return ev.MemberChanged(
        frame.get("Interface") or frame.get("Location"),
        frame.get("Queue"),
        frame.get("Paused") == "1",
        frame.get("PausedReason") or frame.get("Reason"),
        STATUS.get(frame.get("Status"), ev.MemberStatus.UNKNOWN),
    )


def _member_removed(frame: Frame) -> ev.MemberRemoved:
    return ev.MemberRemoved(frame.get("Interface") or frame.get("Location"), frame.get("Queue"))


# ---- legs


def _bridged(frame: Frame) -> ev.Bridged:
    return ev.Bridged(
        call_of(frame),
        frame.get("Uniqueid"),
        frame.get("Channel"),
        frame.get("BridgeUniqueid"),
        holding=frame.get("BridgeTechnology") == "holding_bridge",
    )


def _unbridged(frame: Frame) -> ev.Unbridged:
    return ev.Unbridged(
        call_of(frame), frame.get("Uniqueid"), frame.get("Channel"), frame.get("BridgeUniqueid")
    )


def _hung_up(frame: Frame) -> ev.HungUp:
    return ev.HungUp(call_of(frame), frame.get("Uniqueid"), frame.get("Channel"), frame.number("Cause"))


# ---- what our own dial plan tells (UserEvent)


def _call_arrived(frame: Frame) -> ev.CallArrived:
    number = caller_number(frame)
    return ev.CallArrived(
        call=frame.get("Call"),
        channel=frame.get("Channel"),
        dialled=frame.get("Did"),
        caller=number,
        caller_name=(frame.plain("CallerName") or caller_name(frame)) if number else "",
        withheld=not number,
        diversion=_diversion(frame),
        diversion_reason=frame.plain("RdnisReason"),
        history_info=frame.plain("HistoryInfo"),
        codec=codec_of(frame),
        sender=frame.plain("From"),
        asserted=frame.plain("Asserted"),
        remote_party=frame.plain("RemoteParty"),
        privacy=frame.plain("Privacy"),
    )


def _diversion(frame: Frame) -> str:
    """Who forwarded: the number that the PBX has read, of several stations the header itself."""
    header, number = frame.plain("Diversion"), frame.get("Rdnis")
    return number if number and len(diverted_from(header)) < 2 else header or number


def codec_of(frame: Frame) -> str:
    """What the caller speaks (SEC_CODEC): legs are made to speak the same, so that nothing is transcoded."""
    codec = frame.variables.get("SEC_CODEC", "")
    return codec if codec in CODECS else CODECS[0]


def _call_blocked(frame: Frame) -> ev.CallBlocked:
    return ev.CallBlocked(_call_arrived(frame))


def _queue_ended(frame: Frame) -> ev.QueueEnded:
    return ev.QueueEnded(frame.get("Call"), frame.get("Status"))


def _target_answered(frame: Frame) -> ev.TargetAnswered:
    return ev.TargetAnswered(frame.get("Call"), frame.get("Att"))


def _target_ended(frame: Frame) -> ev.TargetEnded:
    return ev.TargetEnded(frame.get("Call"), frame.get("Att"), frame.get("Result"), frame.number("Cause"))


def _target_released(frame: Frame) -> ev.TargetReleased:
    return ev.TargetReleased(frame.get("Call"), frame.get("Att"))


def _target_accepted(frame: Frame) -> ev.TargetAccepted:
    return ev.TargetAccepted(frame.get("Call"), frame.get("Att"), frame.get("Key") == "1")


def _agent_alone(frame: Frame) -> ev.AgentAlone:
    return ev.AgentAlone(frame.get("Call"))


def _hold_ended(frame: Frame) -> ev.HoldEnded:
    return ev.HoldEnded(frame.get("Call"))


def _seen(frame: Frame) -> CallSeen | None:
    """The channel that tells of it is not the caller's."""
    return seen(frame, replace(_call_arrived(frame), channel=""))


def _pick_offered(frame: Frame) -> ev.CallOffered:
    leg, channel = frame.get("Uniqueid"), frame.get("Channel")
    return ev.CallOffered(frame.get("Call"), frame.get("Interface"), leg, channel)


def _pick_answered(frame: Frame) -> ev.CallAnswered:
    leg, channel = frame.get("Uniqueid"), frame.get("Channel")
    return ev.CallAnswered(frame.get("Call"), frame.get("Interface"), leg, channel)


USER_EVENTS: Mapping[str, Decoder] = {
    "SecCall": _call_arrived,
    "SecBlocked": _call_blocked,
    "SecQueueEnd": _queue_ended,
    "SecAnswer": _target_answered,
    "SecTarget": _target_ended,
    "SecOver": _agent_alone,
    "SecHoldEnd": _hold_ended,
    "SecRelease": _target_released,
    "SecKey": _target_accepted,
    "SecSeen": _seen,
    "SecPick": lambda f: ev.CallPicked(f.get("Call"), f.get("Interface"), f.get("Result")),
    "SecOffer": _pick_offered,
    "SecPicked": _pick_answered,
    "SecTaken": _pick_answered,
    "SecOfferOver": lambda f: ev.OfferEnded(f.get("Call"), f.get("Interface"), f.get("Leg")),
    "SecPickOver": lambda f: ev.PickOver(f.get("Call"), f.get("Interface"), f.get("Status")),
    "SecPickDone": lambda f: ev.AgentCompleted(f.get("Call"), f.get("Interface"), "agent"),
    "SecSeenAll": lambda frame: SeenAll(frame.get("Call")),
}


def _user_event(frame: Frame) -> ev.PbxEvent | None:
    decoder = USER_EVENTS.get(frame.get("UserEvent"))
    return decoder(frame) if decoder else None


EVENTS: Mapping[bytes, tuple[Decoder, str]] = {
    b"UserEvent": (_user_event, "Call"),
    b"QueueCallerJoin": (_queue_joined, "Uniqueid"),
    b"QueueCallerLeave": (_queue_left, "Uniqueid"),
    b"QueueCallerAbandon": (_queue_abandoned, "Uniqueid"),
    b"AgentCalled": (_offered, "DestUniqueid"),
    b"AgentRingNoAnswer": (_offer_ended, "DestUniqueid"),
    b"AgentConnect": (_answered, "DestUniqueid"),
    b"AgentComplete": (_completed, "Interface"),
    b"QueueMemberAdded": (member, "Interface"),
    b"QueueMemberPause": (member, "Interface"),
    b"QueueMemberStatus": (member, "Interface"),
    b"QueueMemberRemoved": (_member_removed, "Interface"),
    b"BridgeEnter": (_bridged, "Uniqueid"),
    b"BridgeLeave": (_unbridged, "Uniqueid"),
    b"Hangup": (_hung_up, "Uniqueid"),
}
"""Every event we read, with the header without which it means nothing."""
