"""When a mail server or gateway in trouble is asked again: by one message, after pauses that grow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

PAUSES = (2, 5, 10, 30, 60, 120, 300, 600)
"""Seconds after the first, second … try; the last one holds for days."""


@dataclass(frozen=True, slots=True)
class ChannelHealthState:
    """How a channel's other side is. `down_since` None: not that we knew; `reason`: stable code of the last
    failure; `next_try`: before that nothing is sent."""

    down_since: datetime | None = None
    failures: int = 0
    reason: str = ""
    next_try: datetime | None = None


OPEN = ChannelHealthState()


def failed(way: ChannelHealthState, reason: str, now: datetime) -> ChannelHealthState:
    """Closed, or closed for longer. Messages that were under way together count as one try."""
    if way.next_try is not None and now < way.next_try:
        return way
    failures = way.failures + 1
    pause = timedelta(seconds=PAUSES[min(failures, len(PAUSES)) - 1])
    return ChannelHealthState(way.down_since or now, failures, reason, now + pause)


def may_try(way: ChannelHealthState, now: datetime) -> bool:
    """Whether a message may be sent now; while it is closed, one is enough to find out.

    A clock that was put back must not keep it closed.
    """
    return way.next_try is None or now >= way.next_try or way.next_try - now > timedelta(seconds=PAUSES[-1])
