"""What one event of a calendar elsewhere is to us: an absence, or why it is none.

The words for why: `REASONS`. Each event is judged alone, so that none of them costs another.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from icalendar.prop import vDDDLists, vDDDTypes

from rules.text.names import fold, person_key

REASONS = (
    "no_start", "backwards", "no_time", "series", "broken", "cut", "cancelled", "declined", "free",
    "no_event", "zone",
)  # fmt: skip
"""Why something was left out, in the order in which it is told; `zone`: it was not, its zone is unknown."""

MOST_A_DAY = 8
"""Oftener than this nobody is away by rule."""
MOST_COUNTED = 100
"""A series that says how often may be as fine as it likes up to here."""
_ESSENTIAL = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "RRULE", "EXRULE", "RDATE", "EXDATE")
_LISTS = ("RRULE", "EXRULE", "RDATE", "EXDATE")
_ALL_DAY = ("X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT", "X-FUNAMBOL-ALLDAY")
_ELSEWHERE = ("FREE", "WORKINGELSEWHERE")
_NOT_THERE = ("DECLINED", "DELEGATED")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose calendar it is: addresses and name, as invitations may call them."""

    addresses: frozenset[str]
    name: str = ""

    @classmethod
    def of(cls, name: str, addresses: Collection[str]) -> Owner:
        """As typed."""
        return cls(frozenset(one.strip().casefold() for one in addresses if one.strip()), _key(name))

    def knows(self, attendee: Any) -> bool:
        """Whether an invited person is the owner: by address, else by name."""
        named = str(attendee).casefold().removeprefix("mailto:").strip()
        also = str(attendee.params.get("EMAIL", "")).casefold().strip()
        if {named, also} & self.addresses:
            return True
        return bool(self.name) and _key(str(attendee.params.get("CN", ""))) == self.name


def _key(name: str) -> str:
    return fold(person_key(name)) if name.strip() else ""


def fault_of(event: Any) -> str:
    """Why nothing can be made of an event; "" if it can."""
    wrong = {str(name).upper() for name, _ in event.errors}
    if "DTSTART" not in event and "DTSTART" not in wrong:
        return "no_start"
    doubled = any(isinstance(event.get(name), list) for name in _ESSENTIAL if name not in _LISTS)
    if doubled or wrong.intersection(_ESSENTIAL):
        return "broken"
    if any(not rule.get("FREQ") for rule in rules_of(event)):
        return "broken"
    return "series" if any(map(_is_too_fine, rules_of(event))) else ""


def rules_of(event: Any) -> list[Any]:
    """RRULE and its elder sister EXRULE, both of which are followed."""
    named = [event.get(name, []) for name in ("RRULE", "EXRULE")]
    return [rule for found in named for rule in (found if isinstance(found, list) else [found])]


def _is_too_fine(rule: Any) -> bool:
    """Repeats so often that it is no absence, or at the same moment for ever."""
    step = min((int(one) for one in rule.get("INTERVAL", [])), default=1)
    if step < 1:
        return True
    counted = min((int(one) for one in rule.get("COUNT", [])), default=math.inf)
    often = str(rule["FREQ"][0]).upper()
    if counted <= MOST_COUNTED:
        return False
    return often in ("MINUTELY", "SECONDLY") or _a_day(rule, often, step) > MOST_A_DAY


def _a_day(rule: Any, often: str, step: int) -> float:
    hours = float(len(rule.get("BYHOUR", [0])))
    if often == "HOURLY":
        hours = min(24 / step, len(rule.get("BYHOUR", range(24))))
    return hours * len(rule.get("BYMINUTE", [0])) * len(rule.get("BYSECOND", [0]))


def mend(event: Any, zone: ZoneInfo) -> str:
    """Bring an event into the form of the standard where it is plain what is meant; else why not."""
    if not isinstance(event.get("SEQUENCE", 0), int):  # no number, or several: it says nothing
        event.pop("SEQUENCE")
    if _flagged(event):
        _whole_days(event, zone)
    start = event["DTSTART"].dt
    if "DTEND" in event:
        event.pop("DURATION", None)
        end = _alike(event["DTEND"].dt, start, zone)
        if not isinstance(start, datetime) and end == start:
            end = start + timedelta(days=1)
        event["DTEND"] = vDDDTypes(end)
    elif "DURATION" in event:
        length = event["DURATION"].dt
        if not isinstance(start, datetime):
            length = timedelta(
                days=max(math.ceil(length / timedelta(days=1)), 1 if length >= timedelta(0) else -1)
            )
        end = start + length
        event.pop("DURATION")
        event["DTEND"] = vDDDTypes(end)
    else:
        end = start if isinstance(start, datetime) else start + timedelta(days=1)
    for rule in rules_of(event):
        if "UNTIL" in rule:
            rule["UNTIL"] = [_until(one, start, zone) for one in rule["UNTIL"]]
    span = _naive(end, zone) - _naive(start, zone)
    return "backwards" if span < timedelta(0) else "no_time" if not span else ""


def _flagged(event: Any) -> bool:
    return any(str(event.get(name, "")).strip().upper() in ("TRUE", "1") for name in _ALL_DAY)


def _whole_days(event: Any, zone: ZoneInfo) -> None:
    """What is said in hours of some zone is meant as days: that where it is midnight."""
    _turn(event, lambda moment: _day(moment, zone))


def into_zone(event: Any, there: tzinfo) -> None:
    """What is told in UTC or in no zone is told in that of the whole calendar, as its series are."""

    def turned(moment: Any) -> Any:
        if not isinstance(moment, datetime):
            return moment
        if moment.tzinfo is None:
            return moment.replace(tzinfo=there)
        return moment.astimezone(there) if moment.tzname() == "UTC" else moment

    if not _flagged(event):
        _turn(event, turned)


def _turn(event: Any, how: Callable[[Any], Any]) -> None:
    def each(one: Any) -> Any:
        return tuple(map(how, one)) if isinstance(one, tuple) else how(one)

    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        if name in event:
            turned = vDDDTypes(how(event[name].dt))
            if "RANGE" in event[name].params:
                turned.params["RANGE"] = event[name].params["RANGE"]
            event[name] = turned
    for name in ("RDATE", "EXDATE"):
        if name in event:
            lists = event[name] if isinstance(event[name], list) else [event[name]]
            event[name] = [vDDDLists([each(one.dt) for one in some.dts]) for some in lists]


def _day(moment: Any, zone: ZoneInfo) -> Any:
    if not isinstance(moment, datetime):
        return moment
    local = moment.astimezone(zone) if moment.tzinfo else moment
    return moment.date() if moment.time() == time() else local.date()


def _alike(end: date, start: date, zone: ZoneInfo) -> date:
    """The end as a day if the event begins with one, as a moment if it begins with one."""
    if isinstance(start, datetime) and not isinstance(end, datetime):
        return datetime.combine(end, time(), start.tzinfo)
    if isinstance(end, datetime) and not isinstance(start, datetime):
        local = end.astimezone(zone) if end.tzinfo else end
        return local.date() if local.time() == time() else local.date() + timedelta(days=1)
    if isinstance(start, datetime) and isinstance(end, datetime) and bool(start.tzinfo) != bool(end.tzinfo):
        there: tzinfo = start.tzinfo or zone
        return end.replace(tzinfo=there) if start.tzinfo else end.astimezone(zone).replace(tzinfo=None)
    return end


def _until(until: date, start: date, zone: ZoneInfo) -> date:
    """The last moment of a series, comparable with its first: a day means all of that day, there."""
    if not isinstance(start, datetime):
        aware = isinstance(until, datetime) and until.tzinfo
        local: date = _day(until.astimezone(zone) if aware else until, zone)  # type: ignore[attr-defined]
        return local
    if not isinstance(until, datetime):
        until = datetime.combine(until, time(23, 59, 59))
    if start.tzinfo is None:
        return until.astimezone(zone).replace(tzinfo=None) if until.tzinfo else until
    return (until if until.tzinfo else until.replace(tzinfo=start.tzinfo)).astimezone(UTC)


def _naive(moment: date, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC).replace(tzinfo=None)


def why_not_away(event: Any, owner: Owner) -> str:
    """What makes an event no absence of its owner: cancelled, declined, free; "" for an absence."""
    if _said(event, "STATUS") == "CANCELLED":
        return "cancelled"
    if any(_said(one.params, "PARTSTAT") in _NOT_THERE for one in _attendees(event) if owner.knows(one)):
        return "declined"
    busy = _said(event, "X-MICROSOFT-CDO-BUSYSTATUS")
    free = _said(event, "TRANSP") == "TRANSPARENT" and busy != "OOF"
    return "free" if free or busy in _ELSEWHERE else ""


def _said(where: Mapping[str, Any], name: str) -> str:
    return first(where, name).strip().upper()


def first(where: Mapping[str, Any], name: str) -> str:
    """A text that some programs say twice."""
    found = where.get(name, "")
    return str(found[0] if isinstance(found, list) and found else found)


def _attendees(event: Any) -> Iterator[Any]:
    found = event.get("ATTENDEE", [])
    yield from (one for one in (found if isinstance(found, list) else [found]) if hasattr(one, "params"))
