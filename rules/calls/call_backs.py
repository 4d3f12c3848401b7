"""Callers who have asked, by a key, to be called back: what lies in the folder of them, and when they are
rung.

A wish is a promise: it is kept by an agent, to whom the call is offered before all who wait. It is given up
only where that would be no help any more. The dial plan's part is docker/asterisk/secretariat_back.conf.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from rules.calls.nobody_free import StepReason, caller_step
from rules.calls.voice_message import STEM, Recording
from rules.fields.nobody_free import NobodyFree
from rules.presence.availability import instant
from rules.vocabulary import CallBackEnd, WishReason

_WISH = re.compile(rf"{STEM}\.wish", re.ASCII)
_MET = re.compile(r"([0-9]{9,11}\.9[0-9]{11})\.met")
_RING = re.compile(r"(?:\w[\w.-]{0,79}-)?[0-9]{9,11}\.9[0-9]{11}", re.ASCII)
RING_BACK = "%.9___________"
"""SQL's pattern for the PBX's names of calls by which callers are rung back."""
TRIES = 3
"""As often an agent rings a caller who does not answer."""
AGAIN_AFTER = timedelta(minutes=15)
KEPT = timedelta(days=7)
"""After a week nobody waits for a call any more."""
AT_ONCE = timedelta(hours=1)
"""Whoever has asked just now is rung at any time of the day."""
DAY = range(8, 21)
"""Hours on the company's clock in which people are rung who asked earlier."""
SILENCE = timedelta(minutes=1)
"""The PBX tells of a call within seconds; one of which it has told nothing by then has not come about. Nobody
is rung again sooner, either."""
LONGEST_TRY = timedelta(hours=3)
"""An hour at most in the queue, then the ringing. What is said to last longer, nobody has told the end of."""
RINGS_AT_MOST = 5
"""Callers that are being rung back at the same time by the same agents; the others wait here, and take no
room in the PBX. Who waits for agents of their own keeps nobody else waiting."""


class RingState(StrEnum):
    """The last call by which the caller was to be reached. `NONE`: there was none, or it has been counted;
    `UNSEEN`: ordered, and the PBX has not told of it; `OPEN`: it goes on; `UNNOTED`: an agent was there, and
    has neither written a note nor said that there will be none; `MISSED`: over before an agent answered;
    `NOTED`: an agent has written what became of it; `VAIN`: an agent was there, and wrote nothing."""

    NONE = "none"
    UNSEEN = "unseen"
    OPEN = "open"
    UNNOTED = "unnoted"
    MISSED = "missed"
    NOTED = "noted"
    VAIN = "vain"


UNKEPT = frozenset({CallBackEnd.NOT_REACHED, CallBackEnd.NOT_DIALLED, CallBackEnd.TOO_OLD})
"""Ends by which the caller still waits for somebody to call."""


class CallBackStep(StrEnum):
    """What is to be done about a wish."""

    WAIT = "wait"
    RING = "ring"
    COUNT = "count"
    """The last try is over and counts; it may be tried again later."""
    FORGET_TRY = "forget_try"
    """The last try has come to nothing by itself; it may be tried again."""
    CALL_OFF = "call_off"
    """The last try waits for an agent still, and the caller is with us by themselves: away with it."""
    END = "end"


@dataclass(frozen=True, slots=True)
class CallBackFacts:
    """Of one wish. `at`: aware, when the key was pressed; `tries`: in vain so far; `rung_at`: when the last
    one began, None: never; `ring_over_at`: of an `UNNOTED` one, when it was over; `told_since`: since when
    the PBX tells us what happens, None: for long; `ring_waits`: of an `OPEN` one, no agent has picked up;
    `is_called`: somebody has talked with this caller for this company since; `is_noted`: what became of an
    earlier try is written; `is_here`: they call this company themselves at this moment; `is_busy`: that, or
    this number is being rung; `may_be_rung`: by the rules of dialling; `served`: the company's callers are
    answered."""

    at: datetime
    tries: int = 0
    rung_at: datetime | None = None
    ring: RingState = RingState.NONE
    ring_over_at: datetime | None = None
    told_since: datetime | None = None
    ring_waits: bool = False
    is_called: bool = False
    is_noted: bool = False
    is_here: bool = False
    is_busy: bool = False
    may_be_rung: bool = True
    served: bool = True


@dataclass(frozen=True, slots=True)
class CallBackDecision:
    """`why`: of an `END`."""

    step: CallBackStep
    why: CallBackEnd | None = None


_WAIT = CallBackDecision(CallBackStep.WAIT)


def decide(
    facts: CallBackFacts, policy: NobodyFree, zone: str, now: datetime, *, somebody_there: bool
) -> CallBackDecision:
    """`policy`: what holds for callers of the company, on its clock `zone`; `somebody_there`: an agent who
    may answer for it takes calls."""
    if facts.ring is not RingState.NONE:
        return _of_the_try(facts, now)
    if (why := _in_vain(facts, now)) is not None:
        return CallBackDecision(CallBackStep.END, why)
    if not somebody_there or not facts.served or facts.is_busy or not _is_time(facts, policy, zone, now):
        return _WAIT
    return CallBackDecision(CallBackStep.RING)


def _of_the_try(facts: CallBackFacts, now: datetime) -> CallBackDecision:
    """No state is waited for without an end: who was to tell of it may never come back."""
    match facts.ring:
        case RingState.NOTED:
            return CallBackDecision(CallBackStep.END, CallBackEnd.NOTED)
        case RingState.MISSED:
            return CallBackDecision(CallBackStep.FORGET_TRY)
        case RingState.UNSEEN:
            silent = min(_age(facts.rung_at, now), _age(facts.told_since, now)) > SILENCE
            return CallBackDecision(CallBackStep.FORGET_TRY) if silent else _WAIT
        case RingState.OPEN if facts.ring_waits and (facts.is_here or facts.is_called):
            return CallBackDecision(CallBackStep.CALL_OFF)
        case RingState.OPEN if _age(facts.rung_at, now) < LONGEST_TRY:
            return _WAIT
        case RingState.UNNOTED if _age(facts.ring_over_at, now) < AGAIN_AFTER:
            return _WAIT
    if facts.tries + 1 >= TRIES:
        return CallBackDecision(CallBackStep.END, CallBackEnd.NOT_REACHED)
    return CallBackDecision(CallBackStep.COUNT)


def _in_vain(facts: CallBackFacts, now: datetime) -> CallBackEnd | None:
    """Why ringing would be of no use to anybody."""
    if facts.is_noted:
        return CallBackEnd.NOTED
    if facts.is_called:
        return CallBackEnd.CALLED_AGAIN
    if not facts.may_be_rung:
        return CallBackEnd.NOT_DIALLED
    return CallBackEnd.TOO_OLD if now - facts.at > KEPT else None


def _age(moment: datetime | None, now: datetime) -> timedelta:
    """How long ago. What is still to come was told by a clock that went wrong, and says nothing: as if it was
    long ago; but clocks are set by a little all the time."""
    if moment is None or moment - now > SILENCE:
        return timedelta.max
    return now - moment


def _is_time(facts: CallBackFacts, policy: NobodyFree, zone: str, now: datetime) -> bool:
    if _age(facts.rung_at, now) < (AGAIN_AFTER if facts.tries else _pause(facts, now)):
        return False
    if caller_step(policy, zone, now).why in {StepReason.CLOSED, StepReason.HOLIDAY}:
        return False
    return _age(facts.at, now) < AT_ONCE or now.astimezone(ZoneInfo(zone)).hour in DAY


def _pause(facts: CallBackFacts, now: datetime) -> timedelta:
    """After a call that came to nothing by itself: the longer that goes on, the less often it is tried."""
    return min(max(SILENCE, (now - facts.at) / 8), AGAIN_AFTER)


def due_since(facts: CallBackFacts, policy: NobodyFree, zone: str) -> datetime | None:
    """The first moment since the wish, or since the last try, in which the caller might have been rung;
    aware, None: there is none within a week. So what waits for the morning is not late at night."""
    began = facts.rung_at or facts.at
    moments = (began, began + SILENCE, began + AGAIN_AFTER, *_mornings(began, policy, zone))
    fit = (one for one in sorted(moments) if _is_time(facts, policy, zone, one))
    return next(fit, None)


def _mornings(began: datetime, policy: NobodyFree, zone: str) -> Iterator[datetime]:
    """When the hours begin on the days that follow, and when people are rung again."""
    first = began.astimezone(ZoneInfo(zone)).date()
    for ahead in range(KEPT.days + 1):
        day: date = first + timedelta(days=ahead)
        spans = policy.hours.week[day.weekday()] if policy.hours else ()
        for minutes in {DAY.start * 60, *(start for start, _ in spans)}:
            moment = instant(datetime.combine(day, time()) + timedelta(minutes=minutes), zone)
            if moment > began:
                yield moment


def wish_reason(policy: NobodyFree, zone: str, arrived_at: datetime) -> WishReason:
    """Why a caller of that moment was offered a call back: the dial plan looks at the clock once, when the
    call arrives."""
    return _OFFERED.get(caller_step(policy, zone, arrived_at).why, WishReason.NOBODY_FREE)


_OFFERED = {StepReason.CLOSED: WishReason.CLOSED, StepReason.HOLIDAY: WishReason.HOLIDAY}


def wishes(names: Iterable[str]) -> tuple[Recording, ...]:
    """Of the names in the folder, oldest first; what is none of the dial plan's is left alone."""
    found = [Recording(name.removesuffix(".wish"), *told) for name in names if (told := _told(name))]
    return tuple(sorted(found, key=lambda one: (one.at, one.name)))


def _told(name: str) -> tuple[str, str, datetime] | None:
    match = _WISH.fullmatch(name)
    if match is None:
        return None
    return match[1], match[2], datetime.fromtimestamp(int(match[3]), ZoneInfo("UTC"))


def met(names: Iterable[str]) -> tuple[str, ...]:
    """The calls by which callers were reached, of the names in the folder."""
    return tuple(sorted(match[1] for name in names if (match := _MET.fullmatch(name))))


def ring_name(now: datetime, chance: int) -> str:
    """What the PBX is to call a call by which somebody is rung back: as it calls calls, with a number that it
    never gets to by itself. `chance`: 0 … 10^11 - 1."""
    return f"{int(now.timestamp())}.9{chance:011}"


def is_ring_back(pbx_call: str) -> bool:
    """Whether the PBX's name of a call, with or without that of the PBX, says that we ring somebody back."""
    return _RING.fullmatch(pbx_call) is not None
