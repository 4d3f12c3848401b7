"""Words that somebody looks for, in any case, in texts of the database."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, func, or_, true

_NUMBER = re.compile(r"[\d\s()/+.-]*\d[\d\s()/+.-]*")
MOST = 10
"""Words of one search; the others narrow nothing down."""


def spellings(word: str) -> tuple[str, ...]:
    """SQLite's `lower` knows ASCII only, so any other word comes in all ways in which names are written."""
    if word.isascii():
        return (word,)
    return tuple(dict.fromkeys((word, word.lower(), word.upper(), word.capitalize(), word.title())))


def has_words(texts: Iterable[ColumnElement[str]], words: str) -> ColumnElement[bool]:
    """Each of the words is part of one of these texts."""
    columns = list(texts)
    return and_(true(), *(has_word(columns, word) for word in words.split()[:MOST]))


def has_word(texts: Iterable[ColumnElement[str]], word: str) -> ColumnElement[bool]:
    """It is part of one of these texts."""
    found = (text.icontains(spelt, autoescape=True) for text in texts for spelt in spellings(word))
    return or_(false(), *found)


def number_in(words: str) -> str:
    """Digits of a part of a number, however it is written; "" for words that are no number."""
    return re.sub(r"\D", "", words).lstrip("0") if _NUMBER.fullmatch(words) else ""


def is_text(text: ColumnElement[str], other: str) -> ColumnElement[bool]:
    """Both are the same but for the case of their letters."""
    forms = {other, other.lower(), other.upper(), other.title(), other.capitalize()}
    return func.lower(text).in_(sorted({other.lower(), *(form.translate(_ASCII) for form in forms)}))


_ASCII = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
"""As SQLite's `lower` does."""
