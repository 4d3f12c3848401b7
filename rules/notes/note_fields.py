"""What is asked in every call and what a customer adds: typed values, or all that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules.model import FieldKind, NoteField
from rules.text.phone_numbers import ascii_digits, is_two, lacks_area, to_e164

NAME, COMPANY, CALLBACK, CONCERN = "name", "company", "callback_number", "concern"

STANDARD_FIELDS = (
    NoteField(NAME, NAME, required=True),
    NoteField(COMPANY, COMPANY),
    NoteField(CALLBACK, CALLBACK, FieldKind.PHONE),
    NoteField(CONCERN, CONCERN, required=True),
)
"""Asked in every call. Their labels are keys of the message catalogues."""

MAX_LENGTH = {NAME: 120, COMPANY: 120, CONCERN: 4000}
MAX_OWN_LENGTH = 500
MAX_OWN_LONG = 4000
RESERVED = frozenset(
    {NAME, COMPANY, CALLBACK, CONCERN, "callback", "callback_by", "message_to_caller", "recipients"}
)
"""Names that the form of a note has already."""
_KEY = re.compile(r"[a-z][a-z0-9_]*")


class FieldFault(StrEnum):
    """What is wrong with a value."""

    REQUIRED = "required"
    TOO_LONG = "too_long"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DATE = "not_a_date"
    NOT_A_CHOICE = "not_a_choice"
    NOT_YES_OR_NO = "not_yes_or_no"
    NOT_A_PHONE = "not_a_phone"
    TWO_PHONES = "two_phones"
    UNKNOWN_FIELD = "unknown_field"


@dataclass(frozen=True, slots=True)
class FieldError:
    """`code` is a `FieldFault`; `params` fill its text."""

    field: str
    code: FieldFault
    params: Mapping[str, str] = attribute(default_factory=dict, hash=False)


Value = str | Decimal | date | bool


@dataclass(frozen=True, slots=True)
class Valid:
    """Typed values by field key; what was left empty is not in it."""

    values: Mapping[str, Value]

    def text(self, key: str) -> str:
        """As it is stored and sent: E.164, ISO date, "yes" or "no", a point in decimals; "" when empty."""
        value = self.values.get(key, "")
        if isinstance(value, bool):
            return "yes" if value else "no"
        return format(value, "f") if isinstance(value, Decimal) else str(value)


def validate(
    own_fields: tuple[NoteField, ...],
    values: Mapping[str, str],
    region: str = "DE",
    *,
    put_through: bool = False,
) -> Valid | tuple[FieldError, ...]:
    """Read what was typed into the standard fields and the customer's own; all errors at once.

    `put_through`: the employee has taken the call, so only the caller's name must be there. A retired field
    need not be filled in; who corrects an old note has its answer.
    """
    typed: dict[str, Value] = {}
    errors: list[FieldError] = []
    own = (replace(one, required=one.required and not one.retired) for one in own_fields)
    fields: tuple[NoteField, ...] = (*STANDARD_FIELDS, *own)
    if put_through:
        fields = tuple(replace(asked, required=asked.key == NAME) for asked in fields)
    for asked in fields:
        value = _read(asked, values.get(asked.key, "").strip(), region)
        if isinstance(value, FieldError):
            errors.append(value)
        elif value is not None:
            typed[asked.key] = value
    unknown = sorted(values.keys() - {asked.key for asked in fields})
    errors += [FieldError(key, FieldFault.UNKNOWN_FIELD) for key in unknown]
    return tuple(errors) or Valid(typed)


def _read(asked: NoteField, text: str, region: str) -> Value | FieldError | None:
    """One typed value, None when it was left empty, or what is wrong with it."""
    if not text:
        return FieldError(asked.key, FieldFault.REQUIRED) if asked.required else None
    longest = MAX_LENGTH.get(asked.key, MAX_OWN_LONG if asked.kind is FieldKind.LONG else MAX_OWN_LENGTH)
    if len(text) > longest:
        params = {"max": str(longest), "length": str(len(text))}
        return FieldError(asked.key, FieldFault.TOO_LONG, params)
    if asked.kind in {FieldKind.TEXT, FieldKind.LONG}:
        return text
    if asked.kind is FieldKind.CHOICE:
        return _choice(asked, text)
    if asked.kind is FieldKind.PHONE:
        fault = FieldFault.TWO_PHONES if is_two(text) else FieldFault.NOT_A_PHONE
        number = "" if lacks_area(text, region) else to_e164(text, region)
        return number or FieldError(asked.key, fault)
    read, fault = _READERS[asked.kind]
    value = read(ascii_digits(text))
    return FieldError(asked.key, fault) if value is None else value


def _choice(asked: NoteField, text: str) -> Value | FieldError:
    chosen = next((choice for choice in asked.choices if choice.casefold() == text.casefold()), None)
    return chosen or FieldError(asked.key, FieldFault.NOT_A_CHOICE, {"choices": ", ".join(asked.choices)})


def fits(asked: NoteField, text: str, region: str = "DE") -> bool:
    """Whether the answer would be taken as it is."""
    return not isinstance(_read(asked, text.strip(), region), FieldError)


def is_key(text: str) -> bool:
    """Whether a field of a customer may be stored under it."""
    return _KEY.fullmatch(text) is not None and text not in RESERVED


def choices_fit(asked: NoteField) -> bool:
    """Whether there is something to choose from where it is a choice, and nowhere else."""
    return (asked.kind is FieldKind.CHOICE) == bool(asked.choices)


def read_number(text: str) -> Decimal | None:
    """ "1.234,5", "1234,5" and "1234.5" are the same number; "1.234" is German and means a thousand."""
    bare = text.replace(" ", "").replace("'", "")
    if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?", bare):
        bare = bare.replace(".", "")
    bare = bare.replace(",", ".")
    return Decimal(bare) if re.fullmatch(r"[+-]?\d{1,18}(\.\d{1,9})?", bare) else None


def read_date(text: str) -> date | None:
    """ "27.11.2026", "27.11.26" and "2026-11-27"; None for what is no day of the calendar."""
    iso = re.fullmatch(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", text)
    parts = iso or re.fullmatch(r"(?P<d>\d{1,2})\.\s*(?P<m>\d{1,2})\.\s*(?P<y>\d{4}|\d{2})", text)
    if not parts:
        return None
    year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
    try:
        return date(year, int(parts["m"]), int(parts["d"]))
    except ValueError:
        return None


def read_yes_no(text: str) -> bool | None:
    """Ja and nein, yes and no, and what check boxes send."""
    word = text.casefold()
    return True if word in _YES else False if word in _NO else None


_YES = frozenset({"ja", "j", "yes", "y", "true", "wahr", "on", "1", "x"})
_NO = frozenset({"nein", "n", "no", "false", "falsch", "off", "0"})
_READERS: Mapping[FieldKind, tuple[Callable[[str], Value | None], FieldFault]] = {
    FieldKind.NUMBER: (read_number, FieldFault.NOT_A_NUMBER),
    FieldKind.DATE: (read_date, FieldFault.NOT_A_DATE),
    FieldKind.YESNO: (read_yes_no, FieldFault.NOT_YES_OR_NO),
}
