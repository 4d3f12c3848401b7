"""Which column of a file means which field: our own headers, then those that other programs write."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from rules.files.csv_text import CsvLine, Table
from rules.text.email import bare_email, is_email
from rules.text.names import fold, is_title
from rules.text.phone_numbers import to_e164

GIVEN, FAMILY, TITLE = "given", "family", "title"
NAME_PARTS: Mapping[str, tuple[str, ...]] = {
    GIVEN: ("Vorname", "First name", "Given name", "Rufname"),
    FAMILY: ("Nachname", "Last name", "Family name", "Familienname", "Surname", "Zuname"),
    TITLE: ("Titel", "Akademischer Titel", "Anrede", "Title", "Name prefix"),
}
"""A name in several columns."""
_NOTHING = {"", "-", "mr", "mr.", "mrs", "mrs.", "ms", "ms.", "miss", "firma", "divers"}
"""Beside names they say nothing that we would say: Herr and Frau we would."""


class FileLanguage(StrEnum):
    """In which our files are written, in the order of a field's `headers` and `words`; both are read. Other
    programs know the columns by these names, so they are not those of the reader's language."""

    DE = "de"
    EN = "en"

    @property
    def at(self) -> int:
        """The place in such a pair."""
        return 0 if self is FileLanguage.DE else 1


@dataclass(frozen=True, slots=True)
class Columns:
    """`headers`: ours, German and English; `others`: of other programs, the best first; `needed`: without
    them there is no list."""

    headers: Mapping[str, tuple[str, str]]
    others: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]

    def of(self, header: str) -> str:
        """The field that a header means, however spelled; "" for none."""
        own = bare(header)
        for known in (self.headers, self.others, NAME_PARTS):
            for name, words in known.items():
                if own and any(own == _ours(word) for word in (*words, name)):
                    return name
        return ""

    def match(self, header: Sequence[str]) -> list[str]:
        """Each column's field, "" for none: our own headers first, then of all that others mean by a field
        the one that says it best. Our own header twice stays twice."""
        ours = {bare(word): name for name, words in self.headers.items() for word in (*words, name)}
        found = [ours.get(bare(cell), "") for cell in header]
        bares = [bare(cell) for cell in header]
        for name, words in (*self.others.items(), *NAME_PARTS.items()):
            at = next((bares.index(bare(word)) for word in words if bare(word) in bares), None)
            if at is not None and name not in found and not found[at]:
                found[at] = name
        return found

    def lacking(self, columns: Sequence[str]) -> tuple[str, ...]:
        """What is needed and has no column; a family name is a name."""
        return tuple(
            name for name in self.needed if name not in columns and not (name == "name" and FAMILY in columns)
        )


def bare(header: str) -> str:
    """Letters and digits, folded: "E-Mail", "e mail" and "Zustaendigkeit" are found."""
    return "".join(char for char in fold(header) if char.isalnum())


@functools.cache
def _ours(word: str) -> str:
    """`bare` of a word of these lists, once: there are many, and a table has many headers."""
    return bare(word)


def is_entry(header: Sequence[str]) -> bool:
    """Whether the first row of a table is nobody's idea of a header: an address or a number stands in it."""
    return any(is_email(bare_email(cell)) or bool(to_e164(cell)) for cell in header)


def samples(table: Table) -> list[tuple[str, list[str]]]:
    """Each column's header with the first texts below it."""
    rows = [line.cells for line in table.lines[:50]]
    texts = (
        [cells[at][:80] for cells in rows if at < len(cells) and cells[at]] for at in range(len(table.header))
    )
    return [(header, found[:3]) for header, found in zip(table.header, texts, strict=True)]


def whole_names(table: Table, columns: Sequence[str]) -> tuple[Table, list[str]]:
    """The table with given and family name in one column more, if they stand in columns of their own."""
    names = list(columns)
    parts = {name: names.index(name) for name in NAME_PARTS if name in names}
    plain = ["" if name in NAME_PARTS else name for name in names]
    if "name" in names or FAMILY not in parts:
        return table, plain
    lines = tuple(_with_name(line, parts, len(names)) for line in table.lines)
    return replace(table, header=(*table.header, ""), lines=lines), [*plain, "name"]


def left_out(table: Table, columns: Sequence[str]) -> tuple[str, ...]:
    """The header of a column of titles of which something is not kept: a "Sales Manager"; Herr and Frau, by
    whom nobody is greeted then; all of it beside names in one column, unless they begin with it."""
    if TITLE not in columns:
        return ()
    at, named = columns.index(TITLE), columns.index("name") if "name" in columns else None
    texts = {(_cell(line, at), "" if named is None else _cell(line, named)) for line in table.lines}
    lost = any(_lost(text, name, apart=named is None) for text, name in texts)
    return (table.header[at],) if lost else ()


def _cell(line: CsvLine, at: int) -> str:
    return line.cells[at].strip() if at < len(line.cells) else ""


def _lost(text: str, name: str, *, apart: bool) -> bool:
    if apart:
        return not _title(text) and text.casefold() not in _NOTHING
    return text.casefold() not in _NOTHING and text.casefold() not in name.casefold()


@functools.lru_cache(maxsize=1024)
def _title(text: str) -> str:
    """What of a column of titles belongs to a name: all of "Frau Dr.", nothing of "Frau"."""
    words = text.split()
    known = any(is_title(word) or is_title(f"{word}.") for word in words)
    return text if known or any(part in text.casefold() for part in ("dr.", "prof", "dipl")) else ""


def _with_name(line: CsvLine, parts: Mapping[str, int], width: int) -> CsvLine:
    def cell(name: str) -> str:
        at = parts.get(name, width)
        return line.cells[at].strip() if at < min(len(line.cells), width) else ""

    name = " ".join(part for part in (_title(cell(TITLE)), cell(GIVEN), cell(FAMILY)) if part)
    cells = (*line.cells[:width], *[""] * (width - len(line.cells)), name, *line.cells[width:])
    return CsvLine(line.number, cells)
