"""Telephone numbers: to E.164 from what people and carriers write, how they are shown, number blocks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType, ValidationResult

_WITHHELD = (
    "", "anonymous", "anonym", "private", "unknown", "unbekannt", "unavailable", "restricted", "withheld",
)  # fmt: skip
_ANONYMOUS = (
    "anonymous", "anonym", "anonymous caller", "anonymer anrufer", "restricted", "withheld",
)  # fmt: skip
_URI = re.compile(r"^.*?<?\b(?:sips?|tel):([^@;?>]*)(?:@[^>]*)?(.*)$", re.IGNORECASE | re.DOTALL)
_CONTEXT = re.compile(r";phone-context=(\+[\d\-.]+)", re.IGNORECASE)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_EXTENSION = re.compile(
    r"(?:;ext=|\b(?:extension|ext|durchwahl|dw|apparat|app|nebenstelle|nst)\b[.:]?|(?<=\d)\s*x)\s*\d+\s*$",
    re.IGNORECASE,
)
_DIRECT = re.compile(
    r"^(?P<stem>.*?\d)[\s,;-]*(?:\b(?:durchwahl|dw|apparat|app|nebenstelle|nst)\b)[.:]?\s*-?\s*(?P<own>\d{1,5})\s*$",
    re.IGNORECASE,
)
_LOOKED_AT = 200
"""Signs of a text: no number is longer, however it is written."""
_SHORTEST_OF_TWO = 7
"""Digits of each, where words or commas stand between two."""
_LONGEST_STEM = 8
"""Digits without zero and country code: "030 23125" is a house, "030 23125100" somebody in it."""
_BETWEEN_TWO = re.compile(r"[,;+\n]|:::|\b(?:oder|or|und|and|u|bzw)\b", re.IGNORECASE)
_LONGEST_LOCAL = 8
"""Digits of a number within a town; with its area code it is longer, or may not be told from one without."""
_LONGEST_AREA = 8
"""Digits before a stroke that can be country and area code; after more of them another number begins."""
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−/().\u00ad\u2060\u200b·]+")
LONGEST = 15
"""Digits of an international number (E.164); our tables let Germany have more."""
_DIGITS = re.compile(r"^\+?[0-9]{1,20}$")
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def to_e164(raw: str, region: str = "DE") -> str:
    """The number in E.164 ("+493023125100"), or "" when `raw` is none.

    Understands `/`, spaces, "(0)", extensions (dropped), `00`, Unicode digits, SIP and tel URIs, national
    numbers of `region` (two letters) and numbers with a bare country code, as carriers signal them.
    """
    return _to_e164(raw[:_LOOKED_AT], region)


@lru_cache(maxsize=16_384)
def _to_e164(raw: str, region: str) -> str:
    number = parsed(plain(raw), region)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if number else ""


def lacks_area(raw: str, region: str = "DE") -> bool:
    """True for a number as one writes it within one's own town ("23125110"). `to_e164` finds an area code in
    it (Dortmund's), as networks and spreadsheets leave the zero out; a person who typed it meant another."""
    text, trunk = plain(raw), phonenumbers.ndd_prefix_for_region(region, True)
    if not trunk or len(text) > _LONGEST_LOCAL or text.startswith(("+", trunk)):
        return False
    number = parsed(text, region)
    if number is None or number.country_code != phonenumbers.country_code_for_region(region):
        return False
    return phonenumbers.number_type(number) == PhoneNumberType.FIXED_LINE


def signalled(raw: str, dialled: str, region: str = "DE") -> str:
    """The same for a number as a trunk signals it. `dialled`: how it writes our number that was called.

    A trunk that writes 4930… for ours means +43 664… by 43664…, which would be somebody in Grömitz too. Only
    where ours has neither country code nor zero ("3023125100") a bare number is read at home first.
    """
    text, ours = plain(raw), plain(dialled)
    country = str(phonenumbers.country_code_for_region(region))
    at_home = ours[:1] not in {"", "+", "0"} and not ours.startswith(country)
    if text[:1] in {"", "+", "0"} or text.startswith(country) or not ours or at_home:
        return to_e164(raw, region)
    abroad = _valid("+" + text, None)
    return phonenumbers.format_number(abroad, PhoneNumberFormat.E164) if abroad else to_e164(raw, region)


def plain(raw: str) -> str:
    """ASCII digits only, led by "+" when international; "" when anything else remains (letters, `*`, `#`)."""
    text = _EXTENSION.sub("", _direct(_user_part(ascii_digits(raw))))
    if is_two(text):
        return ""
    text = _SEPARATORS.sub("", text.replace("(0)", "") if _is_international(text) else text)
    text = "+" + text[2:] if text.startswith("00") else text
    return text if _DIGITS.match(text) else ""


def is_two(text: str) -> bool:
    """ "030 23125-110/-111", "030 23125110/0171 3920042" and "030 23125110 oder 030 23125111"."""
    text = text[:_LOOKED_AT]
    parts = (re.sub(r"\D", "", part) for part in _BETWEEN_TWO.split(text))
    if sum(len(digits) >= _SHORTEST_OF_TWO for digits in parts) > 1:
        return True
    for stroke in re.finditer(r"/", text):
        before = re.sub(r"\D", "", text[: stroke.start()].replace("(0)", "")).lstrip("0")
        after = text[stroke.end() :].lstrip()
        if len(before) > _LONGEST_AREA or after.startswith(("-", "+", "/")):
            return bool(before) and bool(re.search(r"\d", after))
    return False


def _direct(text: str) -> str:
    """ "030 23125 Durchwahl 117" and "030 23125-0, DW 117" as the number that reaches that desk."""
    found = _DIRECT.match(text)
    if not found:
        return text
    stem = re.sub(r"[-\s/]0$", "", found["stem"].rstrip())
    national = re.sub(r"\D", "", re.sub(r"^\s*(?:\+|00)\d\d", "", stem.replace("(0)", ""))).lstrip("0")
    return stem + found["own"] if len(national) <= _LONGEST_STEM else text


def ascii_digits(raw: str) -> str:
    """The same text with full-width signs and all scripts' digits as ASCII, without unseen marks."""
    folded = unicodedata.normalize("NFKC", raw[:_LOOKED_AT])
    seen = (char for char in folded if unicodedata.category(char) != "Cf")
    return "".join(c if c.isascii() else _ascii_digit(c) for c in seen).strip()


def _ascii_digit(char: str) -> str:
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


def _user_part(text: str) -> str:
    """What a SIP or tel URI names, a local number with its phone-context; other text unchanged."""
    uri = _URI.match(text)
    if not uri:
        return text.partition("@")[0]
    user = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), uri[1])
    context = _CONTEXT.search(uri[2])
    return context[1] + user if context and not user.startswith("+") else user


def _is_international(text: str) -> bool:
    """Led by a country code after which "(0)" is dropped: in Italy (+39) the zero belongs to the number."""
    return text.startswith(("+", "00")) and not text.startswith(("+39", "0039"))


def parsed(text: str, region: str) -> PhoneNumber | None:
    """The number that `plain` text means in `region`; None when there is none of that shape."""
    if text.startswith("+"):
        return _possible(text, None)
    country = str(phonenumbers.country_code_for_region(region))
    if text.startswith(country) and (number := _valid("+" + text, None)):
        return number
    return _valid(text, region) or (None if text.startswith("0") else _valid("+" + text, None))


def _possible(text: str, region: str | None) -> PhoneNumber | None:
    """Of a fitting length: networks open ranges before our tables know them."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    fits = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    return number if fits and _length(number) <= LONGEST else None


def _length(number: PhoneNumber) -> int:
    """Digits with the country's."""
    return len(f"{number.country_code}{phonenumbers.national_significant_number(number)}")


def _valid(text: str, region: str | None) -> PhoneNumber | None:
    """Of a range that exists: "101" is somebody's desk phone, not a place in Germany."""
    number = _possible(text, region)
    return number if number and phonenumbers.is_valid_number(number) else None


def is_withheld(raw: str) -> bool:
    """True when the network does not tell the number: nothing at all, or a word such as "anonymous"."""
    user = _user_part(ascii_digits(raw)).strip(' "<>+').casefold()
    return user in _WITHHELD


def is_anonymous(text: str) -> bool:
    """True for a user or display name by which a network says that somebody does not want to be known."""
    return " ".join(text.strip(' "<>').casefold().split()) in _ANONYMOUS


def is_mobile(number: str) -> bool:
    """True when this E.164 number can be a mobile phone, so that an SMS makes sense."""
    known = _possible(number, None)
    return known is not None and phonenumbers.number_type(known) in _MOBILE


def digits_off(number: str) -> int:
    """How many digits an E.164 number has too many (or, below zero, too few) for the mobile number that it is
    plainly meant to be; 0 for a mobile number, and for what is none."""
    if is_mobile(number):
        return 0
    for digits in range(1, 7):
        if is_mobile(number[:-digits]):
            return digits
    return next((-digits for digits in range(1, 5) if is_mobile(number + "0" * digits)), 0)


def digits_too_many(raw: str, region: str = "DE") -> int:
    """How many digits a number has beyond the longest that there can be; 0 when that is not the trouble."""
    text = _SEPARATORS.sub("", ascii_digits(raw).replace("(0)", ""))
    if not re.fullmatch(r"\+?\d+", text):
        return 0
    return next((n for n in range(1, 20) if to_e164(text[:-n], region)), 0) if not to_e164(raw, region) else 0


def digits_too_few(raw: str, region: str = "DE") -> int:
    """How many digits are missing in what is plainly meant to be a mobile number of `region`; 0 when that is
    not the trouble. One without its country code is no number at all as long as it is too short."""
    text = _SEPARATORS.sub("", ascii_digits(raw).replace("(0)", ""))
    if not re.fullmatch(r"\+?\d+", text) or to_e164(raw, region):
        return 0
    return next((n for n in range(1, 5) if is_mobile(to_e164(text + "0" * n, region))), 0)


def international(number: str, block: str = "") -> str:
    """How an E.164 number is shown: "+49 30 23125100", with `block` "+493023125*": "+49 30 23125-100"."""
    known = _possible(number, None)
    if not known:
        return number
    shown = phonenumbers.format_number(known, PhoneNumberFormat.INTERNATIONAL)
    if not (is_block(block) and matches(block, number)):
        return shown
    rest = len(number) - len(block) + 1
    return f"{shown[:-rest]}-{shown[-rest:]}" if rest and shown[-rest - 1 :].isdigit() else shown


def national(number: str, region: str = "DE") -> str:
    """How people in `region` write an E.164 number: "030 23125100" at home, with country code abroad."""
    known = _possible(number, None)
    if not known or known.country_code != phonenumbers.country_code_for_region(region):
        return international(number)
    return phonenumbers.format_number(known, PhoneNumberFormat.NATIONAL)


def dial_digits(number: str) -> str:
    """An E.164 number as the dial plan takes it: without the plus."""
    return number.removeprefix("+")


def is_block(pattern: str) -> bool:
    """True for "+4930123*", which stands for every number that begins so."""
    return pattern.endswith("*")


def matches(pattern: str, number: str) -> bool:
    """True when the E.164 `number` is the normalised `pattern`, or lies in it when it is a block."""
    return bool(number) and (number.startswith(pattern[:-1]) if is_block(pattern) else number == pattern)


def normalise_pattern(raw: str, region: str = "DE") -> str:
    """A number or number block as it is stored: "030 / 123*" → "+4930123*"; "" when it is neither."""
    text = ascii_digits(raw)
    if not is_block(text):
        return "" if lacks_area(text, region) else to_e164(text, region)
    stem = plain(text[:-1])
    if not stem.startswith("+"):
        stem = _international_stem(stem, region)
    known = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    known_stem = len(stem) <= LONGEST and any(int(stem[1:n] or 0) in known for n in (2, 3, 4))
    return stem + "*" if known_stem else ""


def _international_stem(stem: str, region: str) -> str:
    country = str(phonenumbers.country_code_for_region(region))
    if not stem or stem.startswith(country):
        return "+" + stem
    trunk = phonenumbers.ndd_prefix_for_region(region, True) or ""
    return f"+{country}{stem.removeprefix(trunk)}" if stem.startswith(trunk) else ""
