"""What the time of a call went on, told from its answer, its turns and its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from rules.billing.terms import CallTime
from rules.vocabulary import EndReason


@dataclass(frozen=True, slots=True)
class TimeTurn:
    """From `since` on the call's time goes on `on`; None: the caller waits for an agent once more."""

    since: datetime
    on: CallTime | None


_LAST: Mapping[EndReason, CallTime | None] = {
    EndReason.JOINED: CallTime.PUT_THROUGH,
    EndReason.ABANDONED: None,
    EndReason.UNANSWERED: None,
}
"""What the time must have gone on last, where a call ended so."""


def time_spent(
    answered_at: datetime, turns: Sequence[TimeTurn], ended_at: datetime, how: EndReason
) -> Mapping[CallTime, int]:
    """Whole seconds of each kind, rounded down; agent and caller talk from the answer on.

    `turns`: in their order; one before the answer, or after the end, tells nothing. Where nobody saw how the
    call went on (it was lost, or was put through while nobody looked), it counts up to the last turn: nobody
    pays for what nobody knows.
    """
    known = [turn for turn in turns if answered_at <= turn.since <= ended_at]
    course = [TimeTurn(answered_at, CallTime.TALK), *known]
    last = course[-1]
    seen = how is not EndReason.LOST and last.on is _LAST.get(how, last.on)
    end = TimeTurn(max(ended_at, last.since) if seen else last.since, None)
    total: dict[CallTime, timedelta] = {}
    for one, following in pairwise([*course, end]):
        if one.on is not None:
            total[one.on] = total.get(one.on, timedelta()) + (following.since - one.since)
    return {
        kind: int(spent.total_seconds()) for kind, spent in total.items() if spent >= timedelta(seconds=1)
    }
