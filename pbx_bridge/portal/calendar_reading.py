"""What a calendar file says about absences: repeated events spelled out, private ones without words.

Runs in a process of its own (`apart`: the file on standard input, JSON out), so that a file made to keep us
busy keeps nobody else waiting.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import msgspec
import recurring_ical_events

from pbx_bridge import apart
from pbx_bridge.errors import Refused
from pbx_bridge.turns import gently
from rules.model import Appointment

MOST_EVENTS = 5_000
MOST_FOUND = 1_000
LONGEST_TEXT = 200
LIMITS = apart.Limits(seconds=10)
_TOO_FINE = ("SECONDLY", "MINUTELY", "HOURLY")
_FINE_PARTS = ("BYSECOND", "BYMINUTE", "BYHOUR")


def events(
    text: bytes, zone: str, start: datetime, end: datetime, private: str
) -> tuple[Appointment, ...] | Refused:
    """Absences between two moments, in local time of `zone`; `private`: the words for what is not told.

    Left out: cancelled events, and those that leave the time free. Refused: not_a_calendar, too_many.
    """
    try:
        calendar = icalendar.Calendar.from_ical(text)
        known = calendar.walk("VEVENT")
        if len(known) > MOST_EVENTS or any(_is_too_fine(event) for event in known):
            return Refused("too_many")
        calendar.subcomponents = [one for one in calendar.subcomponents if not _never_goes_on(one)]
        found = recurring_ical_events.of(calendar, skip_bad_series=True).between(start, end)
        there = ZoneInfo(zone)
        read = [one for event in found if (one := _appointment(event, there, private))]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError):
        return Refused("not_a_calendar")
    if len(read) > MOST_FOUND:
        return Refused("too_many")
    return tuple(sorted(read, key=lambda one: (one.start, one.end, one.text)))


def _is_too_fine(event: Any) -> bool:
    """Repeats so often that it is no absence."""
    return any(
        rule.get("FREQ", [""])[0] in _TOO_FINE or any(part in rule for part in _FINE_PARTS)
        for rule in _rules(event)
    )


def _never_goes_on(event: Any) -> bool:
    """Repeats at the same moment for ever, or backwards: no program could say when. It is left out, as are
    other series that are broken."""
    return any(int(step) < 1 for rule in _rules(event) for step in rule.get("INTERVAL", []))


def _rules(event: Any) -> list[Any]:
    """RRULE and its elder sister EXRULE, both of which are followed."""
    named = [event.get(name, []) for name in ("RRULE", "EXRULE")]
    return [rule for found in named for rule in (found if isinstance(found, list) else [found])]


def _appointment(event: Any, zone: ZoneInfo, private: str) -> Appointment | None:
    free = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
    free = free or str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == "FREE"
    if free or str(event.get("STATUS", "")).upper() == "CANCELLED":
        return None
    begins, ends = event.start, event.end
    all_day = not isinstance(begins, datetime)
    start, end = _wall(begins, zone), _wall(ends, zone)
    if (end, end.fold) <= (start, start.fold):
        return None
    hidden = str(event.get("CLASS", "PUBLIC")).upper() != "PUBLIC"
    words = " ".join(str(event.get("SUMMARY", "")).replace("\0", " ").split())[:LONGEST_TEXT]
    return Appointment("", private if hidden or not words else words, start, end, all_day, imported=True)


def _wall(moment: date, zone: ZoneInfo) -> datetime:
    """Local time to the minute; without a zone it is local already."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    local = moment.astimezone(zone) if moment.tzinfo else moment
    return local.replace(second=0, microsecond=0, tzinfo=None)


async def read(
    text: bytes, zone: str, start: datetime, end: datetime, private: str
) -> tuple[Appointment, ...] | Refused:
    """`events` in a process of its own; Refused too_many also when it takes too long."""
    arguments = (zone, start.isoformat(), end.isoformat(), private)
    out = await apart.done(__name__, *arguments, limits=LIMITS, data=text)
    if isinstance(out, Refused):
        return Refused("too_many")
    answer = msgspec.json.decode(out)
    if "refused" in answer:
        return Refused(answer["refused"])
    return tuple([_loaded(one) async for one in gently(answer["events"])])


def _loaded(one: Sequence[Any]) -> Appointment:
    text, start, start_fold, end, end_fold, all_day = one
    begins = datetime.fromisoformat(start).replace(fold=start_fold)
    ends = datetime.fromisoformat(end).replace(fold=end_fold)
    return Appointment("", text, begins, ends, all_day, imported=True)


def _dumped(one: Appointment) -> list[Any]:
    begins, ends = one.start.isoformat(), one.end.isoformat()
    return [one.text, begins, one.start.fold, ends, one.end.fold, one.all_day]


def main(arguments: Sequence[str]) -> None:
    """Standard input → standard output."""
    zone, start, end, private = arguments
    window = datetime.fromisoformat(start), datetime.fromisoformat(end)
    found = events(sys.stdin.buffer.read(), zone, *window, private)
    answer = {"refused": found.code} if isinstance(found, Refused) else {"events": [*map(_dumped, found)]}
    sys.stdout.write(json.dumps(answer))


RANGE = (timedelta(days=-1), timedelta(days=100))
"""How far back and ahead of now a calendar is read."""
