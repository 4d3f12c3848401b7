"""Tables as text files that German Excel opens right and that come back as they went, formulas disarmed."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from rules.fault import Fault
from rules.files import csv_cells, csv_encoding
from rules.text.typed_text import lines

MOST_CELLS = 100
"""In a row, empty ones at its end aside."""
LONGEST_CELL = 10_000
LONGEST_ROW = 100_000
"""In signs: no more of one row is looked at."""
MOST_ROWS = 20_000
"""Below the header."""
MOST_TITLES = 5
"""Rows above it."""
_HEADERS, _LONGEST_HEADER = 30, 60
"""Cells in which a header is looked for, and signs that it has at most."""

BOM = "\ufeff"
NEW_LINE = "\u2028"
"""A break within a cell that is none of the file."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_OTHER = re.compile(r"\s{0,99}(?:<[!?a-z]|%PDF-|\{\\rtf|BEGIN:V)", re.IGNORECASE)
"""Pages, documents, cards: what opens in a spreadsheet program, or in none, and is no table as it stands."""
_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
_DISARMED = re.compile(r"'+[=+\-@\t\r]")
_DELIMITERS = ";,\t"


@dataclass(frozen=True, slots=True)
class CsvLine:
    """A row of cells and the line of the file it begins in, from 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Table:
    """Header and rows; empty rows are left out."""

    header: tuple[str, ...]
    lines: tuple[CsvLine, ...]


def decode(data: bytes) -> str | Fault:
    """Text of UTF-8, UTF-16, or what Windows, a Mac or DOS made of it before.

    Faults: csv_unreadable (no text), csv_encoding (it could be one thing or another).
    """
    encoding = "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif data[:400].count(0) > len(data[:400]) // 3:
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    try:
        text: str | None = data.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8-sig" or b"\0" in data:
            return Fault("", "csv_unreadable")
        text = csv_encoding.decoded(data)
    if text is None:
        return Fault("", "csv_encoding")
    return Fault("", "csv_unreadable") if "\0" in text or _OTHER.match(text) else text


def parse(text: str, knows: Callable[[str], bool]) -> Table | Fault:
    """The table in a text with `;`, `,` or tabs between cells: what yields most headers that `knows`."""
    return table(text, delimiter_of(text, knows))


def delimiter_of(text: str, knows: Callable[[str], bool]) -> str:
    """What stands between cells, from the beginning of the text."""
    body, _ = _body(text[:LONGEST_ROW])
    body = body.lstrip("\r\n")

    def known(delimiter: str) -> int:
        try:
            header = next(csv.reader(_LINE.findall(body[:4000]), delimiter=delimiter), [])
        except csv.Error:
            return 0
        return sum(knows(cell) for cell in header[:MOST_CELLS])

    return max(_DELIMITERS, key=known)


def without_title(text: str, knows: Callable[[str], bool]) -> str:
    """The same with empty lines for what stands above the header: the name of the list, a date.

    Where the first row says nothing that we know, the header is the first one below it, among a few, of which
    we know two cells, or all.
    """
    found = [_header(text, delimiter, knows) for delimiter in _DELIMITERS]
    known, at, lines = max(found, key=lambda one: one[0])
    body, skipped = _body(text)
    return "\n" * (skipped + lines) + body[at:] if known and at else text


def _header(text: str, delimiter: str, knows: Callable[[str], bool]) -> tuple[int, int, int]:
    """How many of its cells are known, where in the body it begins, and how many lines are above it."""
    feed = _Feed(_body(text[:LONGEST_ROW])[0], 0)
    reader = csv.reader(feed, delimiter=delimiter)
    rows, at, lines = 0, 0, 0
    with suppress(csv.Error, _RowError):
        for row in reader:
            cells = [cell for cell in row[:MOST_CELLS] if cell.strip()]
            known = sum(knows(cell) for cell in cells[:_HEADERS] if len(cell) <= _LONGEST_HEADER)
            if known >= (1 if rows == 0 else min(2, len(cells) or 1)):
                return known, at, lines
            rows += bool(cells)
            at, lines = feed.at, reader.line_num
            if rows > MOST_TITLES:
                break
    return 0, 0, 0


def table(text: str, delimiter: str) -> Table | Fault:
    """The table; apostrophes that `render` put before a formula are gone again.

    Of more than `MOST_ROWS` rows one more is read, so that whoever takes fewer can say so. Faults:
    csv_unreadable, csv_row_too_long, csv_quote, csv_formula.
    """
    rows: list[CsvLine] = []
    try:
        for row in _numbered(*_body(text), delimiter):
            if any(cell.strip() for cell in row.cells):
                rows.append(row)
            if len(rows) > MOST_ROWS + 1:
                break
    except csv.Error:
        return Fault("", "csv_unreadable")
    except _RowError as error:
        return error.fault
    return Table(rows[0].cells, tuple(rows[1:])) if rows else Table((), ())


def _body(text: str) -> tuple[str, int]:
    """Without what Excel writes before the header, and how many lines that is."""
    whole = text.removeprefix(BOM)
    body = re.sub(r"\Asep=.[\r\n]+", "", whole)
    return body, whole[: len(whole) - len(body)].count("\n")


class _RowError(Exception):
    def __init__(self, code: str, line: int, **said: str) -> None:
        super().__init__(code)
        self.fault = Fault("", code, {"line": str(line)} | said)


def _too_long(line: int) -> _RowError:
    return _RowError("csv_row_too_long", line, cells=str(MOST_CELLS), most=str(LONGEST_CELL))


class _Feed:
    """Lines for csv.reader, which would make one row of all of them if quotes said so: it is stopped."""

    def __init__(self, text: str, skipped: int) -> None:
        self._text, self.at = text, 0
        self.begins = skipped + 1
        self._taken = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        found = _LINE.match(self._text, self.at)
        if found is None:
            raise StopIteration
        self.at = found.end()
        self._taken += found.end() - found.start()
        if self._taken > LONGEST_ROW:
            raise _too_long(self.begins)
        return found.group()

    def row_ended(self, begins: int) -> None:
        """The next one begins in that line."""
        self.begins, self._taken = begins, 0


def _numbered(text: str, skipped: int, delimiter: str) -> Iterator[CsvLine]:
    feed = _Feed(text, skipped)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "end of data" in str(error) or "expected after" in str(error):
                raise _RowError("csv_quote", feed.begins) from None
            raise
        if not row:  # of an empty line; Excel saves a million of them
            feed.row_ended(skipped + reader.line_num + 1)
            continue
        more = any(cell.strip() for cell in row[MOST_CELLS:])
        if more or any(len(cell) > LONGEST_CELL for cell in row):
            raise _too_long(feed.begins)
        cells = [csv_cells.plain(cell) for cell in row[:MOST_CELLS]]
        if found := next((cell for cell in cells if cell.startswith("=")), ""):
            raise _RowError("csv_formula", feed.begins, found=found[:40])
        yield CsvLine(feed.begins, tuple(lines(arm(cell)) for cell in cells))
        feed.row_ended(skipped + reader.line_num + 1)


def with_header(text: str, delimiter: str, header: Sequence[str], *, above: bool = False) -> str:
    """The same text with another first row; every other row stays in its line. `above`: it comes above all
    rows, which move down by one line."""
    body, skipped = _body(text)
    feed = _Feed(body, skipped)
    reader = csv.reader(feed, delimiter=delimiter)
    next((row for row in reader if any(cell.strip() for cell in row)), None)
    lines = _Lines()
    csv.writer(lines, delimiter=delimiter, lineterminator="").writerow(header)
    if above:
        return lines.pop() + "\n" * (skipped + 1) + body
    return lines.pop() + "\n" * (skipped + reader.line_num) + body[feed.at :]


def plain_rows(rows: Iterable[Sequence[str]]) -> str:
    """Rows as a text that `table` reads, each in a line of its own; breaks within cells are `NEW_LINE`."""
    lines = _Lines()
    writer = csv.writer(lines, delimiter=";")
    for row in rows:
        writer.writerow(row)
    return "".join(lines)


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
