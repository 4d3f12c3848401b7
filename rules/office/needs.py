"""What needs a person now in the whole house: which of it counts, how urgent it is, what comes first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from rules.billing.allowance import FULL, NEAR
from rules.vocabulary import PauseReason, PhoneTrouble


class Concern(StrEnum):
    """What can need a person, in the order of what callers suffer from it."""

    PBX = "pbx"
    STORAGE = "storage"
    ALARM = "alarm"
    UNANSWERED = "unanswered"
    UNSPOKEN = "unspoken"
    CALL_BACK = "call_back"
    UNKNOWN_LINE = "unknown_line"
    UNTOLD = "untold"
    UNNOTED = "unnoted"
    VOICE = "voice"
    MAIL = "mail"
    SMS = "sms"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    OVERDUE = "overdue"
    PAUSED = "paused"
    INCOMPLETE = "incomplete"
    ALLOWANCE_FULL = "allowance_full"
    ALLOWANCE_NEAR = "allowance_near"
    CALENDAR = "calendar"


class Urgency(StrEnum):
    """`NOW`: callers notice it, or what they said is being lost; `TODAY`: somebody waits for it; `SOON`: it
    will be missing one day."""

    NOW = "now"
    TODAY = "today"
    SOON = "soon"


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was found of a concern. `count` 0: nothing; `since`: of the oldest, `last`: of the newest (aware;
    None where it has no moment); `names`: of a few of them, as people know them."""

    concern: Concern
    count: int = 0
    since: datetime | None = None
    last: datetime | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """A row of the page: what was found, and how urgent that is."""

    urgency: Urgency
    found: Sighting


@dataclass(frozen=True, slots=True)
class Pressure:
    """How urgent a concern is at first, and after how long it is a matter of now (None: never).
    `of_the_newest`: that it has just happened again is what makes it urgent, not its age."""

    at_first: Urgency
    now_after: timedelta | None = None
    of_the_newest: bool = False


NAMED = 3
"""Names that a row tells; the others are counted."""
UNNOTED_AFTER = timedelta(minutes=15)
"""After the end of a call its agent may still be writing."""
OVERDUE_AFTER = timedelta(minutes=15)
"""A message that was due so long ago waits for something that nobody looks after."""
CALL_BACK_AFTER = timedelta(minutes=30)
"""So long a caller may wait whom somebody could have called back, as it was promised."""
CALENDAR_AFTER = timedelta(days=1)
"""A calendar elsewhere may be away for a night."""
LOOKED_BACK = timedelta(days=7)
"""Calls that arrived before are history: whoever wanted something has called again."""

ALLOWANCE_SHARES: Mapping[Concern, tuple[int, int | None]] = MappingProxyType(
    {Concern.ALLOWANCE_FULL: (FULL, None), Concern.ALLOWANCE_NEAR: (NEAR, FULL)}
)
"""Per cent of what is included: from, and below (None: however much)."""

PRESSURES: Mapping[Concern, Pressure] = MappingProxyType(
    {
        Concern.PBX: Pressure(Urgency.NOW),
        Concern.STORAGE: Pressure(Urgency.NOW),
        Concern.ALARM: Pressure(Urgency.NOW),
        Concern.UNANSWERED: Pressure(Urgency.NOW),
        Concern.UNSPOKEN: Pressure(Urgency.TODAY),
        Concern.CALL_BACK: Pressure(Urgency.TODAY, timedelta(hours=2)),
        Concern.UNKNOWN_LINE: Pressure(Urgency.TODAY, timedelta(hours=1), of_the_newest=True),
        Concern.UNTOLD: Pressure(Urgency.NOW),
        Concern.UNNOTED: Pressure(Urgency.TODAY, timedelta(hours=2)),
        Concern.VOICE: Pressure(Urgency.NOW),
        Concern.MAIL: Pressure(Urgency.TODAY, timedelta(minutes=5)),
        Concern.SMS: Pressure(Urgency.TODAY, timedelta(hours=1)),
        Concern.FAILED: Pressure(Urgency.TODAY, timedelta(hours=4)),
        Concern.UNCERTAIN: Pressure(Urgency.TODAY, timedelta(hours=4)),
        Concern.OVERDUE: Pressure(Urgency.TODAY, timedelta(hours=1)),
        Concern.PAUSED: Pressure(Urgency.TODAY),
        Concern.INCOMPLETE: Pressure(Urgency.SOON),
        Concern.ALLOWANCE_FULL: Pressure(Urgency.TODAY),
        Concern.ALLOWANCE_NEAR: Pressure(Urgency.SOON),
        Concern.CALENDAR: Pressure(Urgency.SOON),
    }
)
_OTHER_PAUSE = timedelta(minutes=45)
LONG_PAUSES: Mapping[str, timedelta] = MappingProxyType(
    {
        PauseReason.BREAK: timedelta(minutes=30),
        PauseReason.LUNCH: timedelta(minutes=75),
        PauseReason.MEETING: timedelta(hours=2),
        PauseReason.OFFICE: timedelta(hours=4),
        PauseReason.OTHER: _OTHER_PAUSE,
        PhoneTrouble.REFUSES: timedelta(minutes=5),
        PhoneTrouble.FORWARDS: timedelta(minutes=5),
    }
)
"""After how long a pause of this reason is likely to have been forgotten; of a phone in trouble, nobody has
asked for it."""


def needs(found: Iterable[Sighting], now: datetime) -> tuple[Need, ...]:
    """The rows of the page, what is most urgent first; none: all is quiet."""
    rows = [Need(_urgency(one, now), one) for one in found if one.count]
    return tuple(sorted(rows, key=lambda row: (_RANKS[row.urgency], _PLACES[row.found.concern])))


def is_long_pause(reason: str, since: datetime, now: datetime) -> bool:
    """Whether an agent who pauses for this reason (`PauseReason`, `PhoneTrouble`) may have forgotten it."""
    return now - since >= LONG_PAUSES.get(reason, _OTHER_PAUSE)


def _urgency(one: Sighting, now: datetime) -> Urgency:
    pressure = PRESSURES[one.concern]
    moment = one.last if pressure.of_the_newest else one.since
    if pressure.now_after is None or moment is None:
        return pressure.at_first
    lasts = now - moment
    worse = lasts < pressure.now_after if pressure.of_the_newest else lasts >= pressure.now_after
    return Urgency.NOW if worse else pressure.at_first


_RANKS = {urgency: rank for rank, urgency in enumerate(Urgency)}
_PLACES = {concern: place for place, concern in enumerate(Concern)}
