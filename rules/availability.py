"""Is this employee there: a running appointment replaces the absence info, and the narrower of two wins.

Outside the weekly hours somebody is away unless an appointment says otherwise; the absence info stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from rules.model import Appointment, Employee
from rules.working_hours import shift_at


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
    running = [a for a in _near(employee, zone, now) if _start(a, zone) <= now < _end(a, zone)]
    if running:
        winner = min(running, key=lambda a: _width(a, zone))
        return Availability(Presence.AWAY, winner.text, _end(winner, zone), winner.id, winner.reachable)
    shift = shift_at(employee.hours, zone, now) if employee.hours else None
    if shift and not shift.there:
        back = _back(employee, zone, shift.until)
        return Availability(Presence.AWAY, employee.absence_info, back, reachable=False)
    if employee.absence_info:
        return Availability(Presence.INFO, employee.absence_info)
    return Availability(Presence.PRESENT)


def _back(employee: Employee, zone: str, until: datetime | None) -> datetime | None:
    """The end of this absence, and of those that follow it at once: a holiday, say, from Monday on."""
    then = availability(employee, zone, until) if until else None
    if then is None or then.kind is not Presence.AWAY:
        return until
    return then.until if then.by_hours else _back(employee, zone, then.until)


def _near(employee: Employee, zone: str, now: datetime) -> list[Appointment]:
    """Those that may run at `now`: a cheap look by the day, as every pop asks for all appointments of all."""
    wall, day = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None), timedelta(days=1)
    earliest, latest = wall - day, wall + day
    return [a for a in employee.appointments if a.start <= latest and earliest <= a.end]


def next_change(employee: Employee, zone: str, now: datetime) -> datetime | None:
    """The next moment (UTC) after `now` at which `availability` says something else, if ever."""
    current = availability(employee, zone, now)
    turns = {edge(a, zone) for a in employee.appointments for edge in (_start, _end)}
    if employee.hours and (until := shift_at(employee.hours, zone, now).until):
        turns.add(until)
    later = sorted(turn for turn in turns if turn > now)
    return next((turn for turn in later if availability(employee, zone, turn) != current), None)


def instant(local: datetime, zone: str) -> datetime:
    """Local wall time as UTC; `fold` picks the second of a repeated hour, a time in a gap lies after it."""
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def exists(local: datetime, zone: str) -> bool:
    """False for a wall time that the clocks jump over, such as 02:30 on 28 March 2027 in Berlin."""
    back = instant(local, zone).astimezone(ZoneInfo(zone))
    return back.replace(tzinfo=None) == local.replace(tzinfo=None)


def _start(appointment: Appointment, zone: str) -> datetime:
    return instant(appointment.start, zone)


def _end(appointment: Appointment, zone: str) -> datetime:
    return instant(appointment.end, zone)


def _width(appointment: Appointment, zone: str) -> tuple[timedelta, timedelta, tuple[int, ...]]:
    """Sorts the winner first: the narrower, then the later started, then the later entered (ids grow)."""
    start, end = _start(appointment, zone), _end(appointment, zone)
    newest_first = tuple(-ord(char) for char in appointment.id)
    return end - start, datetime.max.replace(tzinfo=UTC) - start, newest_first
