"""Which numbers may be dialled; the dial plan holds the same wall once more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from rules.decision import Allowed, Refused
from rules.text.phone_numbers import ascii_digits, lacks_area, parsed, plain, to_e164


@dataclass(frozen=True, slots=True)
class DialRules:
    """Numbers of these `countries` (two letters) and `kinds` ("geographic", "mobile", "voip") may be dialled.

    `region` reads national numbers. `internal`: a pattern for internal extensions ("[1-8][0-9]{1,3}"),
    empty where none may be dialled.
    """

    countries: tuple[str, ...] = ("DE",)
    region: str = "DE"
    kinds: tuple[str, ...] = ("geographic", "mobile")
    internal: str = ""


class DialRefusal(StrEnum):
    """Why a number is not dialled."""

    UNREADABLE = "unreadable"
    SERVICE_CODE = "service_code"
    EMERGENCY = "emergency"
    SHORT = "short"
    INTERNAL = "internal"
    PREMIUM = "premium"
    SATELLITE = "satellite"
    COUNTRY = "country"
    KIND = "kind"


LONGEST_INTERNAL = 5
"""Digits of an internal extension; the dial plan knows this limit too."""

_SATELLITE = frozenset({870, 878, 881, 882, 883, 888, 979})
_EMERGENCY = frozenset({"110", "112", "113", "115", "116117", "19222", "911", "999"})
_PREMIUM_GERMAN = ("900", "137", "138", "180", "181", "190", "118", "10", "12", "19")
_PREMIUM_KINDS = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})
_KINDS = {
    PhoneNumberType.FIXED_LINE: {"geographic"},
    PhoneNumberType.MOBILE: {"mobile"},
    PhoneNumberType.FIXED_LINE_OR_MOBILE: {"geographic", "mobile"},
    PhoneNumberType.VOIP: {"voip"},
}
_KINDS_GERMAN = {"31": set[str](), "32": {"voip"}, "116": set[str]()}
"""Not bound to a place, although phonenumbers takes them for fixed lines."""


@lru_cache(maxsize=65_536)
def may_dial(number: str, allowed: DialRules) -> Allowed | Refused:
    """May the service ring this number, as typed or in E.164? `Refused.code` is a `DialRefusal`."""
    if any(sign in ascii_digits(number) for sign in "*#"):
        return Refused(DialRefusal.SERVICE_CODE)
    text = plain(number)
    if not text:
        return Refused(DialRefusal.UNREADABLE)
    if _looks_internal(text) and allowed.internal and text not in _EMERGENCY:
        return Allowed() if re.fullmatch(allowed.internal, text) else Refused(DialRefusal.INTERNAL)
    # A bare 49… may be meant with its country code or without: then the stricter reading holds.
    bare = text.startswith(str(_country_of(allowed.region)))
    never = _never(text, allowed.region) or (_never("+" + text, allowed.region) if bare else None)
    refusal = never or _not_ours(text, allowed)
    return Refused(refusal) if refusal else Allowed()


def to_dial(number: str, allowed: DialRules) -> str:
    """What is dialled for a number as typed: an internal extension's digits, else E.164; "" for neither."""
    text = plain(number)
    return text if allowed.internal and _looks_internal(text) else to_e164(number, allowed.region)


def _looks_internal(text: str) -> bool:
    """Too short for anything that a network knows. A leading 0 gets an outside line on most PBXs."""
    return 2 <= len(text) <= LONGEST_INTERNAL and not text.startswith(("+", "0", "118"))


def _never(text: str, region: str) -> DialRefusal | None:
    """What no list of countries can open, told by the digits alone: no table calls such numbers valid."""
    country, home = _split(text, region)
    if country in _SATELLITE:
        return DialRefusal.SATELLITE
    if home in _EMERGENCY or text in _EMERGENCY:
        return DialRefusal.EMERGENCY
    if len(text) <= LONGEST_INTERNAL and not text.startswith(("+", "0", "118")):
        return DialRefusal.SHORT
    if country == 49 and home.startswith(_PREMIUM_GERMAN):
        return DialRefusal.PREMIUM
    return DialRefusal.SHORT if len(home) < 6 else None


def _split(text: str, region: str) -> tuple[int, str]:
    """Country code (0 when it is none that exists), and the digits after it and after the national prefix."""
    if text.startswith("+"):
        known = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
        length = next((n for n in (1, 2, 3) if int(text[1 : n + 1] or 0) in known), 0)
        return int(text[1 : length + 1] or 0), text[length + 1 :].lstrip("0")
    return _country_of(region), text.lstrip("0")


def _country_of(region: str) -> int:
    return phonenumbers.country_code_for_region(region)


def _not_ours(text: str, allowed: DialRules) -> DialRefusal | None:
    """What the list of countries and the kind of number say about a number that has an ordinary shape."""
    number = parsed(text, allowed.region)
    if not number or lacks_area(text, allowed.region):
        return DialRefusal.UNREADABLE
    kind = phonenumbers.number_type(number)
    if kind in _PREMIUM_KINDS:
        return DialRefusal.PREMIUM
    country = phonenumbers.region_code_for_number(number)
    if country not in allowed.countries and not _of(number, allowed.countries):
        return DialRefusal.COUNTRY
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return _never(e164, allowed.region) if _kinds(e164, kind) & set(allowed.kinds) else DialRefusal.KIND


def _kinds(e164: str, kind: int) -> set[str]:
    german = (kinds for prefix, kinds in _KINDS_GERMAN.items() if e164.startswith("+49" + prefix))
    return next(german, _KINDS.get(kind, set()))


def _of(number: PhoneNumber, countries: tuple[str, ...]) -> bool:
    """True for no known range of a listed country: then not the country is what is wrong with the number."""
    unknown = phonenumbers.number_type(number) == PhoneNumberType.UNKNOWN
    return unknown and phonenumbers.region_code_for_country_code(number.country_code or 0) in countries
