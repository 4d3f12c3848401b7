"""What a file would do to a list: the words that all lists share."""

from __future__ import annotations

from collections.abc import Collection, Generator
from dataclasses import dataclass
from typing import Generic, TypeVar

from rules.fault import Fault
from rules.files.csv_text import CsvLine, Table

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong in one line of the file."""

    line: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class Changed(Generic[Entry]):
    """Something of which the file says something else; `fields` in the order of the file's headers."""

    line: int
    before: Entry
    after: Entry
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, weakref_slot=True)
class ImportPlan(Generic[Entry]):
    """What the file would do. With any fault nothing is done. `ignored`: columns that mean nothing to us."""

    new: tuple[Entry, ...] = ()
    changed: tuple[Changed[Entry], ...] = ()
    unchanged: int = 0
    missing: tuple[Entry, ...] = ()
    faults: tuple[LineFault, ...] = ()
    ignored: tuple[str, ...] = ()


Reading = Generator[int, None, ImportPlan[Entry]]
"""`Steps` that say how many of all they are."""


def broken(table: Table, columns: Collection[str], most: int) -> Fault | None:
    """What is wrong with a file as a whole: csv_{column_twice,empty,too_many}. Unknown columns are ""."""
    known = [name for name in columns if name]
    twice = next((name for name in known if known.count(name) > 1), "")
    if twice:
        return Fault(twice, "csv_column_twice")
    if not table.lines:
        return Fault("", "csv_empty")
    return Fault("", "csv_too_many", {"max": str(most)}) if len(table.lines) > most else None


def ignored(table: Table, columns: Collection[str]) -> tuple[str, ...]:
    """Headers that mean nothing to us."""
    return tuple(header for header, name in zip(table.header, columns, strict=True) if header and not name)


def overflows(line: CsvLine, columns: Collection[str]) -> bool:
    """Texts beyond the last column: most likely a separator within a text."""
    return any(cell.strip() for cell in line.cells[len(columns) :])
