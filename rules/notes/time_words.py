"""How people say a day or a time, in the few forms that `rules.notes.callback_time` reads."""

from __future__ import annotations

import re

from rules.text.phone_numbers import ascii_digits

_ONES = (
    "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf",
    "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn", "zwanzig",
)  # fmt: skip
_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = (
    {word: n for n, word in enumerate(_ONES, 1)}
    | {word: n for n, word in enumerate(_ENGLISH, 1)}
    | {"zwo": 2, "fuenf": 5, "zwoelf": 12}
)
_NUMBER = re.compile(rf"\b(?:{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})\b")

_WEEKDAYS = "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag"
_COMPOUND = re.compile(rf"\b({_WEEKDAYS})(s?)(vormittag|nachmittag|mittag|abend|morgen|früh)(s?)\b")

_TIME = r"\d{1,2}(?:[:.]?\d\d)?"
_RANGE = re.compile(
    rf"(?<!\d-)\b(?:(?:zwischen|von|between|from)\s+)?{_TIME}\s*(?:uhr)?\s*(?:-|–|bis|und|and|to)\s*"
    rf"(?={_TIME}\s*(?:uhr|h\b|[ap]\.?m)|{_TIME}\s*$)"
)
"""The beginning of "14 bis 16 Uhr": what counts is the end."""

_TO_THE_HOUR = (
    (re.compile(r"\b(?P<n>\d{1,2})\s*(?:min(?:uten)?\.?)?\s*vor\s+halb\s+(?P<h>\d{1,2})\b"), -30, -1),
    (re.compile(r"\b(?P<n>\d{1,2})\s*(?:min(?:uten)?\.?)?\s*nach\s+halb\s+(?P<h>\d{1,2})\b"), -30, 1),
    (re.compile(r"\bhalb\s+(?P<h>\d{1,2})\b"), -30, 0),
    (re.compile(r"\bdreiviertel\s+(?P<h>\d{1,2})\b"), -15, 0),
    (re.compile(r"\bviertel\s+(?P<h>\d{1,2})\b"), -45, 0),
    (re.compile(r"\bviertel\s+vor\s+(?P<h>\d{1,2})\b"), -15, 0),
    (re.compile(r"\bviertel\s+nach\s+(?P<h>\d{1,2})\b"), 15, 0),
    (re.compile(r"\bhalf\s+past\s+(?P<h>\d{1,2})\b"), 30, 0),
    (re.compile(r"\bquarter\s+(?:past|after)\s+(?P<h>\d{1,2})\b"), 15, 0),
    (re.compile(r"\bquarter\s+(?:to|before)\s+(?P<h>\d{1,2})\b"), -15, 0),
    (re.compile(r"\b(?P<n>\d{1,2})\s*(?:min(?:ute[ns]?)?\.?)?\s*(?:nach|past)\s+(?P<h>\d{1,2})\b"), 0, 1),
    (re.compile(r"\b(?P<n>5|10|20|25)\s*(?:min(?:ute[ns]?)?\.?)?\s*(?:vor|to)\s+(?P<h>\d{1,2})\b"), 0, -1),
)
"""Minutes to add to the hour, and the sign of the minutes that are named."""

_SMALL = (
    (re.compile(r"\bein(?=\s+uhr\b)"), "1"),
    (re.compile(r"\b(?:anderthalb|eineinhalb)\b"), "1,5"),
    (re.compile(r"\b(?:einer\s+|einem\s+)?viertelstunde\b"), "0,25 stunden"),
    (re.compile(r"\b(?:einer\s+)?dreiviertelstunde\b"), "0,75 stunden"),
    (re.compile(r"\b(?:eine[rn]?\s+|ner\s+)?halbe[nr]?\s+(?:stunde|std)\b"), "0,5 stunden"),
    (re.compile(r"\bhalf\s+an\s+hour\b"), "0,5 hours"),
    (re.compile(r"\b(?:a\s+)?quarter\s+of\s+an\s+hour\b"), "0,25 hours"),
    (re.compile(r"\b(?:a\s+)?fortnight\b"), "2 weeks"),
    (re.compile(r"\bheut\b"), "heute"),
    (re.compile(r"\btonight\b"), "heute abend"),
    (re.compile(r"\bthe day after tomorrow\b|\bday after tomorrow\b"), "übermorgen"),
    (re.compile(r"\bthis (?=morning|afternoon|evening)"), "heute "),
    (re.compile(r"\b(?:end of (?:the )?day|close of business|eod|cob|feierabend|büroschluss)\b"), "heute"),
    (re.compile(r"\bmidday\b"), "noon"),
    (re.compile(r"\b(?:mitternacht|midnight)\b"), "24 uhr"),
    (re.compile(r"\bsonnabend\b"), "samstag"),
)

EARLIEST = re.compile(r"\b(?:ab|nach|frühestens|erst|nicht vor|not before|earliest|from|after)\b")
"""A beginning: "ab 14 Uhr" is not "bis 14 Uhr"."""

FILLERS = re.compile(
    r"\b(?:so(?=\s+(?:gegen|um|ca|circa|etwa|ungefähr|bis|in)\b)|bis|um|gegen|ca|circa|etwa|ungefähr|gg"
    r"|(?<!\d )am|den|dem|der|zum|zu|spätestens|allerspätestens|noch|im laufe|by|at|on|until|till|before|vor"
    r"|the|around|about|latest|no later than|bitte|rückruf|rr|ruft|rufen|rufe|zurück|zurückrufen|please"
    r"|calls?|back|wieder an)\b[.:]?"
)


def plainly(text: str) -> str:
    """The words typed, in small letters, with digits for numbers: "Viertel nach vier" → "4:15"."""
    halves = re.sub(r"(\d)\s*½", r"\1,5", text).replace("½", "0,5")
    said = " ".join(ascii_digits(halves).casefold().split())
    said = _COMPOUND.sub(r"\1 \3", said)
    for pattern, words in _SMALL:
        said = pattern.sub(words, said)
    said = _NUMBER.sub(lambda match: str(_NUMBERS[match[0]]), said)
    for pattern, minutes, sign in _TO_THE_HOUR:
        said = pattern.sub(lambda match, m=minutes, s=sign: _clock(match, m, s), said)  # type: ignore[misc]
    return _RANGE.sub("", said)


def _clock(match: re.Match[str], minutes: int, sign: int) -> str:
    named = match.groupdict().get("n")
    whole = int(match["h"]) * 60 + minutes + sign * int(named or 0)
    return f"{whole // 60 % 24}:{whole % 60:02}" if int(match["h"]) <= 24 else match[0]
