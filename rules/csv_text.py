"""Tables as text files that German Excel opens right and that come back as they went, formulas disarmed."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

BOM = "\ufeff"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
_DISARMED = re.compile(r"'+[=+\-@\t\r]")
_DELIMITERS = ";,\t"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of cells and the line of the file it begins in, from 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Header and rows; empty rows are left out."""

    header: tuple[str, ...]
    lines: tuple[Line, ...]


def decode(data: bytes) -> str | None:
    """Text of UTF-8 (with or without BOM), UTF-16 with BOM, or Windows-1252; None when it is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _as("utf-16", data)
    return next((text for code in ("utf-8-sig", "cp1252") if (text := _as(code, data)) is not None), None)


def _as(encoding: str, data: bytes) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def parse(text: str, knows: Callable[[str], bool]) -> Table | None:
    """The table in a text with `;`, `,` or tabs between cells: that which yields most headers that `knows`.

    Apostrophes that `render` put before a formula are gone again. None when the file is broken.
    """
    body = re.sub(r"\Asep=.[\r\n]+", "", text.removeprefix(BOM))
    skipped = text.removeprefix(BOM)[: len(text.removeprefix(BOM)) - len(body)].count("\n")

    def known(delimiter: str) -> int:
        header = next(csv.reader(_LINE.findall(body[:4000]), delimiter=delimiter), [])
        return sum(knows(cell) for cell in header)

    try:
        rows = list(_numbered(body, max(_DELIMITERS, key=known), skipped))
    except csv.Error:
        return None
    filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
    return Table(filled[0].cells, tuple(filled[1:])) if filled else Table((), ())


def _numbered(text: str, delimiter: str, skipped: int) -> Iterable[Line]:
    reader = csv.reader(_LINE.findall(text), delimiter=delimiter)
    begins = skipped + 1
    for row in reader:
        yield Line(begins, tuple(arm(cell) for cell in row))
        begins = skipped + reader.line_num + 1


def render(rows: Iterable[Sequence[str]]) -> str:
    """The text of a file: BOM, `;`, CR LF, quotes where needed, nothing that Excel would calculate."""
    return "".join(rendered(rows))


def rendered(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The same in pieces, a row each."""
    lines = _Lines()
    writer = csv.writer(lines, delimiter=";")
    yield BOM
    for row in rows:
        writer.writerow([disarm(cell) for cell in row])
        yield lines.pop()


class _Lines(list[str]):
    """What csv.writer writes to."""

    write = list.append


def disarm(cell: str) -> str:
    """An apostrophe before what Excel would take for a formula; `arm` takes it away again."""
    return f"'{cell}" if _DANGEROUS.match(cell) else cell


def arm(cell: str) -> str:
    """The cell as it was before `disarm`."""
    return cell[1:] if _DISARMED.match(cell) else cell
