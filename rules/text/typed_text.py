"""What people type and paste, as it may be kept and sent: text without what is no letter and no line."""

from __future__ import annotations

import re

_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, marks that turn the direction of what follows, and marks that nobody sees, such as soft
# hyphens of web pages. Joiners stay: scripts and emojis are written with them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)


def lines(text: str) -> str:
    """Of several lines, however they were broken; halves of characters become U+FFFD."""
    return text if text.isprintable() else _UNSEEN.sub("", _BREAK.sub("\n", whole(text)))


def line(text: str) -> str:
    """Of one line: breaks and tabs are spaces."""
    return lines(text).replace("\n", " ").replace("\t", " ")


def whole(text: str) -> str:
    """Two halves of a character are put together; a half alone is U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
