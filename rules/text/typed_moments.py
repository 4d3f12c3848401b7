"""Days and times of the clock as people type them into a field of their own."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[./]\s?(\d{1,2})(?:[./]\s?(\d{4}|\d{2})|[./]?)")
_ORDINAL = r"(\d{1,2})(?:\.|st|nd|rd|th)?"
_WRITTEN = re.compile(rf"{_ORDINAL}\s?(?:of\s)?([^\W\d_]+)(?:[.,\s]+(\d{{4}}|\d{{2}}))?\.?")
_WRITTEN_BACK = re.compile(rf"([^\W\d_]+)\.?\s{_ORDINAL}(?:[,\s]+(\d{{4}}))?")
_TIME = re.compile(
    r"(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?(?:\s*(?:uhr|h))?|(\d{1,2})\s*uhr\s*(\d{2})", re.IGNORECASE
)
_END_OF_DAY = re.compile(r"24(?:[:.]00){0,2}(?:\s*(?:uhr|h))?|24\s*uhr\s*00", re.IGNORECASE)
_WEEKDAY = re.compile(r"([^\W\d_]+)[.,]*\s*")
_WEEKDAYS = (
    "mo montag mon monday", "di dienstag tue tuesday", "mi mittwoch wed wednesday",
    "do donnerstag thu thursday", "fr freitag fri friday", "sa samstag sonnabend sat saturday",
    "so sonntag sun sunday",
)  # fmt: skip
_MONTHS = (
    "jan januar january jänner jaenner", "feb februar february", "mär märz mrz maerz mar march", "apr april",
    "mai may", "jun juni june", "jul juli july", "aug august", "sep sept september",
    "okt oktober oct october",
    "nov november", "dez dezember dec december",
)  # fmt: skip
_DAY_OF_WEEK = {name: at for at, names in enumerate(_WEEKDAYS) for name in names.split()}
_MONTH = {name: at for at, names in enumerate(_MONTHS, 1) for name in names.split()}


def read_day(text: str, around: date | None = None) -> date | None:
    """ "2026-10-01", "1.10.2026", "Do 01.10.26", "1. Oktober 2026" or "01/10/2026", and with `around`
    "1.10.": the one next to that day, before it or after it. None for anything else, for a
    day that is no such day of the week, and for years before 1900 and after 2199."""
    said = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    begun = _WEEKDAY.match(said)
    weekday = _DAY_OF_WEEK.get(begun[1]) if begun else None
    parts = _parts(said if begun is None or weekday is None else said[begun.end() :])
    if parts is None:
        return None
    year, month, day = parts
    if year:
        found = _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    else:
        found = _nearest(month, day, around) if around else None
    if found is None or (weekday is not None and found.weekday() != weekday):
        return None
    return found if EARLIEST <= found <= LATEST else None


def _parts(said: str) -> tuple[str, int, int] | None:
    """Year (or ""), month and day."""
    if match := _DAY.fullmatch(said):
        year, month, day, *german = match.groups()
        if german[0]:
            day, month, year = german
        return year or "", int(month), int(day)
    if match := _WRITTEN.fullmatch(said):
        day, name, year = match.groups()
    elif match := _WRITTEN_BACK.fullmatch(said):
        name, day, year = match.groups()
    else:
        return None
    return (year or "", _MONTH[name], int(day)) if name in _MONTH else None


def _nearest(month: int, day: int, around: date) -> date | None:
    found = [_date(year, month, day) for year in range(around.year - 1, around.year + 2)]
    return min(filter(None, found), key=lambda one: abs(one - around), default=None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_time(text: str) -> time | None:
    """ "14:05", "14.05", "14 Uhr", "14 Uhr 05", "9"; None for anything else, and for 24:00."""
    match = _TIME.fullmatch(text.strip())
    if not match:
        return None
    hour, minute = int(match[1] or match[3]), int(match[2] or match[4] or 0)
    return time(hour, minute) if hour <= 23 and minute <= 59 else None


def ends_day(text: str) -> bool:
    """Whether it is "24:00" or "24 Uhr": midnight at the end of the day."""
    return bool(_END_OF_DAY.fullmatch(text.strip()))
