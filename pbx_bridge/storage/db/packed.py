"""Any number of values as JSON arrays with a value in each line: written and read in short turns."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Text, cast
from sqlalchemy.types import UserDefinedType

from pbx_bridge.time_slices import gently

BLOCK = 500
"""Values in one text: a text of ten megabytes takes long to be joined, handed on and read."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class JsonText(UserDefinedType[str]):
    """A column of JSON whose text goes in and comes out as it is: taking a large one apart at once would hold
    the loop, also in a thread."""

    cache_ok = True
    render_bind_cast = True

    def get_col_spec(self, **_kw: Any) -> str:
        return "JSON"

    def column_expression(self, column: Any) -> Any:
        """PostgreSQL's driver takes JSON apart by itself."""
        return cast(column, Text)


async def packed(values: Iterable[Any], block: int = BLOCK) -> list[str]:
    """The texts, at least one, with up to `block` values each."""
    texts, lines = list[str](), list[str]()
    async for value in gently(values):
        lines.append(_encode(value).decode())
        if len(lines) == block:
            texts.append(_joined(lines))
            lines.clear()
    return [*texts, _joined(lines)] if lines or not texts else texts


async def unpacked(text: str) -> AsyncIterator[Any]:
    """The values of one of them."""
    async for line in gently(_lines(text)):
        yield _decode(line)


def _joined(lines: Sequence[str]) -> str:
    between = ",\n"
    return f"[\n{between.join(lines)}\n]" if lines else "[]"


def _lines(text: str) -> Iterator[str]:
    """Without the brackets around and the commas between; a value itself has no line breaks."""
    at = text.find("\n") + 1
    while at:
        end = text.find("\n", at)
        if end < 0:
            return
        yield text[at:end].removesuffix(",")
        at = end + 1
