"""What a Content-Type says, read strictly: the one charset is UTF-8.

Some of Python's codecs take quadratic time, some unpack, and none is needed: every browser sends UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 300
LONGEST_BOUNDARY = 70  # RFC 2046, 5.1.1
UTF_8 = frozenset({"utf-8", "utf8"})

_WORD = r"[!#$%&'+.^_`|~0-9A-Za-z-]+"
_KIND = re.compile(rf"[ \t]*({_WORD}/{_WORD})[ \t]*")
_VALUE = re.compile(rf"[ \t]*({_WORD})[ \t]*")
_PARAMETER = re.compile(rf';[ \t]*(?:({_WORD}\*?)=(?:({_WORD})|"((?:[^"\\]|\\.)*)")[ \t]*)?')
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Media:
    """`kind` in lower case, such as "multipart/form-data"; "" where nothing was said."""

    kind: str = ""
    boundary: bytes = b""


def media(headers: Sequence[str]) -> Media | None:
    """What the Content-Type headers say; None where we cannot, or do not want to, read such a body."""
    if not headers:
        return Media()
    if len(headers) > 1 or len(headers[0]) > LONGEST or not headers[0].isascii():
        return None
    parsed = parameters(headers[0], kind=True)
    if parsed is None:
        return None
    kind, given = parsed
    if any("*" in name for name in given) or given.get("charset", "utf-8").lower() not in UTF_8:
        return None
    boundary = given.get("boundary", "").encode()
    return Media(kind, boundary) if len(boundary) <= LONGEST_BOUNDARY else None


def parameters(text: str, *, kind: bool = False) -> tuple[str, dict[str, str]] | None:
    """The value of a header and its parameters, names in lower case; None for what is not written like that,
    or says one thing twice. `kind`: the value has two parts, as text/plain."""
    begin = (_KIND if kind else _VALUE).match(text)
    if begin is None:
        return None
    found: dict[str, str] = {}
    place = begin.end()
    while place < len(text):
        one = _PARAMETER.match(text, place)
        if one is None:
            return None
        name, bare, quoted = one.groups()
        if name:
            if name.lower() in found:
                return None
            found[name.lower()] = bare if bare is not None else _ESCAPED.sub(r"\1", quoted)
        place = one.end()
    return begin[1].lower(), found
