"""Tables from files that customers send; what is not small is read in a `limited_process`.

The text on its standard input; out come the header and then the rows, a line of JSON each, or what is wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec

from pbx_bridge import limited_process
from pbx_bridge.errors import Refused
from pbx_bridge.garbage import goes_gently
from pbx_bridge.time_slices import emptied, gently
from rules.fault import Fault
from rules.files.csv_text import CsvLine, Table, delimiter_of, table

SMALL = 10_000
"""Signs that are read at once: it takes less time than to begin a process."""
LIMITS = limited_process.Limits(seconds=10)

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


async def read(text: str, knows: Callable[[str], bool]) -> Table | Fault:
    """The table in a text; faults as in `rules.files.csv_text.table`."""
    delimiter = delimiter_of(text, knows)
    if len(text) <= SMALL:
        return table(text, delimiter)
    out = await limited_process.done(__name__, delimiter, limits=LIMITS, data=text.encode())
    if isinstance(out, Refused):
        return Fault("", "csv_unreadable")
    found = [_decode(line) async for line in gently(_lines(out))]
    if "code" in found[0]:
        return Fault("", found[0]["code"], found[0]["params"])
    rows = [CsvLine(number, tuple(cells)) async for number, cells in gently(islice(found, 1, None))]
    read_all = Table(tuple(found[0]["header"]), tuple(rows))
    goes_gently(read_all, rows)
    await emptied(found)
    return read_all


def _lines(out: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(out):
        end = out.index(b"\n", at)
        yield out[at:end]
        at = end + 1


def main(arguments: Sequence[str]) -> None:
    """In the process."""
    for line in _told(table(sys.stdin.buffer.read().decode(), *arguments)):
        sys.stdout.buffer.write(_encode(line) + b"\n")
    sys.stdout.flush()


def _told(found: Table | Fault) -> Iterator[Any]:
    if isinstance(found, Fault):
        yield {"code": found.code, "params": dict(found.params)}
        return
    yield {"header": found.header}
    for line in found.lines:
        yield line.number, line.cells
