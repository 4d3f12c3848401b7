"""Numbers for the house's pool as somebody pastes them, single ones, lists and ranges: E.164, or what is
wrong."""

from __future__ import annotations

import re

from rules.fault import Fault
from rules.stepwise import Steps
from rules.text.phone_numbers import ascii_digits, lacks_area, to_e164

MOST = 1_000
"""Numbers at once: three digits of a block. Who has more pastes them in turn."""
LONGEST = 60_000
"""Signs of the whole text."""
_SHOWN = 60
"""Signs of an entry that a fault repeats."""
_ENTRIES = re.compile(r"[\n\t;,]+")
_RANGE = re.compile(r"\.{2,5}|…|(?<![a-z])(?:bis|to|until)(?![a-z])", re.IGNORECASE)
_DASH = re.compile(r"\s[-–—]\s")


def read_lines(text: str, region: str = "DE") -> Steps[tuple[str, ...] | Fault]:
    """Each number once, in the order of the text. An entry stands in a line of its own or behind a comma: a
    number, or a range as "030 23125 100 bis 199". `region` (two letters): of national numbers.

    Faults of `numbers`, the first one: required, too_long, lines_many, lines_unreadable, lines_dash (a hyphen
    that may mean a range), lines_backwards.
    """
    if len(text) > LONGEST:
        return Fault("numbers", "too_long", {"length": str(len(text)), "max": str(LONGEST)})
    found: dict[str, None] = {}
    for typed in _ENTRIES.split(text):
        yield
        entry = typed.strip()
        if not entry:
            continue
        read = _read(entry, region)
        if isinstance(read, str):
            return Fault("numbers", read, {"entry": entry[:_SHOWN], "max": str(MOST)})
        found |= dict.fromkeys(read)
        if len(found) > MOST:
            return Fault("numbers", "lines_many", {"entry": entry[:_SHOWN], "max": str(MOST)})
    return tuple(found) or Fault("numbers", "required")


def _read(entry: str, region: str) -> tuple[str, ...] | str:
    """The numbers that it means, or the code of what is wrong."""
    begin, *rest = _RANGE.split(entry, maxsplit=2)
    if not rest:
        before = _DASH.split(entry, maxsplit=1)[0]
        if before != entry and to_e164(before, region):
            return "lines_dash"
        number = _number(entry, region)
        return (number,) if number else "lines_unreadable"
    first = _number(begin, region)
    last = _last(first, rest[0], region) if len(rest) == 1 and first else ""
    if not last:
        return "lines_unreadable"
    low, high = int(first[1:]), int(last[1:])
    if low > high:
        return "lines_backwards"
    return "lines_many" if high - low >= MOST else tuple(f"+{n}" for n in range(low, high + 1))


def _number(text: str, region: str) -> str:
    """What has no area code would be read as a number of another town."""
    return "" if lacks_area(text, region) else to_e164(text, region)


def _last(first: str, text: str, region: str) -> str:
    """The end of a range: a whole number of the same length, or its last digits."""
    whole, digits = to_e164(text, region), re.sub(r"\D", "", ascii_digits(text))
    if len(whole) == len(first):
        return whole
    return first[: -len(digits)] + digits if 0 < len(digits) < len(first) - 1 else ""
