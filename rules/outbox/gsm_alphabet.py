"""The alphabet of SMS: 160 characters of it fit into one, 70 of any other; so all that can is said in it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
"""These cost two."""

_QUOTES = dict.fromkeys("„“”‟«»″「」", '"') | dict.fromkeys("‚‘’‛‹›´`ˈʼʹʻ′", "'")
_DASHES = dict.fromkeys("–—―‐‑‒−•‣¬", "-") | dict.fromkeys("⁄∕", "/")
_SIGNS = _QUOTES | _DASHES | {
    "·": ".", "∙": ".", "…": "...", "°": " Grad ", "º": "o", "ª": "a", "©": "(c)", "®": "(R)", "™": "(TM)",
    "№": "Nr.", "×": "x", "÷": ":", "±": "+/-", "≈": "ca. ", "≤": "<=", "≥": ">=", "≠": "<>", "→": "->",
    "⇒": "->", "←": "<-", "¦": "|", "‰": " Promille", "¢": "ct", "₺": "TRY", "₽": "RUB", "₹": "INR",
    "₴": "UAH", "₩": "KRW", "₪": "ILS", "₫": "VND", "₿": "BTC", "،": ",", "؛": ";", "؟": "?", "。": ".",
    "、": ",", "\f": " ",
}  # fmt: skip
_LETTERS = {
    "ẞ": "SS", "ı": "i", "Œ": "OE", "œ": "oe", "Ĳ": "IJ", "ĳ": "ij", "Þ": "Th", "þ": "th", "Ð": "D", "ð": "d",
    "Ŋ": "Ng", "ŋ": "ng", "ĸ": "k", "ſ": "s", "Ə": "E", "ə": "e", "Ɛ": "E", "ɛ": "e", "Ɔ": "O", "ɔ": "o",
    "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "Ŧ": "T", "ŧ": "t", "Ә": "A", "ә": "a",
    "Ө": "O", "ө": "o", "Ү": "U", "ү": "u", "Ұ": "U", "ұ": "u", "һ": "h",
}  # fmt: skip
_GREEK = dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True)) | {
    "θ": "th", "χ": "ch", "ψ": "ps",
}  # fmt: skip
_CYRILLIC = dict(zip("абвгдезийклмнопрстуфцыэіґ", "abwgdesijklmnoprstufzyeig", strict=True)) | {
    "ё": "jo", "ж": "sch", "х": "ch", "ч": "tsch", "ш": "sch", "щ": "schtsch", "ъ": "", "ь": "", "ю": "ju",
    "я": "ja", "ї": "ji", "є": "je", "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz",
}  # fmt: skip
_OTHERS = _GREEK | _CYRILLIC
_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "COPTIC", "GLAGOLITIC", "MODIFIER", "SCRIPT", "TURNED")
_LATIN = re.compile(r"LATIN (SMALL|CAPITAL) LETTER (?:[A-Z]+ )?([A-Z])(?: WITH .*)?$")


def fits_gsm7(text: str) -> bool:
    """True when every character is in the GSM 7-bit alphabet or its extension (3GPP TS 23.038)."""
    return all(char in BASIC or char in EXTENDED for char in text)


def in_gsm7(text: str) -> str:
    """The text on one line, in the alphabet of SMS as far as it has a counterpart: "Gómez" → "Gomez".

    Signs become plain ones, Greek and Cyrillic Latin letters; emoji and what nobody sees are left out.
    Letters of other scripts stay: leaving them out would take the meaning away.
    """
    found: list[str] = []
    for char in unicodedata.normalize("NFC", text):
        if unicodedata.category(char).startswith("M"):  # of a letter that stayed, or of one that has changed
            found.append(char if found and found[-1][-1:] and not fits_gsm7(found[-1]) else "")
        else:
            found.append(_counterpart(char))
    return " ".join("".join(found).split())


def only_gsm7(text: str, instead: str = "") -> str:
    """`in_gsm7`, and what has no counterpart is `instead`, once for each run of it."""
    parts: list[str] = []
    for char in in_gsm7(text):
        known = fits_gsm7(char)
        if known or not parts or parts[-1] != instead:
            parts.append(char if known else instead)
    return " ".join("".join(parts).split())


@lru_cache(maxsize=4096)
def _counterpart(char: str) -> str:
    """What stands for this character; itself when nothing does."""
    if char in _SIGNS:
        return _SIGNS[char]
    if char.isspace():
        return " "
    if fits_gsm7(char):
        return char
    category = unicodedata.category(char)
    if category[0] == "C" or category in {"So", "Sk"}:
        return _decomposed(char) if category == "So" else ""
    if category[0] == "L":
        return _letter(char)
    return _decomposed(char) or _sign(char, category)


def _letter(char: str) -> str:
    """In Latin, for Greek and Cyrillic too; "?" for the rarest, as one sign must not halve the room."""
    name = unicodedata.name(char, "")
    latin = _LETTERS.get(char, _OTHERS.get(char.lower()))
    if latin is not None:
        return latin if char in _LETTERS or char == char.lower() else latin.capitalize()
    if named := _LATIN.match(name):
        return named[2].lower() if named[1] == "SMALL" else named[2]
    if plain := _decomposed(char):
        return plain
    base, extra, _ = name.partition(" WITH ")
    if extra and name.startswith(_SCRIPTS):
        return _counterpart(unicodedata.lookup(base)) if _is_name(base) else "?"
    return "?" if name.startswith(_SCRIPTS) else char


def _is_name(name: str) -> bool:
    try:
        return bool(unicodedata.lookup(name))
    except KeyError:
        return False


def _decomposed(char: str) -> str:
    """Without its accents, or as the simpler characters that it is made of; "" when that does not help."""
    parts = [part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part)]
    if parts == [char]:
        return ""
    plain = "".join(_counterpart(part) for part in parts)
    return plain if fits_gsm7(plain) else ""


def _sign(char: str, category: str) -> str:
    """Digits of all scripts and the likes of brackets; other signs are left out."""
    number = unicodedata.numeric(char, None)
    if number is not None:
        return f"{number:g}"
    return {"Pd": "-", "Pi": '"', "Pf": '"', "Ps": "(", "Pe": ")"}.get(category, "")
