"""Tables as CSV that a German Excel opens right, in which no text of anybody is ever taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

MARK = "\ufeff"
"""Before the first line: by it Excel knows that the file is UTF-8."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class WrittenNumber(str):
    """A number that we have written ourselves, as "-5,00": it may begin with a minus."""

    __slots__ = ()


def csv_text(rows: Iterable[Sequence[str | int]]) -> str:
    """Lines for Excel: semicolons, and an apostrophe before whatever it would calculate."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    return written.getvalue()


def _harmless(cell: str | int) -> str | int:
    if not isinstance(cell, str) or isinstance(cell, WrittenNumber):
        return cell
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
