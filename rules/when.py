"""Understands by when somebody will call back: "morgen 14 Uhr", "ruft Fr 10 zurück", "tomorrow 2pm"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from rules.availability import exists
from rules.decision import Refused
from rules.phone_numbers import ascii_digits

END_OF_DAY = time(18)
"""What "by tomorrow" means when no hour is said."""


class WhenRefusal(StrEnum):
    """Why a time is not taken. Params: `first` and `second` when ambiguous, `at` (ISO 8601) when past."""

    NOT_UNDERSTOOD = "not_understood"
    AMBIGUOUS = "ambiguous"
    PAST = "past"
    NO_SUCH_DAY = "no_such_day"
    NO_SUCH_TIME = "no_such_time"


_DAYS = {"heute": 0, "today": 0, "morgen": 1, "tomorrow": 1, "übermorgen": 2, "uebermorgen": 2}
_WEEKDAYS = ("mo", "di|tu", "mi|we", "do|th", "fr", "sa", "so|su")
_LATEST = {
    "früh": time(9), "vormittag": time(12), "morning": time(12), "mittag": time(12), "noon": time(12),
    "nachmittag": time(17), "afternoon": time(17), "abend": time(20), "evening": time(20),
}  # fmt: skip
_UNITS = {"m": timedelta(minutes=1), "s": timedelta(hours=1), "h": timedelta(hours=1), "t": timedelta(days=1)}
_NUMBERS = {
    "einer halben": "0.5",
    "half an": "0.5",
    "einer": "1",
    "einem": "1",
    "an": "1",
    "a": "1",
    "one": "1",
}

_FILLERS = re.compile(
    r"\b(?:bis|um|gegen|ca|(?<!\d )am|den|ab|spätestens|by|at|on|until|before|vor|the|around"
    r"|bitte|rückruf|ruft|rufen|zurück|zurückrufen|please|calls?|back)\b[.:]?"
)
_RELATIVE = re.compile(
    rf"in\s+(?P<n>[1-9]\d{{0,2}}(?:[.,]\d)?|0[.,][1-9]|{'|'.join(_NUMBERS)})\s*"
    r"(?P<unit>m(?:in(?:ute[ns]?)?)?|h(?:ours?)?|std|stunden?|t(?:age?n?)?|days?)\.?"
)
_ISO = re.compile(r"\b(?P<long>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)\b")
_GERMAN = re.compile(
    r"\b(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.(?:\s?(?P<long>\d{4})|(?P<short>\d{2})(?![\d:]|\s?uhr))?"
)
_NAMED = re.compile(rf"\b(?P<name>{'|'.join(sorted(_DAYS, key=len, reverse=True))})\b")
_WEEKDAY = re.compile(
    r"\b(?:(?:nächste[nr]?|kommende[nr]?|next)\s+)?"
    r"(?P<w>mo(?:n(?:tag|day)?)?|di(?:enstag)?|tu(?:e(?:sday)?)?|mi(?:ttwoch)?|we(?:d(?:nesday)?)?|do(?:nnerstag)?"
    r"|th(?:u(?:rsday)?)?|fr(?:i(?:day)?|eitag)?|sa(?:t(?:urday)?|mstag)?|so(?:nntag)?|su(?:n(?:day)?)?)\b[.,]?"
)
_CLOCK = re.compile(
    r"\b(?P<h>\d{1,2})(?:(?:[:.]|\s?uhr\s?)(?P<min>\d\d))?\s?(?:uhr|h)?\s?(?P<half>[ap]\.?m\b\.?)?(?!\d)"
)
_PART = re.compile(rf"\b(?P<part>{'|'.join(_LATEST)})s?\b")


@dataclass(frozen=True, slots=True)
class _Clock:
    at: time
    unsure: bool = False


def understand(text: str, now: datetime, zone: str) -> datetime | Refused:
    """The moment meant by `text`, aware and in `zone`, given `now` (aware).

    `Refused.code` is a `WhenRefusal`.
    """
    local = now.astimezone(ZoneInfo(zone))
    rest = " ".join(_FILLERS.sub(" ", ascii_digits(text).casefold()).split())
    relative = _RELATIVE.fullmatch(rest)
    if relative:
        return _after(local, relative)
    day, rest = _day(rest, local.date())
    clock, rest = _clock(rest)
    if isinstance(day, Refused):
        return day
    if isinstance(clock, Refused):
        return clock
    if rest.strip(" ,.") or not (day or clock):
        return Refused(WhenRefusal.NOT_UNDERSTOOD)
    if clock and clock.unsure:
        return _ambiguous(clock.at)
    return _checked(day, clock.at if clock else END_OF_DAY, local)


def _after(local: datetime, match: re.Match[str]) -> datetime:
    """Minutes and hours are real time, also over a clock change."""
    count = float(_NUMBERS.get(match["n"], match["n"]).replace(",", "."))
    unit = _UNITS["t" if match["unit"].startswith("d") else match["unit"][0]]
    moment = local.astimezone(UTC) + count * unit
    return moment.replace(second=0, microsecond=0).astimezone(local.tzinfo)


@dataclass(frozen=True, slots=True)
class _Day:
    """`weekly`: a weekday, which comes round again."""

    on: date
    weekly: bool = False


def _day(text: str, today: date) -> tuple[_Day | Refused | None, str]:
    """The day that the text names, and the text without it."""
    if match := _ISO.search(text) or _GERMAN.search(text):
        return _date(match.groupdict(), today), _without(text, match)
    if match := _NAMED.search(text):
        return _Day(today + timedelta(_DAYS[match["name"]])), _without(text, match)
    if match := _WEEKDAY.search(text):
        weekday = next(n for n, short in enumerate(_WEEKDAYS) if re.match(short, match["w"]))
        ahead = (weekday - today.weekday()) % 7
        later = 7 if ahead == 0 and not match[0].startswith(match["w"]) else 0
        return _Day(today + timedelta(ahead + later), weekly=True), _without(text, match)
    return None, text


def _date(parts: dict[str, str | None], today: date) -> _Day | Refused:
    """A date without its year is the next one to come, unless it has just gone by."""
    year, short = parts["long"], parts.get("short")
    on = _calendar(int(year or f"20{short}" if year or short else today.year), parts)
    if on and not (year or short) and (today - on).days > 180:
        on = _calendar(today.year + 1, parts)
    return _Day(on) if on and abs(on.year - today.year) < 10 else Refused(WhenRefusal.NO_SUCH_DAY)


def _calendar(year: int, parts: dict[str, str | None]) -> date | None:
    try:
        return date(year, int(parts["m"] or 0), int(parts["d"] or 0))
    except ValueError:
        return None


def _clock(text: str) -> tuple[_Clock | Refused | None, str]:
    """The time of day that the text names, and the text without it."""
    part = _PART.search(text)
    rest = _without(text, part) if part else text
    match = _CLOCK.search(rest)
    if not match:
        return (_Clock(_LATEST[part["part"]]) if part else None), rest
    hour, minute = int(match["h"]), int(match["min"] or 0)
    latest = _LATEST[part["part"]] if part else None
    afternoon = (match["half"] or "").startswith("p") or (latest is not None and latest > time(12))
    if match["half"] and not 1 <= hour <= 12:
        return Refused(WhenRefusal.NO_SUCH_TIME), ""
    hour = hour % 12 if match["half"] else hour
    hour += 12 if afternoon and hour < 12 else 0
    if hour > 23 or minute > 59:
        return Refused(WhenRefusal.NO_SUCH_TIME), ""
    unsure = 1 <= hour <= 6 and not (match["half"] or part or match["h"].startswith("0"))
    return _Clock(time(hour, minute), unsure), _without(rest, match)


def _without(text: str, match: re.Match[str]) -> str:
    return " ".join((text[: match.start()] + " " + text[match.end() :]).split())


def _ambiguous(at: time) -> Refused:
    """ "Um 3": nobody calls back at night, but nobody should have to guess either."""
    later = at.replace(hour=at.hour + 12)
    return Refused(WhenRefusal.AMBIGUOUS, {"first": f"{at:%H:%M}", "second": f"{later:%H:%M}"})


def _checked(day: _Day | None, at: time, local: datetime) -> datetime | Refused:
    """The moment on that day (today when none was named), which must exist and lie ahead."""
    on = day.on if day else local.date()
    if day and day.weekly and datetime.combine(on, at, local.tzinfo) <= local:
        on += timedelta(7)
    moment = datetime.combine(on, at, local.tzinfo)
    if not exists(moment, str(local.tzinfo)):
        return Refused(WhenRefusal.NO_SUCH_TIME)
    if moment.astimezone(UTC) <= local.astimezone(UTC):
        return Refused(WhenRefusal.PAST, {"at": moment.isoformat()})
    return moment
