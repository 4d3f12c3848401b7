"""Where a text stands that names somebody: in whatever spelling a database can find it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import escape
from sqlalchemy import ColumnElement, Text, cast, func, or_

from pbx_bridge.storage.db.words import spellings

_BETWEEN_DIGITS = (" ", "-", "/", "(", ")", ".")


def says_number(column: Any, spellings: Iterable[str]) -> ColumnElement[bool]:
    """The text, or JSON, has one of these numbers in it, however it is grouped."""
    text: Any = cast(column, Text)
    for sign in _BETWEEN_DIGITS:
        text = func.replace(text, sign, "")
    return or_(*(text.contains(one, autoescape=True) for one in spellings))


def says(column: Any, words: Iterable[str]) -> ColumnElement[bool]:
    """The text, or JSON, has one of these words in it, in any case; none: it has not."""
    text: Any = cast(column, Text)
    return or_(False, *(text.icontains(one, autoescape=True) for one in _as_stored(words)))


def _as_stored(words: Iterable[str]) -> list[str]:
    """In each case that a database does not see through, and as JSON that is written in ASCII has them."""
    spelt = _spelt(words)
    return list(dict.fromkeys((*spelt, *(json.dumps(one)[1:-1] for one in spelt))))


def _spelt(words: Iterable[str]) -> list[str]:
    return [
        form for one in words for form in ((one,) if one.isascii() else (*spellings(one), *_shouted(one)))
    ]


def is_one_of(column: Any, words: Sequence[str]) -> ColumnElement[bool]:
    """The text is one of these words, in any case."""
    lower = {one.lower() for one in words}
    return or_(column.in_(words), func.lower(column).in_(lower))


def _shouted(word: str) -> tuple[str, str]:
    """In capitals, where ß is SS, or stays."""
    return word.upper(), "ß".join(part.upper() for part in word.split("ß"))


def as_in_html(words: Iterable[str]) -> list[str]:
    """Words, and as they stand in a page."""
    return list(dict.fromkeys(form for one in words for form in (one, str(escape(one)))))


def without(text: str, words: Iterable[str], instead: str) -> str:
    """`text` with `instead` for each of these words, in any case, the longest first."""
    forms = sorted(filter(None, as_in_html(_spelt(words))), key=len, reverse=True)
    if not forms:
        return text
    return re.sub("|".join(map(re.escape, forms)), lambda _: instead, text, flags=re.IGNORECASE)
