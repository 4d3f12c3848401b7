"""What a calendar file says about absences: repeated events spelled out, private ones without words.

Runs in a `limited_process` (the file on standard input, JSON out), so that a file made to keep us busy keeps
nobody else waiting.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from pbx_bridge import limited_process
from pbx_bridge.errors import Refused
from pbx_bridge.portal.calendar.events import REASONS, Owner, first, why_not_away
from pbx_bridge.portal.calendar.series import MOST_EVENTS, WRONG, Series
from pbx_bridge.portal.calendar.text import calendars
from pbx_bridge.time_slices import gently
from rules.model import Appointment
from rules.text.typed_text import line

MOST_FOUND = 1_000
LONGEST_TEXT = 200
LIMITS = limited_process.Limits(seconds=10)
RANGE = (timedelta(days=-1), timedelta(days=100))
"""How far back and ahead of now a calendar is read."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a calendar says. `left_out`: by reason (`calendar_events.REASONS`) how many events are no absence,
    and of those that can be read only what lies in the time that was asked for."""

    events: tuple[Appointment, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """`zone`: of the company; `private`: the words for what is not told."""

    zone: str
    start: datetime
    end: datetime
    private: str
    name: str = ""
    addresses: tuple[str, ...] = ()


def events(text: bytes, asked: Question) -> Found | Refused:
    """Absences between two moments, in local time. Refused: not_a_calendar, too_many."""
    files, zone = calendars(text), ZoneInfo(asked.zone)
    if not files:
        return Refused("not_a_calendar")
    if sum(len(file.events) for file in files) > MOST_EVENTS:
        return Refused("too_many")
    series, owner = Series(zone), Owner.of(asked.name, asked.addresses)
    for file in files:
        series.add(file)
    read, why = list[Appointment](), defaultdict[str, set[str]](set)
    occurring = series.between(asked.start, asked.end)
    for event in occurring:
        try:
            if reason := why_not_away(event, owner):
                why[reason].add(str(event.get("UID", "")) or str(event["DTSTART"].dt))
            else:
                read.append(_appointment(event, zone, asked.private))
        except WRONG:
            why["broken"].add(str(event.get("UID", "")))
        if len(read) > MOST_FOUND:
            return Refused("too_many")
    counted = {reason: series.left_out[reason] + len(why[reason]) for reason in REASONS}
    told = {reason: number for reason, number in counted.items() if number}
    return Found(tuple(sorted(read, key=lambda one: (one.start, one.end, one.text))), told)


def _appointment(event: Any, zone: ZoneInfo, private: str) -> Appointment:
    begins, ends = event["DTSTART"].dt, event["DTEND"].dt
    start, end = _wall(begins, zone), _wall(ends, zone)
    if (end, end.fold) <= (start, start.fold):  # less than a minute, or the clock was put back meanwhile
        end = end if end > start else start + timedelta(minutes=1)
    all_day = not isinstance(begins, datetime)
    hidden = first(event, "CLASS").strip().upper() not in ("", "PUBLIC")
    words = " ".join(line(first(event, "SUMMARY").replace("\0", " ")).split())[:LONGEST_TEXT]
    return Appointment("", private if hidden or not words else words, start, end, all_day, imported=True)


def _wall(moment: date, zone: ZoneInfo) -> datetime:
    """Local time to the minute; without a zone it is local already."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    local = moment.astimezone(zone) if moment.tzinfo else moment
    return local.replace(second=0, microsecond=0, tzinfo=None)


async def read(text: bytes, asked: Question) -> Found | Refused:
    """`events` in a process of its own; Refused too_many also when it takes too long."""
    data = msgspec.json.encode(asked) + b"\n" + text
    out = await limited_process.done(__name__, limits=LIMITS, data=data)
    if isinstance(out, Refused):
        return Refused("too_many")
    answer = msgspec.json.decode(out)
    if "refused" in answer:
        return Refused(answer["refused"])
    found = [_loaded(one) async for one in gently(answer["events"])]
    return Found(tuple(found), answer["left_out"])


def _loaded(one: Sequence[Any]) -> Appointment:
    text, start, start_fold, end, end_fold, all_day = one
    begins = datetime.fromisoformat(start).replace(fold=start_fold)
    ends = datetime.fromisoformat(end).replace(fold=end_fold)
    return Appointment("", text, begins, ends, all_day, imported=True)


def _dumped(one: Appointment) -> list[Any]:
    begins, ends = one.start.isoformat(), one.end.isoformat()
    return [one.text, begins, one.start.fold, ends, one.end.fold, one.all_day]


def main(_arguments: Sequence[str]) -> None:
    """Standard input (the question in its first line) → standard output."""
    asked = msgspec.json.decode(sys.stdin.buffer.readline(), type=Question)
    found = events(sys.stdin.buffer.read(), asked)
    answer: dict[str, Any]
    if isinstance(found, Refused):
        answer = {"refused": found.code}
    else:
        answer = {"events": [*map(_dumped, found.events)], "left_out": dict(found.left_out)}
    sys.stdout.buffer.write(msgspec.json.encode(answer))
