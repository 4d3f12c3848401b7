"""Where a text stands that names somebody: in whatever spelling a database can find it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import escape
from sqlalchemy import ColumnElement, Text, cast, func, or_

_BETWEEN_DIGITS = (" ", "-", "/", "(", ")", ".")


def says_number(column: Any, spellings: Iterable[str]) -> ColumnElement[bool]:
    """The text, or JSON, has one of these numbers in it, however it is grouped."""
    text: Any = cast(column, Text)
    for sign in _BETWEEN_DIGITS:
        text = func.replace(text, sign, "")
    return or_(*(text.contains(one, autoescape=True) for one in spellings))


def says(column: Any, words: Iterable[str]) -> ColumnElement[bool]:
    """The text, or JSON, has one of these words in it; none: it has not."""
    text: Any = cast(column, Text)
    return or_(False, *(text.contains(one, autoescape=True) for one in words))


def as_in_html(words: Iterable[str]) -> list[str]:
    """Words, and as they stand in a page."""
    return list(dict.fromkeys(form for one in words for form in (one, str(escape(one)))))


def without(text: str, words: Iterable[str], instead: str) -> str:
    """`text` with `instead` for each of these words, the longest first."""
    for one in sorted(as_in_html(words), key=len, reverse=True):
        text = text.replace(one, instead)
    return text
