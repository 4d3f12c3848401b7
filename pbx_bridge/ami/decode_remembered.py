"""A call as the PBX remembers it: what the contexts sec-seen and sec-memory of our dial plan tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from pbx_bridge.ami.codec import Frame
from pbx_bridge.calls.events import CallArrived, TargetEnded
from pbx_bridge.calls.remembered_call import CallSeen, Taken

NEVER = datetime.fromtimestamp(0, UTC)


def seen(frame: Frame, arrival: CallArrived) -> CallSeen | None:
    """None for a remnant without its arrival; the dial plan forgets it by itself."""
    if not frame.get("News"):
        return None
    ended, state, last = _parts(frame.get("Over"))
    return CallSeen(
        arrival=arrival,
        arrived_at=_moment(frame.get("At")) or NEVER,
        blocked=frame.get("News") == "SecBlocked",
        answers=tuple(_answers(frame.get("Answers"))),
        waits_since=_moment(frame.get("Waits")),
        ended_at=_moment(ended),
        joined=last if state == "thru" else "",
        targets=tuple(_targets(arrival.call, frame.get("Targets"))),
    )


def _answers(told: str) -> Iterator[Taken]:
    for one in told.split("|"):
        when, _, phone = one.partition("@")
        epoch, _, leg = when.partition(".")
        if phone and (at := _moment(epoch)):
            yield Taken(phone, at, leg)


def _targets(call: str, told: str) -> Iterator[TargetEnded]:
    for one in told.split("|"):
        result, cause, attempt = _parts(one)
        if attempt:
            yield TargetEnded(call, attempt, result, int(cause) if cause.isdecimal() else 0)


def _parts(told: str) -> list[str]:
    """Three words with dots between them, and whatever is in the last one."""
    return [*told.split(".", 2), "", ""][:3]


def _moment(epoch: str) -> datetime | None:
    return datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() and len(epoch) < 12 else None
