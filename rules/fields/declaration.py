"""What a declaration of a field says (docs/decisions/0030)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rules.fields.news_kind import NewsKind


class Kind(StrEnum):
    """What a field holds: decides its control, its column and how its text is read."""

    LINE = "line"
    """Text of one line."""
    TEXT = "text"
    """Text of any number of lines."""
    EMAIL = "email"
    EMAILS = "emails"
    """A tuple of addresses; rows of a table of their own."""
    TICK = "tick"
    NUMBER = "number"
    """A whole number within `Field.limits`, or None."""
    MOBILE = "mobile"
    """E.164."""
    PATTERN = "pattern"
    """E.164, or a block of numbers that ends in `*`."""
    EXTENSION = "extension"
    """Where we ring: E.164, or the digits of an internal one."""
    CHOICE = "choice"
    """A member of `Field.choices`."""
    PERSON = "person"
    """Id of an employee, or None."""
    WEEK = "week"
    """Weekly hours, or None."""
    MOMENT = "moment"
    """Local wall time; two columns: the time, and which of a repeated hour."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What agents hear when the field changes. `about`: its subject; `gone`: it is empty now."""

    about: str
    kind: NewsKind
    gone: NewsKind


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `name` stands in forms, faults and catalogues; the rest says what is special about it.

    `headers`: German and English column of our files, none: not in files; `others`: of other programs, the
    best first. `attribute` and `toml`: other names in the model (and its column) and in the operator's file.
    `missing`: fault of an empty one that is needed. `words` and `meant`: how a choice is written in files,
    and what else means it. `section` and `place`: where the form shows it, of one place as declared; no
    section: on another page. `rows`: of its control, where it has several.
    """

    name: str
    kind: Kind
    headers: tuple[str, str] | None = None
    others: tuple[str, ...] = ()
    attribute: str = ""
    toml: str = ""
    section: str = ""
    place: int = 0
    longest: int = 0
    rows: int = 3
    limits: tuple[int, int] = (0, 0)
    missing: str = ""
    default: str = ""
    choices: type[StrEnum] | None = None
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict, hash=False)
    meant: Mapping[str, str] = field(default_factory=dict, hash=False)
    only_with_put_through: bool = False
    notice: Notice | None = None

    @property
    def of_model(self) -> str:
        """The attribute of the dataclass, which is also the column."""
        return self.attribute or self.name

    @property
    def key(self) -> str:
        """The key in the operator's file."""
        return self.toml or self.name


def on_form(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Those that the form shows, as they are declared."""
    return tuple(one for one in fields if one.section)


def sections(fields: Iterable[Field]) -> dict[str, list[Field]]:
    """Those of each part of the form, in its order."""
    found: dict[str, list[Field]] = {}
    for one in sorted(on_form(fields), key=lambda one: one.place):
        found.setdefault(one.section, []).append(one)
    return found


def headers(fields: Iterable[Field]) -> dict[str, tuple[str, str]]:
    """The columns of our files; `id` is what finds an entry again whose name has changed."""
    named = {one.name: one.headers for one in fields if one.headers}
    return named | {"id": ("Kennung", "ID")}


def longest(fields: Iterable[Field]) -> dict[str, int]:
    """How many letters each may have, where there is a limit."""
    return {one.name: one.longest for one in fields if one.longest}


def noticed(fields: Iterable[Field]) -> tuple[tuple[Field, Notice], ...]:
    """Those whose changes agents hear of."""
    return tuple((one, one.notice) for one in fields if one.notice)
