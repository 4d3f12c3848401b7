"""The public holidays of the sixteen German states, computed."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

STATES = (
    "BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH",
)  # fmt: skip
"""ISO 3166-2:DE without the country. Holidays of single towns (15 August in Bavaria) are not here."""

_EVERYWHERE = ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26))
_AFTER_EASTER = (-2, 1, 39, 50)
_FIXED: dict[tuple[int, int], frozenset[str]] = {
    (1, 6): frozenset({"BW", "BY", "ST"}),
    (3, 8): frozenset({"BE", "MV"}),
    (8, 15): frozenset({"SL"}),
    (9, 20): frozenset({"TH"}),
    (10, 31): frozenset({"BB", "HB", "HH", "MV", "NI", "SH", "SN", "ST", "TH"}),
    (11, 1): frozenset({"BW", "BY", "NW", "RP", "SL"}),
}
_MOVING = {60: frozenset({"BW", "BY", "HE", "NW", "RP", "SL"}), 0: frozenset({"BB"}), 49: frozenset({"BB"})}
"""Days after Easter Sunday: Corpus Christi; Easter and Whit Sunday themselves."""

_ONCE = {"BE": frozenset({date(2025, 5, 8), date(2028, 6, 17)})}


@lru_cache(maxsize=256)
def holidays(year: int, state: str) -> frozenset[date]:
    """The holidays of a year as the laws of 2023 and later have them; none for an empty `state`."""
    if not state:
        return frozenset()
    sunday = easter(year)
    days = {date(year, month, day) for month, day in _EVERYWHERE}
    days |= {sunday + timedelta(days=after) for after in _AFTER_EASTER}
    days |= {date(year, month, day) for (month, day), where in _FIXED.items() if state in where}
    days |= {sunday + timedelta(days=after) for after, where in _MOVING.items() if state in where}
    days |= {day for day in _ONCE.get(state, ()) if day.year == year}
    if state == "SN":
        days.add(_repentance(year))
    return frozenset(days)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, after the Anonymous algorithm (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _repentance(year: int) -> date:
    """The Wednesday before 23 November."""
    day = date(year, 11, 22)
    return day - timedelta(days=(day.weekday() - 2) % 7)
