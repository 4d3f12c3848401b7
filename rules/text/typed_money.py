"""Euros as people type them: "0,10", "12,50 €", "1.250,00", "10 ct"; exact millionths, and no float."""

from __future__ import annotations

import re
import unicodedata

from rules.fault import Fault

MICROS = 1_000_000
"""Of a euro."""
LONGEST = 40
"""Letters; no amount needs more."""
_PLACES = 6
_CENTS = re.compile(r"(.*[0-9].*?) ?(?:ct|cents?)\.?")
_EUROS = re.compile(r"(?:(?:€|euro?) ?)?(.*?)(?: ?(?:€|euros?|eur))?")
_NO_CENTS = re.compile(r"(.*)[,.]-{1,2}")
_PLAIN = re.compile(r"([0-9]+)(?:([.,])([0-9]{1,6}))?|([.,])([0-9]{1,6})")
_GROUPED = re.compile(r"([0-9]{1,3}(?:([., '])[0-9]{3})(?:\2[0-9]{3})*)(?:(?!\2)[.,]([0-9]{1,6}))?")


def read_money(field: str, text: str) -> int | Fault:
    """Millionths of a euro; an empty text is 0, a minus may stand before or behind the sign of the euro.

    Faults: `money_unreadable`, and `money_unclear` where three places may be thousands as well.
    """
    said = " ".join(unicodedata.normalize("NFKC", text[: LONGEST + 1]).casefold().split())
    if not said:
        return 0
    if len(text.strip()) > LONGEST:
        return Fault(field, "money_unreadable")
    said = said.translate({0x2212: "-", 0x2013: "-", 0x2014: "-", 0x2019: "'"})
    minus = said.startswith("-")
    if in_cents := _CENTS.fullmatch(said):
        body, share = in_cents[1], 100
    else:
        euros = _EUROS.fullmatch(said.removeprefix("-").lstrip())
        body, share = (euros[1] if euros else said), 1
    if share == 100 or (not minus and body.startswith("-")):
        minus, body = minus or body.startswith("-"), body.removeprefix("-").lstrip()
    return _signed(field, body, minus, share)


def _signed(field: str, body: str, minus: bool, share: int) -> int | Fault:
    """`share`: how many of them are a euro."""
    without = _NO_CENTS.fullmatch(body)
    digits = _digits(without[1] if without else body)
    if digits is None:
        return Fault(field, "money_unreadable")
    whole, point, rest = digits
    if point and len(rest) == 3 and len(whole) <= 3 and not whole.startswith("0"):
        return Fault(field, "money_unclear", {"whole": f"{whole}{rest}", "exact": f"{whole}{point}{rest}0"})
    micros = int(whole) * MICROS + int(rest.ljust(_PLACES, "0"))
    if micros % share:
        return Fault(field, "money_unreadable")
    return -(micros // share) if minus else micros // share


def _digits(body: str) -> tuple[str, str, str] | None:
    """Before the point, the point where it may be one of thousands, and behind it."""
    if plain := _PLAIN.fullmatch(body):
        return plain[1] or "0", plain[2] or "", plain[3] or plain[5] or ""
    if grouped := _GROUPED.fullmatch(body):
        return re.sub("[^0-9]", "", grouped[1]), "", grouped[3] or ""
    return None


def written_money(micros: int, point: str) -> str:
    """As `read_money` reads it again, with this decimal point: "0,10", "1,2505", "1,1250"."""
    whole, rest = divmod(abs(micros), MICROS)
    places = f"{rest:06}".rstrip("0").ljust(2, "0")
    if len(places) == 3 and whole:
        places += "0"  # three places might be thousands
    return f"{'-' if micros < 0 else ''}{whole}{point}{places}"
