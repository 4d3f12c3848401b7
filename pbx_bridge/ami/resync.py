"""The whole truth after a reconnect: live legs, queue members and waiting callers, asked in one write."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import unquote

from pbx_bridge.ami.actions import Action, CoreShowChannels, Getvar, QueueStatus, Response
from pbx_bridge.ami.codec import Frame
from pbx_bridge.ami.decode import call_of, caller_name, caller_number, codec_of, member
from pbx_bridge.ami.errors import ActionFailed
from pbx_bridge.calls.events import LiveLeg, QueueJoined, Snapshot

Ask = Callable[..., Awaitable[tuple[Response, ...]]]
"""`AmiLink.send_together`."""


async def take_snapshot(ask: Ask, queue: str) -> Snapshot:
    """Raises ActionFailed (a privilege is missing), LinkGone, ActionTimeout."""
    questions: tuple[Action, ...] = (CoreShowChannels(), QueueStatus(queue))
    channels, queues = await ask(*questions)
    for question, answer in zip(questions, (channels, queues), strict=True):
        if not answer.ok:
            raise ActionFailed(question.name, answer.message)
    frames = [frame for frame in channels.events if frame.name == "CoreShowChannel"]
    states = await _states(ask, frames)
    return Snapshot(
        legs=tuple(live_leg(frame, states.get(frame.get("Uniqueid"), "")) for frame in frames),
        members=tuple(member(frame) for frame in queues.events if frame.name == "QueueMember"),
        waiting=tuple(_waiting(frame) for frame in queues.events if frame.name == "QueueEntry"),
    )


async def _states(ask: Ask, frames: list[Frame]) -> dict[str, str]:
    """SHARED(SEC_ST) by caller's leg, for calls of which a leg is in one of our put-through contexts."""
    moved = {call_of(frame) for frame in frames if frame.get("Context").startswith("sec-")}
    callers = [frame for frame in frames if frame.get("Uniqueid") in moved]
    if not callers:
        return {}
    answers = await ask(*(Getvar("SHARED(SEC_ST)", frame.get("Channel")) for frame in callers))
    return {
        frame.get("Uniqueid"): answer.get("Value") for frame, answer in zip(callers, answers, strict=True)
    }


def live_leg(frame: Frame, shared_state: str = "") -> LiveLeg:
    """One line of CoreShowChannels."""
    return LiveLeg(
        call=call_of(frame),
        leg=frame.get("Uniqueid"),
        channel=frame.get("Channel"),
        bridge=frame.get("BridgeId"),
        where=f"{frame.get('Context')},{frame.get('Exten')},{frame.get('Priority')}",
        application=frame.get("Application"),
        caller=caller_number(frame),
        caller_name=unquote(frame.variables.get("SEC_NAME", "")) or caller_name(frame),
        dialled=frame.variables.get("SEC_DID", ""),
        seconds=_seconds(frame.get("Duration")),
        up=frame.get("ChannelState") == "6",
        diversion=frame.variables.get("SEC_RDNIS", ""),
        shared_state=shared_state,
        codec=codec_of(frame),
    )


def _waiting(frame: Frame) -> QueueJoined:
    return QueueJoined(frame.get("Uniqueid"), frame.get("Queue"), frame.number("Position"))


def _seconds(duration: str) -> int:
    """ "01:02:03" as seconds."""
    total = 0
    for part in duration.split(":"):
        total = total * 60 + (int(part) if part.isdecimal() else 0)
    return total
