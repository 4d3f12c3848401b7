"""Tables made to keep us busy: no row is read much further than a row may be long."""

from __future__ import annotations

import pytest

from rules.fault import Fault
from rules.files.csv_text import LONGEST_CELL, LONGEST_ROW, MOST_CELLS, MOST_ROWS, Table, parse

HEAD = "Name;Position\n"


def read(text: str) -> Table | Fault:
    return parse(text, lambda header: header in ("Name", "Position"))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (";".join("x" * (MOST_CELLS + 1)), 1),
        ("sep=;\r\n" + HEAD + "a;" * MOST_CELLS + "b", 3),
        (HEAD + "a;b\n" + "x" * (LONGEST_CELL + 1), 3),
        (HEAD + "\n\n" + '"' + "x\n" * LONGEST_CELL + '";b\n', 4),
        (HEAD + "a;b\n" + '"a\n";' * LONGEST_ROW + "\n", 3),
        (HEAD + '"a;b\n' + "c;d\n" * LONGEST_ROW, 2),
        (HEAD + "a" * (LONGEST_ROW + 1), 2),
        ("Name," * 10 + "x," * MOST_CELLS, 1),
        ("\t".join("x" * (LONGEST_ROW // 2 + 1)), 1),
    ],
)
def test_a_row_that_is_too_long_is_said_to_be(text: str, line: int) -> None:
    found = read(text)
    assert isinstance(found, Fault)
    assert (found.code, found.params["line"]) == ("csv_row_too_long", str(line))


def test_a_row_that_goes_on_is_not_read_on() -> None:
    """Whatever is behind a row that is too long may be as broken as it likes."""
    for more in ("", "x" * 1_000_000, '"\0'):
        assert read(HEAD + '"a\n";' * LONGEST_ROW + more) == read(HEAD + '"a\n";' * LONGEST_ROW)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (HEAD + "a;b" + ";" * 16_000 + "\n", 1),  # as Excel writes a sheet with a coloured column
        (HEAD + ";".join("x" * MOST_CELLS), 1),
        (HEAD + "x" * LONGEST_CELL, 1),
        (HEAD + "\n" * 100_000 + "a;b", 1),
        (HEAD + "a;b\n" * MOST_ROWS, MOST_ROWS),
        (HEAD + "a;b\n" * (MOST_ROWS + 1), MOST_ROWS + 1),
        (HEAD + "a;b\n" * (MOST_ROWS + 5_000), MOST_ROWS + 1),
        ("", 0),
    ],
)
def test_what_is_read(text: str, rows: int) -> None:
    found = read(text)
    assert isinstance(found, Table)
    assert len(found.lines) == rows
    assert all(len(line.cells) <= MOST_CELLS for line in found.lines)
