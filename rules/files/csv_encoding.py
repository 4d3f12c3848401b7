"""In which encoding a file was written that does not say so: the one in which its words look like words."""

from __future__ import annotations

import re
from itertools import islice

MOST_LOOKED_AT = 5_000
"""Letters that are no ASCII: what they say in all is clear by then."""

_HIGH = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(r"[\w£¥¤¦¬¢×]+")
_STRANGE = re.compile(r"[^\x00-\x7f]{4}|[ðÐþÞ]|[^\W\d_][£¥¤¦¬¢×]|[£¥¤¦¬¢×][^\W\d_]")
"""In a word: four letters in a row that English has not, a letter that is a Turkish one
elsewhere, or a sign that stands in no word."""
_UMLAUTS = frozenset("äöüÄÖÜß")
_OTHERS = frozenset("éèêëáàâåçñóòôøíìîïúùûÿœæãõšžÉÈÊÇÅØÑŠŽÁÓÚÍ")
_SIGNS = frozenset("\u00a0€„“”‚‘’–—…§°·«»")
_EITHER = frozenset(b"\x8a\x8e\x9a\x9e")
"""Š Ž š ž on Windows, ä é ö û on a Mac: neither looks wrong."""


def decoded(data: bytes) -> str | None:
    """The text of bytes that are no UTF-8; None: it could be one thing or another."""
    high = set(data.translate(None, bytes(range(0x80))))
    old_mac = b"\r" in data and b"\n" not in data
    if not old_mac and high and high <= _EITHER:
        return None
    found: list[tuple[int, int, str]] = []
    for rank, encoding in enumerate(
        ("mac_roman", "cp1252", "cp850") if old_mac else ("cp1252", "mac_roman", "cp850")
    ):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        found.append((_likely(text), -rank, text))
    best = max(found)
    return best[2] if best[0] >= 0 and not _is_foreign(best[2]) else None


def _is_foreign(text: str) -> bool:
    """True for other alphabets that look like ours, letter by letter: "Èâàí" was "Иван", "úukasz úo£" was
    "Łukasz Łoś"."""
    looked_at = [found.group() for found in islice(_WORD.finditer(text), MOST_LOOKED_AT)]
    high = [word for word in looked_at if not word.isascii()]
    odd = sum(bool(_STRANGE.search(word)) for word in high)
    return odd * 3 > len(high)


def _likely(text: str) -> int:
    """How much a text looks like one."""
    score = 0
    for found in islice(_HIGH.finditer(text), MOST_LOOKED_AT):
        at, char = found.start(), found.group()
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if char in _UMLAUTS or char in _OTHERS:
            score += 3 if char in _UMLAUTS else 1
            score -= 5 if char.isupper() and before.islower() else 0
        elif char not in _SIGNS or (before.isalpha() and after.isalpha() and char not in "’‘·"):
            score -= 3
    return score
