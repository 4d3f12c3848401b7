"""A table as XLSX, written row by row in a `limited_process`, since compressing would hold the calls.

The first line on the process's standard input has title and head, each further one a row; the file comes out.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import IO

import msgspec
import xlsxwriter
from aiohttp import web

from pbx_bridge import limited_process
from pbx_bridge.errors import TooMuchError
from pbx_bridge.time_slices import gently
from pbx_bridge.web.kit.sent_file import send_file

LIMITS = limited_process.Limits(seconds=120)
CLOSE_SECONDS = 3 * LIMITS.seconds
_encode = msgspec.json.Encoder().encode

Row = Sequence[str | int]


class Book:
    """Where rows go."""

    def __init__(self, child: Process) -> None:
        assert child.stdin is not None
        self._stdin = child.stdin

    async def add(self, rows: Iterable[Row]) -> None:
        """Append rows; texts stay texts, numbers are numbers. Raises TooMuchError when it was too much."""
        lines = [_encode(row) async for row in gently(rows)]
        try:
            self._stdin.write(b"\n".join(lines) + b"\n")
            await self._stdin.drain()
        except ConnectionError as error:
            raise TooMuchError from error


@contextlib.asynccontextmanager
async def workbook(
    file: IO[bytes], title: str, head: Sequence[str], widths: Sequence[int]
) -> AsyncIterator[Book]:
    """A workbook in `file`, complete when the block has ended. Raises TooMuchError when it was too much."""
    async with limited_process.process(__name__, limits=LIMITS, stdout=file) as child:
        book = Book(child)
        await book.add([[title[:31], *widths], list(head)])
        yield book
        assert child.stdin is not None
        child.stdin.close()
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                failed = await child.wait()
        except TimeoutError as error:
            raise TooMuchError from error
        if failed:
            raise TooMuchError


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def send_workbook(
    request: web.Request,
    name: str,
    title: str,
    head: Sequence[str],
    widths: Sequence[int],
    batches: AsyncIterator[Iterable[Row]],
) -> web.StreamResponse:
    """A workbook that is saved under `name`, which waits on disk, not in memory."""
    with tempfile.TemporaryFile() as file:
        async with workbook(file, title, head, widths) as book:
            async for batch in batches:
                await book.add(batch)
        return await send_file(request, file, name, XLSX)


def main(_arguments: Sequence[str]) -> None:
    """In the process."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(sys.stdout.buffer, options)
    lines = map(msgspec.json.decode, sys.stdin.buffer)
    title, *widths = next(lines)
    sheet = book.add_worksheet(title)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, next(lines), book.add_format({"bold": True}))
    for number, row in enumerate(lines, 1):
        sheet.write_row(number, 0, row, wrapped)
    book.close()
    sys.stdout.flush()
