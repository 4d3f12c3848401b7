"""The one place where what others wrote (mail servers, gateways) is made fit to be stored and shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MOST = 200
"""Characters that are kept of an answer."""
_LOOKED_AT = 5 * MOST
"""Nobody reads further, and no pattern takes long over it."""
_NUMBER = re.compile(r"\+?\d[\d ()/-]{5,}\d")
_AT = ("@", "＠", "﹫", "%40", "=40", "(at)", "[at]", "&#64;", "&commat;")
_HIDDEN = "…"
_SHORTEST_NAME = 3
"""Shorter parts of an address are found in half of all words."""
_NOTHING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def readable(raw: str | bytes, most: int = MOST) -> str:
    """One line of at most `most` characters that every database and terminal takes.

    Bytes are UTF-8, else what Windows in Western Europe writes. NUL, control and formatting characters go,
    whatever separates lines becomes a space.
    """
    text = _decoded(raw[: most * 10])
    return " ".join("".join(map(_plain, text)).split())[:most].rstrip()


def discreet(raw: str | bytes, names: Iterable[str] = (), most: int = MOST) -> str:
    """`readable`, without e-mail addresses and telephone numbers. `names`: addresses that were written to, or
    secrets; they are left out wherever they stand, and so is the part before an @ alone."""
    text = readable(raw, _LOOKED_AT)
    if len(text) == _LOOKED_AT:
        text = text.rpartition(" ")[0]  # the last word may be half an address
    text = " ".join(_HIDDEN if any(sign in word.lower() for sign in _AT) else word for word in text.split())
    for word in (part for name in names for part in (name, name.rpartition("@")[0])):
        if len(word) >= _SHORTEST_NAME:
            text = re.sub(re.escape(word), _HIDDEN, text, flags=re.IGNORECASE)
    return _NUMBER.sub(_HIDDEN, text)[:most].rstrip()


def _decoded(raw: str | bytes) -> str:
    """Text may hold the bytes that it was read from as half characters, as Python's own libraries do."""
    if isinstance(raw, str):
        try:
            raw = raw.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            return str(raw)  # `_plain` leaves such halves out
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.start > 0:
            return raw[: error.start].decode("utf-8")  # cut in the middle of a character
        return raw.decode("cp1252", "replace")


def _plain(char: str) -> str:
    if char.isspace() or char in "\x1c\x1d\x1e\x1f\x85\u2028\u2029":
        return " "
    category = unicodedata.category(char)
    if category == "Cc":
        return "" if char == "\x00" else " "
    return "" if category in _NOTHING else char
