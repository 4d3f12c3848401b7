"""The whole truth after a reconnect: live legs, queue members and waiting callers, asked in one write."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from pbx_bridge.ami.actions import Action, CoreShowChannels, QueueStatus, Response
from pbx_bridge.ami.codec import Frame, readable
from pbx_bridge.ami.decode import call_of, caller_name, caller_number, codec_of, member
from pbx_bridge.ami.errors import ActionFailed
from pbx_bridge.calls.events import LiveLeg, QueueJoined, Snapshot
from rules.calls.answering import is_ours

Ask = Callable[..., Awaitable[tuple[Response, ...]]]
"""`AmiLink.send_together`."""


async def take_snapshot(ask: Ask, queue: str) -> Snapshot:
    """`queue`: of everybody, in which all agents are who take calls; callers may wait in the numbered ones
    beside it. Raises ActionFailed (a privilege is missing), LinkGone, ActionTimeout."""
    questions: tuple[Action, ...] = (CoreShowChannels(), QueueStatus())
    channels, queues = await ask(*questions)
    for question, answer in zip(questions, (channels, queues), strict=True):
        if not answer.ok:
            raise ActionFailed(question.name, answer.message)
    frames = [frame for frame in channels.events if frame.name == "CoreShowChannel"]
    return Snapshot(
        legs=tuple(live_leg(frame) for frame in frames),
        members=tuple(
            member(frame)
            for frame in queues.events
            if frame.name == "QueueMember" and frame.get("Queue") == queue
        ),
        waiting=tuple(
            _waiting(frame)
            for frame in queues.events
            if frame.name == "QueueEntry" and is_ours(queue, frame.get("Queue"))
        ),
    )


def live_leg(frame: Frame) -> LiveLeg:
    """One line of CoreShowChannels."""
    return LiveLeg(
        call=call_of(frame),
        leg=frame.get("Uniqueid"),
        channel=frame.get("Channel"),
        bridge=frame.get("BridgeId"),
        where=f"{frame.get('Context')},{frame.get('Exten')},{frame.get('Priority')}",
        application=frame.get("Application"),
        caller=caller_number(frame),
        caller_name=readable(frame.variables.get("SEC_NAME", "")) or caller_name(frame),
        dialled=frame.variables.get("SEC_DID", ""),
        seconds=_seconds(frame.get("Duration")),
        up=frame.get("ChannelState") == "6",
        diversion=frame.variables.get("SEC_RDNIS", "").replace("-", ", "),
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
