"""Words that somebody looks for, in any case, in texts of the database."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, or_, true

_NUMBER = re.compile(r"[\d\s()/+.-]*\d[\d\s()/+.-]*")
MOST = 10
"""Words of one search; the others narrow nothing down."""


def spellings(word: str) -> tuple[str, ...]:
    """SQLite's `lower` knows ASCII only, so any other word comes in three."""
    if word.isascii():
        return (word,)
    return tuple(dict.fromkeys((word, word.lower(), word.upper(), word.capitalize())))


def has_words(texts: Iterable[ColumnElement[str]], words: str) -> ColumnElement[bool]:
    """Each of the words is part of one of these texts."""
    columns = list(texts)
    each = (
        or_(*(text.icontains(spelt, autoescape=True) for text in columns for spelt in spellings(word)))
        for word in words.split()[:MOST]
    )
    return and_(true(), *each)


def number_in(words: str) -> str:
    """Digits of a part of a number, however it is written; "" for words that are no number."""
    return re.sub(r"\D", "", words).lstrip("0") if _NUMBER.fullmatch(words) else ""
