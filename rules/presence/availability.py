"""Is this employee there: a running appointment replaces the absence info, and the narrower of two wins.

Outside the weekly hours somebody is away unless an appointment says otherwise; the absence info stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from rules.model import Appointment, Employee
from rules.text.working_hours import shift_at

LONGEST_CHAIN = 50
_DAY = timedelta(days=1)
_LONGEST_SHIFT = timedelta(hours=3)
"""More than any clock was ever put back at once."""


class Presence(StrEnum):
    """`AWAY`: an appointment runs, or it is outside the weekly hours; `INFO`: the lasting absence info holds;
    `PRESENT`: none of these.
    """

    PRESENT = "present"
    INFO = "info"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Availability:
    """`until` (UTC, exclusive): the end of the absence; `source_id`: the running appointment, if any."""

    kind: Presence
    text: str = ""
    until: datetime | None = None
    source_id: str = ""
    reachable: bool = True

    @property
    def by_hours(self) -> bool:
        """Away only because the working day is over, or has not begun."""
        return self.kind is Presence.AWAY and not self.source_id


def availability(employee: Employee, zone: str, now: datetime) -> Availability:
    """What holds at `now` (aware). `zone`: IANA name of the local time in which appointments are written."""
    return _holds(_Same(employee), zone, now)


class _Same:
    """An employee by identity: comparing all appointments of all would take longer than looking at them."""

    __slots__ = ("employee",)

    def __init__(self, employee: Employee) -> None:
        self.employee = employee

    def __hash__(self) -> int:
        return id(self.employee)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.employee is other.employee


@lru_cache(maxsize=4_096)
def _holds(of: _Same, zone: str, now: datetime) -> Availability:
    """A pop asks for the same person as employee, as deputy and as deputy's deputy."""
    employee = of.employee
    winner = _winner(employee, zone, now)
    if winner:
        return Availability(Presence.AWAY, winner.text, _end(winner, zone), winner.id, winner.reachable)
    shift = shift_at(employee.hours, zone, now) if employee.hours else None
    if shift and not shift.there:
        back = _back(employee, zone, shift.until)
        return Availability(Presence.AWAY, employee.absence_info, back, reachable=False)
    if employee.absence_info:
        return Availability(Presence.INFO, employee.absence_info)
    return Availability(Presence.PRESENT)


def _winner(employee: Employee, zone: str, now: datetime) -> Appointment | None:
    """The appointment that holds, if any runs."""
    running = [a for a in _near(employee, zone, now) if _start(a, zone) <= now < _end(a, zone)]
    return min(running, key=lambda a: _width(a, zone), default=None)


def _back(employee: Employee, zone: str, until: datetime | None) -> datetime | None:
    """The end of this absence, and of those that follow it at once: a holiday, say, from Monday on. After
    `LONGEST_CHAIN` of them nobody asks any more."""
    for _ in range(LONGEST_CHAIN):
        if until is None:
            break
        winner = _winner(employee, zone, until)
        shift = shift_at(employee.hours, zone, until) if employee.hours and not winner else None
        if winner:
            until = _end(winner, zone)
        elif shift and not shift.there:
            until = shift.until
        else:
            break
    return until


def _near(employee: Employee, zone: str, now: datetime) -> list[Appointment]:
    """Those that may run at `now`: a cheap look by the day, as every pop asks for all appointments of all."""
    wall = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    earliest, latest = wall - _DAY, wall + _DAY
    return [a for a in employee.appointments if a.start <= latest and earliest <= a.end]


def next_change(employee: Employee, zone: str, now: datetime) -> datetime | None:
    """The next moment (UTC) after `now` at which `availability` says something else, if ever."""
    winner = _winner(employee, zone, now)
    if winner:
        most = _width(winner, zone)
        narrower = (a for a in employee.appointments if _width(a, zone) < most and _ever(a, zone))
        starts = (_start(a, zone) for a in narrower if a.start <= winner.end + _DAY)
        return min((_end(winner, zone), *(start for start in starts if start > now)))
    turns = [start for a in _first_after(employee, zone, now) if (start := _start(a, zone)) > now]
    current = availability(employee, zone, now)
    until = shift_at(employee.hours, zone, now).until if employee.hours else None
    if until and until > now and availability(employee, zone, until) != current:
        turns.append(until)
    return min(turns, default=None)


def _first_after(employee: Employee, zone: str, now: datetime) -> list[Appointment]:
    """Those among which the next to begin is: by the clock on the wall first, which costs next to nothing."""
    wall = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    ever = [a for a in employee.appointments if a.start >= wall - _DAY and _ever(a, zone)]
    soon = [a for a in ever if a.start <= wall + _DAY]
    if any(_start(a, zone) > now for a in soon):
        return soon
    later = [a for a in ever if a.start > wall + _DAY]
    first = min((a.start for a in later), default=wall)
    return [a for a in later if a.start <= first + _DAY]


def instant(local: datetime, zone: str) -> datetime:
    """Local wall time as UTC; `fold` picks the second of a repeated hour, a time in a gap lies after it."""
    return _instant(local, local.fold, zone)


@lru_cache(maxsize=16_384)
def _instant(local: datetime, _fold: int, zone: str) -> datetime:
    """Equal times may differ in their fold."""
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def exists(local: datetime, zone: str) -> bool:
    """False for a wall time that the clocks jump over, such as 02:30 on 28 March 2027 in Berlin."""
    back = instant(local, zone).astimezone(ZoneInfo(zone))
    return back.replace(tzinfo=None) == local.replace(tzinfo=None)


def _ever(appointment: Appointment, zone: str) -> bool:
    """Whether it holds at any time: one in the repeated hour may end, by the wall alone, after its start."""
    by_the_wall = appointment.end - appointment.start
    return by_the_wall > _LONGEST_SHIFT or _start(appointment, zone) < _end(appointment, zone)


def _start(appointment: Appointment, zone: str) -> datetime:
    return instant(appointment.start, zone)


def _end(appointment: Appointment, zone: str) -> datetime:
    return instant(appointment.end, zone)


def _width(appointment: Appointment, zone: str) -> tuple[timedelta, timedelta, tuple[int, ...]]:
    """Sorts the winner first: the narrower, then the later started, then the later entered (ids grow)."""
    start, end = _start(appointment, zone), _end(appointment, zone)
    newest_first = tuple(-ord(char) for char in appointment.id)
    return end - start, datetime.max.replace(tzinfo=UTC) - start, newest_first
