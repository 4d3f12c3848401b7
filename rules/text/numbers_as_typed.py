"""What stands around a telephone number that somebody typed, or lacks in it, to say what is wrong."""

from __future__ import annotations

import re

from rules.text.phone_numbers import ascii_digits, normalise_pattern

_DIGIT = re.compile(r"[\d*]")
_LETTER = re.compile(r"[^\W\d_]")
_OPEN = re.compile(r"[\s\-‐‑‒–—―−/]*[\-‐‑‒–—―−/]\s*")


def words_beside(raw: str, region: str = "DE") -> str:
    """The words beside what is a number or a block without them: "Tel." of "Tel. 0171 3920077"; "" for
    none."""
    text = ascii_digits(raw)
    digits = [found.start() for found in _DIGIT.finditer(text)]
    if not digits:
        return ""
    begins, ends = digits[0], digits[-1] + 1
    while begins and text[begins - 1] in "+( ":
        begins -= 1
    words = [part.strip() for part in (text[:begins], text[ends:]) if _LETTER.search(part)]
    return " ".join(words) if words and normalise_pattern(text[begins:ends], region) else ""


def open_stem(raw: str) -> str:
    """What stands before a dash or stroke at the end, behind which the direct line is missing: "030 23125" of
    "030 23125-"; "" where there is none."""
    text = ascii_digits(raw)
    digits = [found.start() for found in _DIGIT.finditer(text)]
    ends = digits[-1] + 1 if digits else 0
    return text[:ends] if ends and _OPEN.fullmatch(text[ends:]) else ""
