"""The first table of an Excel workbook (.xlsx) as text. Runs in a `limited_process`.

Only what a list needs: texts, numbers as they are stored, yes and no. A file that would unpack to more than
it should, or that declares entities, is refused.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath
from xml.parsers import expat

from pbx_bridge import limited_process
from pbx_bridge.errors import Refused
from rules.fault import Fault
from rules.files.csv_text import LONGEST_CELL, MOST_CELLS, MOST_ROWS, NEW_LINE
from rules.files.csv_text import plain_rows as rendered

MOST_BYTES = 60_000_000
"""Unpacked, of all parts that are read."""
LIMITS = limited_process.Limits(seconds=15)
_PARTS = 1_000
_WRITTEN = re.compile(r"_x((?:[0-9A-Ca-cE-Fe-f][0-9A-Fa-f]|[Dd][0-7])[0-9A-Fa-f]{2})_")
"""A character, but for halves of one."""


class _TooMuchError(Exception):
    pass


async def read(data: bytes) -> str | Fault:
    """The text of a table; faults: xlsx_unreadable, xlsx_too_much."""
    out = await limited_process.done(__name__, limits=LIMITS, data=data)
    if isinstance(out, Refused):
        return Fault("", "xlsx_too_much")
    code, _, text = out.partition(b"\n")
    return text.decode() if code == b"ok" else Fault("", code.decode())


def main(_arguments: Sequence[str]) -> None:
    """In the process."""
    try:
        answer = "ok\n" + rendered(rows(sys.stdin.buffer.read()))
    except _TooMuchError:
        answer = "xlsx_too_much"
    except (
        zipfile.BadZipFile,
        expat.ExpatError,
        LookupError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        EOFError,
        OSError,
    ):
        answer = "xlsx_unreadable"
    sys.stdout.buffer.write(answer.encode())


def rows(data: bytes) -> Iterator[list[str]]:
    """The rows of the first sheet that can be seen and is not empty; rows that are left out come empty."""
    book = _Book(data)
    texts = book.texts()
    for part in book.sheets():
        found = _Sheet(texts)
        book.parse(part, found.begin, found.end, found.text)
        if found.rows:
            last = max(found.rows)
            yield from (found.rows.get(number, []) for number in range(1, last + 1))
            return


class _Book:
    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._names = set(self._zip.namelist())
        if len(self._names) > _PARTS:
            raise _TooMuchError
        if "xl/workbook.xml" not in self._names:
            raise KeyError("xl/workbook.xml")
        self._left = MOST_BYTES

    def parse(
        self,
        part: str,
        begin: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """One part, as it unpacks."""
        parser = expat.ParserCreate()
        parser.buffer_text = True

        def refuse(*_declared: object) -> None:
            raise ValueError("a document type")

        parser.StartDoctypeDeclHandler = refuse
        parser.StartElementHandler = lambda name, given: begin(name.rpartition(":")[2], given)
        if end is not None:
            finish = end
            parser.EndElementHandler = lambda name: finish(name.rpartition(":")[2])
        if text is not None:
            parser.CharacterDataHandler = text
        with self._zip.open(part) as file:
            while chunk := file.read(65_536):
                self._left -= len(chunk)
                if self._left < 0:
                    raise _TooMuchError
                parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def sheets(self) -> list[str]:
        """The parts of all sheets that can be seen, in their order."""
        wanted: list[str] = []
        parts: dict[str, str] = {}

        def sheet(name: str, given: dict[str, str]) -> None:
            if name == "sheet" and given.get("state", "visible") == "visible":
                wanted.append(next((value for key, value in given.items() if key.endswith(":id")), ""))

        def relation(name: str, given: dict[str, str]) -> None:
            if name == "Relationship":
                target = given.get("Target", "")
                path = target[1:] if target.startswith("/") else str(PurePosixPath("xl") / target)
                parts[given.get("Id", "")] = path

        self.parse("xl/workbook.xml", sheet)
        self.parse("xl/_rels/workbook.xml.rels", relation)
        return [parts[one] for one in wanted if parts.get(one) in self._names]

    def texts(self) -> list[str]:
        """The texts that cells point to."""
        found: list[str] = []
        if "xl/sharedStrings.xml" not in self._names:
            return found
        words = _Words()

        def end(name: str) -> None:
            words.end(name)
            if name == "si":
                found.append(words.taken())

        self.parse("xl/sharedStrings.xml", words.begin, end, words.text)
        return found


class _Words:
    """The text of <t>, without how it is spoken (<rPh>)."""

    def __init__(self) -> None:
        self._open = self._spoken = False
        self._pieces: list[str] = []

    def begin(self, name: str, _given: dict[str, str]) -> None:
        self._spoken |= name == "rPh"
        self._open = name == "t" and not self._spoken

    def end(self, name: str) -> None:
        self._open = False
        self._spoken &= name != "rPh"

    def text(self, text: str) -> None:
        if self._open:
            self._pieces.append(text)

    def taken(self) -> str:
        found = _unwritten("".join(self._pieces))
        self._pieces.clear()
        return found


class _Sheet:
    """The cells of a sheet by row."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.rows: dict[int, list[str]] = {}
        self._texts, self._words = texts, _Words()
        self._row = self._column = 0
        self._kind, self._is_value, self._value = "", False, ""

    def begin(self, name: str, given: dict[str, str]) -> None:
        self._words.begin(name, given)
        if name == "row":
            self._row, self._column = int(given.get("r", self._row + 1)), 0
            if self._row > 50 * MOST_ROWS:
                raise _TooMuchError
        elif name == "c":
            self._column = _column(given["r"]) if "r" in given else self._column + 1
            self._kind, self._value = given.get("t", "n"), ""
        self._is_value = name == "v"

    def end(self, name: str) -> None:
        self._words.end(name)
        self._is_value = False
        if name == "c":
            self._cell()

    def text(self, text: str) -> None:
        self._words.text(text)
        if self._is_value:
            self._value += text

    def _cell(self) -> None:
        inline = self._words.taken()
        match self._kind:
            case "s":
                text = self._texts[int(self._value)] if self._value else ""
            case "inlineStr":
                text = inline
            case "b":
                text = {"1": "ja", "0": "nein"}.get(self._value, "")
            case "n":
                text = _number(self._value)
            case _:
                text = _unwritten(self._value)
        if not text.strip():
            return
        if self._column > MOST_CELLS or len(text) > LONGEST_CELL or len(self.rows) > MOST_ROWS + 1:
            raise _TooMuchError
        cells = self.rows.setdefault(self._row, [])
        cells += [""] * (self._column - len(cells))
        cells[self._column - 1] = NEW_LINE.join(text.splitlines())


def _unwritten(text: str) -> str:
    """Without the way in which XML has to write what it cannot hold: "_x000D_" is the end of a line."""
    return _WRITTEN.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _column(reference: str) -> int:
    number = 0
    for char in reference:
        if not char.isalpha():
            break
        number = number * 26 + ord(char.upper()) - 64
    return number if 0 < number < 20_000 else MOST_CELLS + 1


def _number(text: str) -> str:
    """As somebody would type it: whole numbers without exponent."""
    try:
        value = float(text)
    except ValueError:
        return text
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else text
