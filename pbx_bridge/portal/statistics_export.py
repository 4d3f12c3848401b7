"""The list as a file: CSV that a German Excel opens right, and XLSX; no cell is ever taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO
from zoneinfo import ZoneInfo

import xlsxwriter

from pbx_bridge.portal.moments import Translate
from pbx_bridge.storage.statistics import ListedCall
from rules.model import Customer
from rules.phone_numbers import international

COLUMNS = (
    *("date", "time", "line", "number", "vip", "name", "company", "callback", "concern", "recipients"),
    *("result", "waited", "seconds", "urgent"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDTHS = (11, 8, 19, 19, 6, 24, 24, 19, 60, 30, 18, 10, 10, 8)


class Sheet:
    """Makes rows of calls, in the words of `t` and on the customer's clock."""

    def __init__(self, t: Translate, customer: Customer) -> None:
        self._t, self._zone = t, ZoneInfo(customer.zone)
        self.head = tuple(t(f"statistics.export.{column}") for column in COLUMNS)
        self._yes, self._no = t("statistics.yes"), t("statistics.no")

    def rows(self, calls: Iterable[ListedCall]) -> Iterator[tuple[str | int, ...]]:
        """In the order of `COLUMNS`; numbers as people write them, durations in seconds."""
        for call in calls:
            local = call.arrived_at.astimezone(self._zone)
            end = call.ended_at if call.answered_at else None
            yield (
                f"{local:%Y-%m-%d}",
                f"{local:%H:%M:%S}",
                international(call.line_number),
                international(call.caller_number) if call.caller_number else "",
                self._yes if call.vip else self._no,
                call.caller_name or call.signalled_name,
                call.caller_company,
                international(call.callback_number) if call.callback_number else "",
                "\n".join(text for text in (*call.earlier, call.concern) if text),
                ", ".join(call.recipients),
                self._t(f"statistics.result.{call.result.value}"),
                round((call.answered_at - call.arrived_at).total_seconds()) if call.answered_at else "",
                round((end - call.answered_at).total_seconds()) if end and call.answered_at else "",
                self._yes if call.urgent else self._no,
            )


def csv_text(rows: Iterable[Sequence[str | int]]) -> str:
    """Lines for Excel: semicolons, and an apostrophe before whatever it would calculate."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    return written.getvalue()


class Workbook:
    """An XLSX that is written row by row into `file`, so that any number of calls needs little memory."""

    def __init__(self, file: BinaryIO, title: str, head: Sequence[str]) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(file, options)
        self._sheet = self._book.add_worksheet(title[:31])
        self._wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})
        for column, width in enumerate(_WIDTHS):
            self._sheet.set_column(column, column, width)
        self._sheet.freeze_panes(1, 0)
        self._sheet.write_row(0, 0, head, self._book.add_format({"bold": True}))
        self._next = 1

    def add(self, rows: Iterable[Sequence[str | int]]) -> None:
        """Append rows; texts stay texts, numbers are numbers."""
        for row in rows:
            self._sheet.write_row(self._next, 0, row, self._wrapped)
            self._next += 1

    def close(self) -> None:
        """Only now the file is complete."""
        self._book.close()


def _harmless(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
