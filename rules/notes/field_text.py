"""What somebody answered to a company's own question, as people read it: one form for all faces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.model import FieldKind, NoteField
from rules.notes.note_fields import read_date, read_number, read_yes_no
from rules.text.phone_numbers import international


@dataclass(frozen=True, slots=True)
class Writing:
    """How a language writes answers that are no text; `web.i18n.writing` has the one of a reader."""

    yes: str
    no: str
    date: Callable[[date], str]
    number: Callable[[Decimal], str]


def shown(kind: FieldKind | None, stored: str, writing: Writing) -> str:
    """`stored` (see `Valid.text`) for a reader: "ja", "03.12.2026", "1.234,50", "+49 89 123456".

    `kind` None: the company no longer asks this; what is plainly a yes, a no or a day is still said as one.
    What does not fit its kind, because the question was another one then, is shown as it stands.
    """
    if kind is FieldKind.YESNO or (kind is None and stored in {"yes", "no"}):
        return _yes_no(stored, writing)
    if kind is FieldKind.DATE or (kind is None and re.fullmatch(r"\d{4}-\d\d-\d\d", stored)):
        day = read_date(stored)
        return writing.date(day) if day else stored
    if kind is FieldKind.NUMBER:
        number = read_number(stored) if re.fullmatch(r"[+-]?\d+(\.\d+)?", stored) else None
        return stored if number is None else _number(stored, number, writing.number)
    if kind is FieldKind.PHONE:
        return international(stored)
    return stored


def answers(
    asked: Iterable[NoteField], stored: Iterable[tuple[str, str]], writing: Writing
) -> Iterator[tuple[str, str]]:
    """Question and answer, in the order of asking; answers to questions of former days come last, of retired
    ones under their names."""
    given = dict(stored)
    for field in sorted(asked, key=lambda one: one.retired):
        if text := given.pop(field.key, ""):
            yield field.label, shown(field.kind, text, writing)
    for key, text in given.items():
        if text:
            yield key, shown(None, text, writing)


def typed(kind: FieldKind, stored: str) -> str:
    """As it would be typed again, for a form: yes/no and choices as the form names them."""
    return (
        stored
        if kind in {FieldKind.YESNO, FieldKind.CHOICE, FieldKind.TEXT, FieldKind.LONG}
        else shown(kind, stored, _TYPED)
    )


def _yes_no(stored: str, writing: Writing) -> str:
    said = read_yes_no(stored)
    return stored if said is None else writing.yes if said else writing.no


def _number(stored: str, number: Decimal, written: Callable[[Decimal], str]) -> str:
    """Thousands are parted only before a fraction: 1234.50 is an amount, 471100 may be a customer number."""
    if number == number.to_integral_value() and "." not in stored:
        return stored.removeprefix("+")
    return written(number)


def _typed_number(number: Decimal) -> str:
    return f"{number:,f}".translate(str.maketrans(",.", ".,"))


_TYPED = Writing("ja", "nein", lambda day: f"{day:%d.%m.}{day.year:04}", _typed_number)
"""As `rules.notes.note_fields` reads it again, whoever types."""
