"""Understands by when somebody will call back: "morgen 14 Uhr", "ruft Fr 10 zurück", "tomorrow 2pm"."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from rules.decision import Refused
from rules.notes.time_patterns import (
    CLOCK,
    DAYS,
    DOTTED,
    GERMAN,
    ISO,
    LATER_WEEK,
    LATEST,
    MONTH_END,
    MONTHS,
    NAMED,
    OF_MONTH,
    PART,
    PARTS_OF_WEEK,
    RELATIVE,
    SLASH,
    UNITS,
    WEEK,
    WEEKDAY,
    WEEKDAYS,
    WRITTEN,
    WRITTEN_BACK,
)
from rules.notes.time_words import EARLIEST, FILLERS, plainly
from rules.presence.availability import exists

END_OF_DAY = time(18)
"""What "by tomorrow" means when no hour is said."""


class WhenRefusal(StrEnum):
    """Why a time is not taken. Params: `first` and `second` when ambiguous, `at` (ISO 8601) when past."""

    NOT_UNDERSTOOD = "not_understood"
    AMBIGUOUS = "ambiguous"
    EARLIEST = "earliest"
    PAST = "past"
    NO_SUCH_DAY = "no_such_day"
    NO_SUCH_TIME = "no_such_time"


@dataclass(frozen=True, slots=True)
class _Clock:
    """`end`: of the day, 24:00, which is the next day's 00:00."""

    at: time
    unsure: bool = False
    end: bool = False


def understand(text: str, now: datetime, zone: str) -> datetime | Refused:
    """The moment meant by `text`, aware and in `zone`, given `now` (aware).

    `Refused.code` is a `WhenRefusal`.
    """
    local, said = now.astimezone(ZoneInfo(zone)), plainly(text)
    if EARLIEST.search(said):
        return Refused(WhenRefusal.EARLIEST)
    rest = " ".join(FILLERS.sub(" ", said).split())
    if relative := RELATIVE.fullmatch(rest):
        return _after(local, relative)
    day, rest = _day(rest, local.date())
    clock, rest = _clock(rest)
    if isinstance(day, Refused):
        return day
    if isinstance(clock, Refused):
        return clock
    if rest.strip(" ,.-") or not (day or clock):
        return Refused(WhenRefusal.NOT_UNDERSTOOD)
    if clock and clock.unsure:
        return _unsure(day, clock.at, local)
    if clock and clock.end:
        day = replace(day or _Day(local.date()), ends=True)
    return _checked(day, clock.at if clock else END_OF_DAY, local)


def _after(local: datetime, match: re.Match[str]) -> datetime:
    """Minutes and hours are real time, also over a clock change."""
    said, unit = match["n"].replace(",", "."), match["unit"]
    count = float(said) if said[0].isdigit() else 1.0
    if unit.startswith("mon"):
        month = local.month - 1 + int(count)
        year, month = local.year + month // 12, month % 12 + 1
        moment = local.replace(year=year, month=month, day=min(local.day, monthrange(year, month)[1]))
    elif unit[0] in "tdw":
        moment = local + count * UNITS[unit[0]]
    else:
        moment = (local.astimezone(UTC) + count * UNITS[unit[0]]).astimezone(local.tzinfo)
    return moment.replace(second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class _Day:
    """`weekly`: a weekday, which comes round again; `ends`: the end of the day is meant."""

    on: date
    weekly: bool = False
    ends: bool = False


def _day(text: str, today: date) -> tuple[_Day | Refused | None, str]:
    """The day that the text names, and the text without it."""
    for pattern in (ISO, GERMAN, SLASH, WRITTEN, WRITTEN_BACK):
        if match := pattern.search(text):
            return _with_weekday(_date(match.groupdict(), today), _without(text, match))
    if match := MONTH_END.search(text):
        return _Day(today.replace(day=monthrange(today.year, today.month)[1])), _without(text, match)
    if match := DOTTED.search(text):
        found = _dotted(match, _without(text, match), today)
        if found is not None:
            return _with_weekday(found, _without(text, match))
    return _by_name(text, today)


def _by_name(text: str, today: date) -> tuple[_Day | Refused | None, str]:
    """ "Übermorgen", "nächsten Freitag", "Ende der Woche", "am 3."."""
    later, rest = 0, text
    if match := LATER_WEEK.search(text):
        later = 7 * int(match["n"] if (match["n"] or "").isdigit() else 1)
        rest = _without(text, match)
    week = WEEK.search(rest)
    if week:
        monday, rest = _monday(week, today), _without(rest, week)
    weekday = WEEKDAY.search(rest)
    named = NAMED.search(rest)
    if weekday and (week or named is None or named["name"] == "morgen"):
        wanted = _index(weekday["w"])
        rest = _without(rest, weekday)
        if named:  # "Freitag morgen" is not tomorrow
            rest = NAMED.sub("früh", rest)
        if week:
            return _Day(monday + timedelta(wanted + later)), rest
        return _Day(_next(wanted, weekday["how"] or "", today) + timedelta(later), weekly=not later), rest
    if week:
        return _Day(_of_week(week, monday, today)), rest
    if named:
        return _Day(today + timedelta(DAYS[named["name"]] + later)), _without(rest, named)
    if later:
        return _Day(today + timedelta(later)), rest
    if match := OF_MONTH.search(rest):
        return _of_month(int(match["d"]), today), _without(rest, match)
    return None, text


def _monday(week: re.Match[str], today: date) -> date:
    how = week["how"] or ""
    ahead = 2 if how.startswith("über") else 1 if how.startswith(("nächst", "kommend", "next")) else 0
    return today - timedelta(today.weekday()) + timedelta(7 * ahead)


def _of_week(week: re.Match[str], monday: date, today: date) -> date:
    """The last day that is meant: Friday, or Sunday when that is over."""
    on = monday + timedelta(PARTS_OF_WEEK[week["part"] or "ende"])
    return on if on >= today else monday + timedelta(6)


def _index(weekday: str) -> int:
    return next(n for n, short in enumerate(WEEKDAYS) if re.match(short, weekday))


def _next(weekday: int, how: str, today: date) -> date:
    ahead = (weekday - today.weekday()) % 7
    later = 7 if ahead == 0 and how.startswith(("nächst", "kommend", "next", "coming")) else 0
    if how.startswith("über"):
        later = 14 if ahead == 0 else 7
    return today + timedelta(ahead + later)


def _of_month(day: int, today: date) -> _Day | Refused:
    """The next day with this number."""
    for month in range(2):
        number = today.month - 1 + month
        on = _calendar(today.year + number // 12, {"m": str(number % 12 + 1), "d": str(day)})
        if on and on >= today:
            return _Day(on)
    return Refused(WhenRefusal.NO_SUCH_DAY)


def _dotted(match: re.Match[str], rest: str, today: date) -> _Day | Refused | None:
    """ "17.12" is a day, "17.30" a time; what can be both is asked, unless something else tells."""
    day, second = int(match["d"]), match["m"]
    as_date = _calendar(2028, match.groupdict()) is not None
    as_clock = day <= 23 and len(second) == 2 and int(second) <= 59
    if not as_date and not as_clock:
        return Refused(WhenRefusal.NO_SUCH_DAY)
    if not as_date or (as_clock and _names_a_day(rest)):
        return None
    if not as_clock or int(second) % 5 or CLOCK.search(rest) or PART.search(rest):
        return _date(match.groupdict(), today)
    return Refused(WhenRefusal.AMBIGUOUS, {"first": f"{day}:{second}", "second": f"{day}.{int(second)}."})


def _names_a_day(text: str) -> bool:
    return bool(NAMED.search(text) or WEEKDAY.search(text) or WEEK.search(text))


def _with_weekday(day: _Day | Refused, rest: str) -> tuple[_Day | Refused, str]:
    """ "Mo 30.11.": the weekday must be the date's own."""
    weekday = WEEKDAY.search(rest)
    if weekday is None or isinstance(day, Refused):
        return day, rest
    if _index(weekday["w"]) != day.on.weekday():
        return Refused(WhenRefusal.AMBIGUOUS, {"first": weekday["w"], "second": f"{day.on:%d.%m.}"}), ""
    return day, _without(rest, weekday)


def _date(parts: dict[str, str | None], today: date) -> _Day | Refused:
    """A date without its year is the next one to come, unless it has just gone by."""
    year, short = parts.get("long"), parts.get("short")
    on = _calendar(int(year or f"20{short}" if year or short else today.year), parts)
    if on and not (year or short) and (today - on).days > 180:
        on = _calendar(today.year + 1, parts)
    return _Day(on) if on and abs(on.year - today.year) < 10 else Refused(WhenRefusal.NO_SUCH_DAY)


def _calendar(year: int, parts: dict[str, str | None]) -> date | None:
    name = parts.get("name")
    month = next((n for n, short in enumerate(MONTHS, 1) if name and re.match(short, name)), parts.get("m"))
    try:
        return date(year, int(month or 0), int(parts["d"] or 0))
    except ValueError:
        return None


def _clock(text: str) -> tuple[_Clock | Refused | None, str]:
    """The time of day that the text names, and the text without it."""
    part = PART.search(text)
    rest = _without(text, part) if part else text
    match = CLOCK.search(rest)
    if not match:
        return (_Clock(LATEST[part["part"]]) if part else None), rest
    hour, minute = int(match["h"]), int(match["min"] or 0)
    latest = LATEST[part["part"]] if part else None
    afternoon = (match["half"] or "").startswith("p") or (latest is not None and latest > time(12))
    if match["half"] and not 1 <= hour <= 12:
        return Refused(WhenRefusal.NO_SUCH_TIME), ""
    hour = hour % 12 if match["half"] else hour
    midday = part is not None and part["part"] in {"mittag", "noon"} and hour <= 3
    hour += 12 if (afternoon or midday) and hour < 12 else 0
    if hour == 24 and not minute and (match["min"] or match["said"]):
        return _Clock(time(), end=True), _without(rest, match)
    if hour > 23 or minute > 59:
        return Refused(WhenRefusal.NO_SUCH_TIME), ""
    unsure = 1 <= hour <= 6 and not (match["half"] or part or match["h"].startswith("0"))
    return _Clock(time(hour, minute), unsure), _without(rest, match)


def _without(text: str, match: re.Match[str]) -> str:
    return " ".join((text[: match.start()] + " " + text[match.end() :]).split())


def _unsure(day: _Day | None, at: time, local: datetime) -> datetime | Refused:
    """ "Um 3": nobody calls back at night, but nobody should have to guess either. What has gone by today is
    not meant."""
    later = at.replace(hour=at.hour + 12)
    today = day is None or day.on == local.date()
    if today and datetime.combine(local.date(), at, local.tzinfo) <= local:
        afternoon = _checked(day, later, local)
        if isinstance(afternoon, datetime):
            return afternoon
    return Refused(WhenRefusal.AMBIGUOUS, {"first": f"{at:%H:%M}", "second": f"{later:%H:%M}"})


def _checked(day: _Day | None, at: time, local: datetime) -> datetime | Refused:
    """The moment on that day (today when none was named), which must exist and lie ahead."""
    on = day.on if day else local.date()
    if day and day.ends:
        on += timedelta(1)
    if day and day.weekly and datetime.combine(on, at, local.tzinfo) <= local:
        on += timedelta(7)
    moment = datetime.combine(on, at, local.tzinfo)
    if not exists(moment, str(local.tzinfo)):
        return Refused(WhenRefusal.NO_SUCH_TIME)
    if moment.astimezone(UTC) <= local.astimezone(UTC):
        return Refused(WhenRefusal.PAST, {"at": moment.isoformat()})
    return moment
