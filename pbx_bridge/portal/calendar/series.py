"""The events of a calendar file and all their occurrences between two moments, each series on its own.

What cannot be read is counted and costs nothing else.
"""

from __future__ import annotations

import contextlib
import re
import signal
import threading
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from icalendar.timezone import tzp

from pbx_bridge.portal.calendar.events import fault_of, into_zone, mend
from pbx_bridge.portal.calendar.text import Component, File

MOST_EVENTS = 5_000
SECONDS = 2.0
"""Of CPU, for the occurrences of one series; one that never comes about takes 0.8, as it is sought until the
year 9999."""
WRONG = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError, TimeoutError,
)  # fmt: skip
_TZID = re.compile(r';TZID=("[^"]*"|[^;:"]*)', re.IGNORECASE)
_OFFSET = re.compile(r"\(?(?:GMT|UTC)\s*([+-])(\d{1,2}):?(\d{2})?\)?", re.IGNORECASE)
_MESSAGES = ("REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER")
"""Mails about events, which are no events."""


class Series:
    """All events of a file by series. `left_out`: how many of them are none of ours, and why."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._groups: dict[str, list[Any]] = defaultdict(list)
        self._cancelled: set[tuple[str, date | None]] = set()
        self.left_out: Counter[str] = Counter()

    def add(self, file: File) -> None:
        """The events of one calendar."""
        self.left_out["no_event"] += sum(one.name in ("VTODO", "VJOURNAL") for one in file.others)
        if file.own.get("METHOD", "").upper() in _MESSAGES:
            self.left_out["no_event"] += len(file.events)
            return
        if not file.closed and (not file.events or file.events[-1].closed):
            self.left_out["cut"] += 1
        known = _learnt(file.zones)
        for event in file.events:
            self._add(file, event, known)

    def _add(self, file: File, raw: Component, known: set[str]) -> None:
        if not raw.closed:
            self.left_out["cut"] += 1
            return
        try:
            event, why = self._event(file, raw, known)
        except WRONG:
            event, why = None, "broken"
        if event is None:
            self.left_out[why] += 1
        elif file.own.get("METHOD", "").upper() == "CANCEL":
            self._cancelled.add(_which(event))
            self.left_out["cancelled"] += 1
        else:
            self._groups[str(event.get("UID", "")) or f"\0{id(event)}"].append(event)

    def _event(self, file: File, raw: Component, known: set[str]) -> tuple[Any, str]:
        unknown = [name for line in raw.lines for name in _TZID.findall(line) if not _is_zone(name, known)]
        lines = [_zoned(line, known) for line in raw.lines]
        event: Any = icalendar.Event.from_ical(Component("VEVENT", lines).text.encode())
        if why := fault_of(event):
            return None, why
        if there := _zone(file.own.get("X-WR-TIMEZONE", "")):
            into_zone(event, there)
        if why := mend(event, self._zone):
            return None, why
        if any(_offset(name) is None for name in unknown):
            self.left_out["zone"] += 1
        return event, ""

    def between(self, start: datetime, end: datetime) -> Iterator[Any]:
        """Each occurrence as an event of its own; those of series that cannot be worked out are counted."""
        single, repeated = list[list[Any]](), list[list[Any]]()
        for group in self._groups.values():
            for one in _apart(group):
                is_single = not any(name in event for event in one for name in ("RRULE", "RDATE", "EXRULE"))
                (single if is_single else repeated).append(one)
        for group in single + repeated:
            calendar = icalendar.Calendar()
            calendar.subcomponents = group
            found: list[Any] = []
            try:
                with _limited():
                    found = recurring_ical_events.of(calendar).between(start, end)
                    found = _but_excepted(group, found, start, end)
            except TimeoutError:
                self.left_out["series"] += 1
            except WRONG:
                self.left_out["broken"] += 1
            yield from (one for one in found if not self._is_cancelled(one))

    def _is_cancelled(self, event: Any) -> bool:
        uid, at = _which(event)
        return bool(self._cancelled & {(uid, None), (uid, at)})


def _but_excepted(group: list[Any], found: list[Any], start: datetime, end: datetime) -> list[Any]:
    """Without what an EXRULE takes out (RFC 2445): the library knows only its successor EXDATE."""
    rules = [(event, rule) for event in group for rule in _listed(event, "EXRULE")]
    out = {moment for event, rule in rules for moment in _met(event, rule, start, end)}
    return [one for one in found if one["DTSTART"].dt not in out] if out else found


def _listed(event: Any, name: str) -> list[Any]:
    value = event.get(name, [])
    return value if isinstance(value, list) else [value]


def _met(event: Any, rule: Any, start: datetime, end: datetime) -> set[date]:
    """The moments that this rule means, counted from the event's first; the library counts that one in any
    case, so it is asked whether it would be the rule's first as well."""
    begins = event["DTSTART"].dt
    met = _moments(event, rule, start, end)
    if begins in met:
        once = type(rule)({name: value for name, value in rule.items() if name.upper() != "UNTIL"})
        once["COUNT"] = [1]
        if len(_moments(event, once, begins, begins + timedelta(days=3_660))) > 1:
            met.discard(begins)
    return met


def _moments(event: Any, rule: Any, start: date, end: date) -> set[date]:
    series = icalendar.Event()
    for name in ("DTSTART", "DTEND", "UID"):
        if name in event:
            series[name] = event[name]
    series["RRULE"] = rule
    calendar = icalendar.Calendar()
    calendar.subcomponents = [series]
    return {one["DTSTART"].dt for one in recurring_ical_events.of(calendar).between(start, end)}


def _which(event: Any) -> tuple[str, date | None]:
    at = event["RECURRENCE-ID"].dt if "RECURRENCE-ID" in event else None
    if isinstance(at, datetime) and at.tzinfo:
        at = at.astimezone(UTC)
    return str(event.get("UID", "")), at


def _apart(group: list[Any]) -> Iterator[list[Any]]:
    """Some programs give one UID to different events: those that say the same version and another time."""
    masters: dict[tuple[int, str], Any] = {}
    others = list[Any]()
    for event in group:
        if "RECURRENCE-ID" in event:
            others.append(event)
        else:
            masters.setdefault((int(event.get("SEQUENCE", -1)), str(event["DTSTART"].dt)), event)
    newest = max((version for version, _ in masters), default=0)
    kept = [event for (version, _), event in masters.items() if version == newest]
    yield from ([event, *(others if not at else ())] for at, event in enumerate(kept))
    if not kept:
        yield others


def _learnt(zones: list[Component]) -> set[str]:
    """Names of the zones that a calendar brings along, known to icalendar from now on; only those."""
    tzp.use_default()
    known: set[str] = set()
    for zone in zones:
        with contextlib.suppress(*WRONG):
            read: Any = icalendar.Timezone.from_ical(zone.text.encode())
            known.add(str(read["TZID"]).strip("/"))
    return known


def _is_zone(name: str, known: set[str]) -> bool:
    plain = name.strip('"').strip()
    return plain.strip("/") in known or _zone(plain) is not None


def _zone(name: str) -> tzinfo | None:
    with warnings.catch_warnings(action="ignore"):
        return tzp.timezone(name) if name else None


def _zoned(line: str, known: set[str]) -> str:
    """A line whose zone we know, else as local time of the company, or in the hours that the name says."""
    found = _TZID.search(line)
    if found is None or _is_zone(found[1], known):
        return line
    bare = line[: found.start()] + line[found.end() :]
    offset = _offset(found[1])
    return bare if offset is None else _in_utc(bare, offset)


def _offset(name: str) -> tzinfo | None:
    found = _OFFSET.search(name)
    if found is None:
        return None
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    return (
        timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes)) if minutes < 24 * 60 else None
    )


def _in_utc(line: str, there: tzinfo) -> str:
    def moved(found: re.Match[str]) -> str:
        moment = datetime.strptime(found[0], "%Y%m%dT%H%M%S").replace(tzinfo=there)
        return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"

    return re.sub(r"\d{8}T\d{6}(?!Z)", moved, line)


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    """A series that never ends is left, where that can be done: in the process that is made for it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
