"""What the house has decided about a company: which decision may follow which, and what each one means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from rules.decision import Refused
from rules.presence.availability import instant
from rules.vocabulary import ServiceState

_S = ServiceState

FOLLOWING: Mapping[ServiceState, tuple[ServiceState, ...]] = MappingProxyType(
    {
        _S.SET_UP: (_S.LIVE, _S.ENDED),
        _S.LIVE: (_S.SUSPENDED, _S.ENDED),
        _S.SUSPENDED: (_S.LIVE, _S.ENDED),
        _S.ENDING: (_S.SUSPENDED, _S.ENDED),
        _S.ENDED: (_S.SUSPENDED,),
    }
)
"""What may be decided next, the usual one first. ENDING is decided by nobody: it is ENDED with calls left."""


class StateRefusal(StrEnum):
    """Why a decision is not taken."""

    NOT_FROM_HERE = "state_not_from_here"
    MEANWHILE = "state_meanwhile"


def decided(was: ServiceState, seen: str, wanted: str, live_calls: int) -> ServiceState | Refused:
    """What a company becomes. `seen`: what it was when the page was made, so that nobody decides about
    something else than they saw; `live_calls`: how many of its calls go on, for which an end waits."""
    if wanted not in FOLLOWING[was]:
        return Refused(StateRefusal.MEANWHILE if seen != was else StateRefusal.NOT_FROM_HERE)
    if seen != was:
        return Refused(StateRefusal.MEANWHILE)
    if wanted == _S.ENDED and live_calls:
        return _S.ENDING
    return ServiceState(wanted)


def turns_callers_away(state: ServiceState) -> bool:
    """Whether the PBX is engaged for new callers, before anybody's phone rings; who is in a call stays. What
    has ended has no number left at which anybody could call it."""
    return state in {_S.SUSPENDED, _S.ENDING}


def own_people_write(state: ServiceState) -> bool:
    """Whether the company's own people change something in their portal; otherwise they read."""
    return state in {_S.SET_UP, _S.LIVE}


def erased_from(ended: datetime, zone: str, kept: timedelta) -> datetime:
    """From when on the data of a company go: whole days (`kept`) after the month in which it `ended` (aware)
    is over on its clock, as the statement of that month is written then. `zone`: IANA name."""
    first = ended.astimezone(ZoneInfo(zone)).date().replace(day=1)
    next_month = (first + timedelta(31)).replace(day=1)
    return instant(datetime.combine(next_month + kept, time()), zone)
